import ArgumentParser
import Bidual

/// How to read a data file.
struct ReadingOptions: ParsableArguments {
  @Flag(name: .customLong("no-header"), help: "The file has no header line; columns are named c0, c1, ….")
  var noHeader = false

  @Option(help: "What parts the cells of a CSV file.")
  var separator: CSVDialect.Separator = .automatic

  @Flag(help: "Numbers have a comma where others have a point; semicolons or tabs part the cells.")
  var decimalComma = false

  func validate() throws {
    guard !decimalComma || separator != .comma else {
      throw ValidationError("--decimal-comma needs another separator than a comma; give semicolon or tab")
    }
  }

  /// How cells are parted and numbers are written.
  var dialect: CSVDialect { CSVDialect(separator: separator, hasDecimalComma: decimalComma) }
}

extension CSVDialect.Separator: ExpressibleByArgument {
  /// A separator by its name, or as it is.
  public init?(argument: String) {
    switch argument {
    case ",": self = .comma
    case ";": self = .semicolon
    case "\t": self = .tab
    default: self.init(rawValue: argument)
    }
  }
}

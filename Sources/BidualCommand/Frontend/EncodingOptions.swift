import ArgumentParser
import Bidual

/// How columns of text and missing cells become features.
struct EncodingOptions: ParsableArguments {
  /// The value of `--missing`.
  struct Missing: ExpressibleByArgument {
    let rule: EncodingRules.Missing

    init?(argument: String) {
      guard let rule = EncodingRules.Missing(argument) else { return nil }
      self.rule = rule
    }

    init(_ rule: EncodingRules.Missing) { self.rule = rule }

    static var allValueStrings: [String] { ["error", "drop", "mean", "median", "constant:V"] }
    var defaultValueDescription: String { rule.description }
  }

  /// The value of `--drop-level`.
  enum DroppedLevel: String, ExpressibleByArgument, CaseIterable { case none, first }

  /// The value of `--unknown-level`.
  enum UnknownLevel: String, ExpressibleByArgument, CaseIterable { case error, ignore }

  @Option(
    help: "What becomes of missing cells among the features; what fills them in is stored in the model.")
  var missing = Missing(.error)
  @Flag(help: "Add a feature to each column with missing cells that is 1 where one is missing.")
  var missingIndicator = false
  @Option(
    help: ArgumentHelp(
      "What is written where a value is missing (default: an empty cell, NA, N/A, NaN, null).",
      valueName: "a,b,…"))
  var missingValues: String?
  @Option(
    help: ArgumentHelp(
      "Columns that are categories beside those without a single number, or 'error' to refuse text (default: auto).",
      valueName: "auto|error|a,b,…"))
  var categories: String?
  @Option(help: "The largest number of levels of a column of categories.")
  var maxCategories = 20
  @Option(help: "Whether the first level of each column of categories gets no feature.")
  var dropLevel: DroppedLevel = .none
  @Option(help: "What becomes, in prediction, of levels that training has not seen.")
  var unknownLevel: UnknownLevel = .error
  @Option(help: ArgumentHelp("Columns to leave out, whatever they hold.", valueName: "a,b,…"))
  var ignore: String?

  func validate() throws {
    guard maxCategories > 0 else {
      throw ValidationError("--max-categories is \(maxCategories); give at least 1")
    }
    if missingIndicator, [.error, .drop].contains(missing.rule) {
      throw ValidationError("--missing-indicator goes with --missing mean, median or constant:V")
    }
  }

  private static func list(_ text: String?) -> [String] {
    text.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
  }

  /// The columns to leave out.
  var ignored: [String] { Self.list(ignore) }

  /// The columns that are categories whatever they hold.
  var forced: [String] { ["auto", "error"].contains(categories) ? [] : Self.list(categories) }

  /// The rules for the library.
  var rules: EncodingRules {
    var rules = EncodingRules()
    rules.missing = missing.rule
    rules.hasIndicators = missingIndicator
    rules.categories = categories == "error" ? .none : forced.isEmpty ? .automatic : .columns(forced)
    rules.maximumLevels = maxCategories
    rules.dropsFirstLevel = dropLevel == .first
    rules.ignoresUnknown = unknownLevel == .ignore
    if missingValues != nil { rules.missingValues = [""] + Self.list(missingValues) }
    return rules
  }

  /// Whether even numbers alone have to be read as a raw table.
  var isForced: Bool { !forced.isEmpty || missingValues != nil }
}

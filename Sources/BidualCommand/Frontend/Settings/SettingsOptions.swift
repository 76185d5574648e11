import ArgumentParser
import Bidual

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Settings from a file, and for one.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take options from a JSON file, as --print-settings writes it; those on the command line win.",
      valueName: "file.json"), completion: .file(extensions: ["json"]))
  var settings: String?
  @Flag(help: "Print all options in force as JSON, and do nothing else.")
  var printSettings = false

  /// The subcommands that take them.
  private static let subcommands = ["fit", "path", "cv"]

  /// A command line with the settings of its file before its own, which come later and so win.
  ///
  /// - Throws: `DataError`, as `SettingsFile`.
  static func merged(_ arguments: [String]) throws(DataError) -> [String] {
    guard let subcommand = arguments.first, subcommands.contains(subcommand) else {
      return arguments
    }
    let own = arguments.dropFirst()
    guard let path = path(in: own) else { return arguments }
    let given = CommandOptions(of: subcommand).given(in: own)
    return try [subcommand] + SettingsFile(path: path, of: subcommand).arguments(except: given.keys) + own
  }

  private static func path(in arguments: ArraySlice<String>) -> String? {
    guard let place = arguments.lastIndex(where: { $0 == "--settings" || $0.hasPrefix("--settings=") }) else {
      return nil
    }
    let argument = arguments[place]
    if argument != "--settings" { return String(argument.dropFirst("--settings=".count)) }
    return place + 1 < arguments.endIndex ? arguments[place + 1] : nil
  }

  /// Prints the settings in force of the program's command line.
  static func print() throws {
    let arguments = try merged(Array(CommandLine.arguments.dropFirst()))
    let options = CommandOptions(of: arguments.first ?? "")
    let values = options.defaults.merging(options.given(in: arguments.dropFirst())) { $1 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    Console.print([UInt8](try encoder.encode(values)) + [UInt8(ascii: "\n")])
  }
}

import Bidual
import BidualIO

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of settings: a JSON object of the names of options and their values.
struct SettingsFile {
  private let values: [String: SettingValue]
  private let options: CommandOptions

  /// Reads a file for a subcommand.
  ///
  /// - Throws: `DataError` of kind `missingInput`, of kind `badData` for a file that is no JSON object, of kind `badSettings` for a name of no option or
  ///   a value that it does not take.
  init(path: String, of subcommand: String) throws(DataError) {
    options = CommandOptions(of: subcommand)
    let bytes = try FileContents.read(path: path)
    if let repeated = RepeatedKey(in: bytes) {
      throw DataError(
        .badSettings, "\(path): line \(repeated.line): '\(repeated.key)' stands twice; give it once")
    }
    do {
      values = try JSONDecoder().decode([String: SettingValue].self, from: Data(bytes))
    } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
      throw DataError(
        .badSettings,
        "\(path): '\(context.codingPath[0].stringValue)' is neither true or false, a number, a text nor a list of texts; give one of these"
      )
    } catch {
      throw DataError(
        .badData, "\(path): not a JSON object of options, such as {\"bias\": true, \"gap\": 1e-3}; correct it"
      )
    }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      switch (options[name]?.kind, value) {
      case (.flag, .flag), (.value, .text), (.values, .texts), (.values, .text): break
      case (nil, _):
        throw DataError(
          .badSettings,
          "\(path): '\(name)' is no option of \(subcommand); 'bidual \(subcommand) --help' lists them")
      case (.flag, _):
        throw DataError(.badSettings, "\(path): '\(name)' is on or off; give true or false")
      case (.value, _):
        throw DataError(.badSettings, "\(path): '\(name)' takes one value; give a number or a text")
      case (.values, _):
        throw DataError(.badSettings, "\(path): '\(name)' takes a list; give texts in brackets")
      }
    }
  }

  /// The settings as arguments, less those of some options.
  func arguments(except given: some Collection<String>) -> [String] {
    values.filter { !given.contains(options.opposite(of: $0.key) ?? $0.key) }.sorted { $0.key < $1.key }
      .flatMap { name, value in
        switch value {
        case .flag(true): ["--\(name)"]
        case .flag(false): options["no-\(name)"] == nil ? [] : ["--no-\(name)"]
        // A value may begin with a minus sign.
        case .text(let text): text.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(text)"]
        case .texts(let texts): texts.isEmpty ? [] : ["--\(name)"] + texts
        }
      }
  }
}

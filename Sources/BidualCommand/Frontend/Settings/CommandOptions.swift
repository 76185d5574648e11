import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The options of a subcommand, as its parser lists them.
struct CommandOptions {
  /// One of them.
  struct Option {
    /// What stands behind its name.
    enum Kind: Equatable { case flag, value, values }

    let kind: Kind
    /// Its value where it is not given, if it has one then.
    let defaultValue: String?
  }

  private let options: [String: Option]

  /// The names, in their order.
  var names: [String] { options.keys.sorted() }

  /// The options of a subcommand; none for a name that is of no subcommand.
  init(of subcommand: String) {
    var options: [String: Option] = [:]
    for argument in Self.listing.command.subcommands?.first(where: { $0.commandName == subcommand })?
      .arguments ?? []
    where argument.kind != "positional" {
      for name in argument.names ?? [] where name.kind == "long" && !Self.others.contains(name.name) {
        options[name.name] = Option(
          kind: argument.kind == "flag" ? .flag : argument.isRepeating ? .values : .value,
          defaultValue: argument.defaultValue)
      }
    }
    self.options = options
  }

  /// Those that say nothing of a run.
  private static let others: Set = ["settings", "print-settings", "help", "version"]

  /// The option of a name.
  subscript(name: String) -> Option? { options[name] }

  /// The flag that a flag turns off, such as `stratify` of `no-stratify`.
  func opposite(of name: String) -> String? {
    guard name.hasPrefix("no-"), options[String(name.dropFirst(3))]?.kind == .flag else { return nil }
    return String(name.dropFirst(3))
  }

  /// The settings that a command line gives, of several for one option the last; file and defaults aside.
  func given(in arguments: some Collection<String>) -> [String: SettingValue] {
    var given: [String: SettingValue] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      guard argument.hasPrefix("--") else { continue }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      switch options[name]?.kind {
      case .flag: given[opposite(of: name) ?? name] = .flag(opposite(of: name) == nil)
      case .value: given[name] = (parts.count > 1 ? String(parts[1]) : rest.popFirst()).map { .text($0) }
      case .values:
        var values = parts.dropFirst().map(String.init)
        while let value = rest.first, !value.hasPrefix("-") {
          values.append(value)
          rest.removeFirst()
        }
        given[name] = .texts(values)
      case nil: break
      }
    }
    return given
  }

  /// The settings of options that are not given.
  var defaults: [String: SettingValue] {
    options.filter { opposite(of: $0.key) == nil && options["no-" + $0.key] == nil }
      .compactMapValues { $0.kind == .flag ? .flag(false) : $0.defaultValue.map { .text($0) } }
  }

  /// What the parser says of all subcommands.
  private struct Listing: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }
    struct Argument: Decodable {
      let kind: String
      let names: [Name]?
      let isRepeating: Bool
      let defaultValue: String?
    }
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let command: Command
  }

  private static let listing: Listing = {
    do {
      _ = try BidualCommand.parseAsRoot(["--experimental-dump-help"])
    } catch {
      let text = BidualCommand.message(for: error)
      if let listing = try? JSONDecoder().decode(Listing.self, from: Data(text.utf8)) { return listing }
    }
    preconditionFailure("the parser of arguments does not list the options")
  }()
}

import ArgumentParser
import Bidual

/// The value of `--patterns`: a word, or sources of patterns separated by commas.
struct PatternsOption: ExpressibleByArgument {
  /// What was written.
  let text: String

  /// A source as written, name and argument.
  private enum Source {
    case counted(CountedPatternSource, Int)
    case trained(Int)
    case initial(Int)
    case gates(String)
    case network(String)
    case complements
  }

  init?(argument: String) {
    text = argument
    guard argument != "adaptive", argument != "all" else { return }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard !parts.isEmpty, parts.allSatisfy({ Self.source(String($0)) != nil }) else { return nil }
  }

  /// Whether chambers are found as they are needed.
  var isAdaptive: Bool { text == "adaptive" }

  static var allValueStrings: [String] {
    ["adaptive", "all", "gates:FILE.npy", "network:FILE.json", "trained:N", "initial:N"]
      + CountedPatternSource.all.map { "\($0.name):N" } + ["complements"]
  }

  var defaultValueDescription: String { text }

  /// Refuses sources that are asked for no patterns at all.
  func check(option: String) throws {
    for part in text.split(separator: ",") {
      switch Self.source(String(part)) {
      case .counted(_, let count), .trained(let count), .initial(let count):
        guard count > 0 else {
          throw ValidationError("\(option) \(part) asks for \(count) patterns; give at least 1")
        }
      case .gates, .network, .complements, nil: break
      }
    }
  }

  /// The patterns asked for; files are read now.
  ///
  /// - Throws: `DataError` for files that are not there or don't hold what they should.
  func patterns() throws(DataError) -> Training.Patterns {
    switch text {
    case "adaptive": return .adaptive
    case "all": return .all
    default:
      var choices: [PatternChoice] = []
      for part in text.split(separator: ",") {
        if let source = Self.source(String(part)) { choices.append(try Self.choice(source)) }
      }
      return .given(choices)
    }
  }

  private static func source(_ text: String) -> Source? {
    if text == "complements" { return .complements }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = String(text[..<colon])
    let argument = String(text[text.index(after: colon)...])
    guard !argument.isEmpty else { return nil }
    switch name {
    case "gates": return .gates(argument)
    case "network": return .network(argument)
    default: break
    }
    guard let count = Int(argument) else { return nil }
    switch name {
    case "trained": return .trained(count)
    case "initial": return .initial(count)
    default: return CountedPatternSource.all.first { $0.name == name }.map { .counted($0, count) }
    }
  }

  private static func choice(_ source: Source) throws(DataError) -> PatternChoice {
    switch source {
    case .counted(let kind, let count): return .source(kind.make(count))
    case .complements: return .source(ComplementGates())
    case .trained(let neurons): return .trained(neurons: neurons)
    case .initial(let neurons): return .initial(neurons: neurons)
    case .network(let path):
      let model = try ModelFile.read(path: path)
      guard let gates = model.architecture.gates(of: model.network) else {
        throw DataError(
          .badData,
          "\(path): \(model.architecture.name) networks have no gates to take; give a two-layer one or a ReLU convolution"
        )
      }
      return .source(GivenGates(rows: gates))
    case .gates(let path):
      let array = try NPYReader.array(path: path)
      guard array.shape.count == 2, array.shape.allSatisfy({ $0 > 0 }) else {
        throw DataError(
          .badData, "\(path): an array of shape \(array.shape); give gates as a features x gates array")
      }
      return .source(GivenGates(columns: array.matrix))
    }
  }
}

/// Words and named values of a command line.
struct Arguments {
  /// What has no name, in order.
  private(set) var words: [String] = []
  private var values: [String: String] = [:]
  /// Whether each step is to be reported.
  private(set) var isVerbose = false

  init(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let word = rest.popFirst() {
      if word == "--verbose" {
        isVerbose = true
      } else if word.hasPrefix("--") {
        values[String(word.dropFirst(2))] = rest.popFirst()
      } else {
        words.append(word)
      }
    }
  }

  /// A named text.
  func text(_ name: String) -> String? { values[name] }

  /// A named number, or its default.
  func number(_ name: String, default standard: Double) -> Double {
    values[name].flatMap(Double.init) ?? standard
  }

  /// The words' form; cones unless gated.
  var form: String { words.count > 2 && words[2] == "gated" ? "gated" : "relu" }
}

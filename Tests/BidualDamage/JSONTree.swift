/// A JSON document whose members keep their order and may stand twice, and whose numbers are texts: what damage needs and parsers lose.
public indirect enum JSONTree {
  /// An object.
  case object([(key: String, value: JSONTree)])
  /// An array.
  case array([JSONTree])
  /// Anything else, as it is written.
  case plain(String)

  /// The document in a text that is valid JSON.
  public init?(_ text: String) {
    var rest = Substring(text)
    guard let tree = Self.parse(&rest) else { return nil }
    self = tree
  }

  /// The document as text, on one line.
  public var text: String {
    switch self {
    case .object(let members):
      "{" + members.map { "\($0.key):\($0.value.text)" }.joined(separator: ",") + "}"
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .plain(let text): text
    }
  }

  private static func skip(_ rest: inout Substring) {
    rest = rest.drop { $0.isWhitespace }
  }

  private static func parse(_ rest: inout Substring) -> JSONTree? {
    skip(&rest)
    switch rest.first {
    case "{":
      var members: [(key: String, value: JSONTree)] = []
      rest.removeFirst()
      skip(&rest)
      while rest.first != "}" {
        skip(&rest)
        guard case .plain(let key)? = parse(&rest) else { return nil }
        skip(&rest)
        guard rest.popFirst() == ":", let value = parse(&rest) else { return nil }
        members.append((key, value))
        skip(&rest)
        guard rest.first == "," || rest.first == "}" else { return nil }
        if rest.first == "," { rest.removeFirst() }
      }
      rest.removeFirst()
      return .object(members)
    case "[":
      var items: [JSONTree] = []
      rest.removeFirst()
      skip(&rest)
      while rest.first != "]" {
        guard let item = parse(&rest) else { return nil }
        items.append(item)
        skip(&rest)
        guard rest.first == "," || rest.first == "]" else { return nil }
        if rest.first == "," { rest.removeFirst() }
      }
      rest.removeFirst()
      return .array(items)
    case "\"":
      var text = "\""
      rest.removeFirst()
      while let next = rest.popFirst() {
        text.append(next)
        if next == "\"" { return .plain(text) }
        if next == "\\", let escaped = rest.popFirst() { text.append(escaped) }
      }
      return nil
    case nil: return nil
    default:
      let word = rest.prefix { !",]}".contains($0) && !$0.isWhitespace }
      guard !word.isEmpty else { return nil }
      rest = rest.dropFirst(word.count)
      return .plain(String(word))
    }
  }
}

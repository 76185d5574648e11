/// JSON documents whose structure was tampered with: they parse, mostly, and don't mean what they should.
public enum JSONDamage {
  /// A document after one to three changes: members lost, doubled, swapped or renamed, values replaced by others of any type and size,
  /// arrays made longer and shorter, and nesting without end.
  public static func damaged(_ tree: JSONTree, using random: inout some RandomNumberGenerator) -> JSONTree {
    var tree = tree
    for _ in 0..<Int.random(in: 1...3, using: &random) { tree = changed(tree, using: &random) }
    return tree
  }

  private static func changed(_ tree: JSONTree, using random: inout some RandomNumberGenerator) -> JSONTree {
    // Down to a random place, then one change there.
    switch tree {
    case .object(var members) where !members.isEmpty:
      let k = Int.random(in: 0..<members.count, using: &random)
      guard Int.random(in: 0..<3, using: &random) == 0 else {
        members[k].value = changed(members[k].value, using: &random)
        return .object(members)
      }
      let l = Int.random(in: 0..<members.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: members.remove(at: k)
      case 1: members.insert(members[k], at: l)
      case 2: (members[k].value, members[l].value) = (members[l].value, members[k].value)
      case 3: members[k].key = members[l].key
      case 4: members[k].key = "\"other\""
      default: members[k].value = value(using: &random)
      }
      return .object(members)
    case .array(var items) where !items.isEmpty:
      let k = Int.random(in: 0..<items.count, using: &random)
      guard Int.random(in: 0..<3, using: &random) == 0 else {
        items[k] = changed(items[k], using: &random)
        return .array(items)
      }
      switch Int.random(in: 0..<5, using: &random) {
      case 0: items.remove(at: k)
      case 1: items.append(items[k])
      case 2: items = []
      case 3: items = Array(items.prefix(k))
      default: items[k] = value(using: &random)
      }
      return .array(items)
    default: return value(using: &random)
    }
  }

  private static func value(using random: inout some RandomNumberGenerator) -> JSONTree {
    if Int.random(in: 0..<20, using: &random) == 0 {
      let depth = [10, 100, 600, 20_000][Int.random(in: 0..<4, using: &random)]
      let (open, close) = Bool.random(using: &random) ? ("[", "]") : ("{\"a\":", "}")
      return .plain(
        String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth))
    }
    return .plain(values[Int.random(in: 0..<values.count, using: &random)])
  }

  private static let values = [
    "0", "-0.0", "1", "-1", "2", "3", "1.5", "1e308", "-1e308", "1e999", "5e-324", "1e-400",
    "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "18446744073709551616", "4611686018427387904",
    "2147483648", "1000000", "NaN",
    "Infinity", "\"nan\"", "\"inf\"", "\"-inf\"", "\"infinite\"", "\"\"", "\"a\"", "\"squared\"",
    "\"softmax\"", "\"two-layer\"",
    "\"three-layer\"", "\"gated\"", "\"linear\"", "\"relu-convolution\"", "\"circular-convolution\"",
    "\"linear-convolution\"", "\"locally-connected\"",
    "\"global\"", "\"restricted\"", "\"l1\"", "\"\\u0000\"", "\"\\ud800\"", "null", "true", "false", "[]",
    "{}", "[[]]", "[0]",
    "[0,0]", "[1,2,3]", "[[1,2],[3]]", "[[1],[2]]", "[[1,2],[3,4]]", "[1e308,1e308]", "[\"a\",\"a\"]",
    "[\"a\",\"b\"]", "[null]",
    "{\"a\":1}",
  ]
}

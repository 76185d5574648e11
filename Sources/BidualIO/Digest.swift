/// A fingerprint of named fields, to recognise the data and the model that a certificate speaks of. It guards against
/// mistakes; proofs are recomputed and do not rest on it.
package struct Digest {
  /// How fields become a fingerprint.
  enum Method {
    /// SHA-256 of every field's name, number of values and values. A field that is absent adds nothing, so that no two
    /// contents feed it the same bytes, and contents without a field that was thought of later keep their fingerprints.
    case sha256
    /// FNV-1a, 64 bits, of the values alone: how earlier versions wrote files, which are read for ever.
    case fnv1a

    /// The method that a fingerprint names, in front of its digits.
    init(of text: String) { self = text.hasPrefix(Digest.prefix) ? .sha256 : .fnv1a }
  }

  private static let prefix = "sha256:"

  private let method: Method
  private var hash = SHA256()
  private var earlierHash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The fingerprint of nothing.
  init(by method: Method = .sha256) { self.method = method }

  /// The fingerprint as it stands in files: `sha256:` and 64 hexadecimal digits, or 16 digits of FNV-1a.
  var text: String {
    switch method {
    case .sha256: return Self.prefix + hash.text
    case .fnv1a:
      let digits = String(earlierHash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
  }

  /// The fingerprint of bytes.
  package static func text(of bytes: ArraySlice<UInt8>) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return prefix + hash.text
  }

  /// Takes in a count.
  mutating func add(_ field: String, _ count: Int) {
    begin(field)
    add(count)
  }

  /// Takes in counts.
  mutating func add(_ field: String, _ counts: [Int]) {
    begin(field, values: counts.count)
    for count in counts { add(count) }
  }

  /// Takes in a number, if there is one, bit by bit; the two zeros count as one.
  mutating func add(_ field: String, _ number: Double?) {
    guard let number else { return }
    begin(field)
    add(number)
  }

  /// Takes in numbers, if there are any.
  mutating func add(_ field: String, _ numbers: [Double]?) {
    guard let numbers else { return }
    begin(field)
    add(numbers.count)
    for number in numbers { add(number) }
  }

  /// Takes in a text, if there is one.
  mutating func add(_ field: String, _ text: String?) {
    guard let text else { return }
    begin(field)
    add(text)
  }

  /// Takes in texts.
  mutating func add(_ field: String, _ texts: [String]) {
    begin(field, values: texts.count)
    for text in texts { add(text) }
  }

  /// Tells a field from others, where the method does.
  private mutating func begin(_ field: String, values: Int = 1) {
    guard method == .sha256 else { return }
    add(field)
    add(values)
  }

  private mutating func add(_ text: String) {
    add(text.utf8.count)
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  private mutating func add(_ number: Double) { add((number == 0 ? 0 : number).bitPattern) }

  private mutating func add(_ count: Int) { add(UInt64(bitPattern: Int64(count))) }

  /// Eight bytes, the lowest first.
  private mutating func add(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes in
      switch method {
      case .sha256: hash.update(bytes)
      case .fnv1a: for byte in bytes { earlierHash = (earlierHash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
    }
  }
}

/// Reads the Python dictionary in the head of a NumPy file, such as
/// `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYFields {
  /// The element type as written; the whole list for a structured type.
  private(set) var descriptor: String?
  /// The value of `fortran_order`.
  private(set) var isFortranOrder: Bool?
  /// The length of each axis.
  private(set) var shape: [Int]?

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads the dictionary; false where it is not one of the expected form.
  ///
  /// - Complexity: O(bytes).
  mutating func parse() -> Bool {
    guard skip("{") else { return false }
    while !skip("}") {
      guard let key = quoted(), skip(":") else { return false }
      switch key {
      case "descr":
        descriptor = quoted() ?? list()
        guard descriptor != nil else { return false }
      case "fortran_order":
        if skip("True") { isFortranOrder = true } else if skip("False") { isFortranOrder = false }
        guard isFortranOrder != nil else { return false }
      case "shape":
        shape = tuple()
        guard shape != nil else { return false }
      default: return false
      }
      guard skip(",") || peek() == UInt8(ascii: "}") else { return false }
    }
    return peek() == nil
  }

  /// The next byte that is not a space.
  private mutating func peek() -> UInt8? {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return position < bytes.endIndex ? bytes[position] : nil
  }

  /// Steps over the given text, and says whether it stood there.
  private mutating func skip(_ text: StaticString) -> Bool {
    guard peek() != nil else { return false }
    let isThere = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    if isThere { position += text.utf8CodeUnitCount }
    return isThere
  }

  /// A string in single or double quotes, without escapes.
  private mutating func quoted() -> String? {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
  }

  /// The text of a list, which describes a structured type.
  private mutating func list() -> String? {
    guard peek() == UInt8(ascii: "[") else { return nil }
    let start = position
    var depth = 0
    while position < bytes.endIndex {
      if bytes[position] == UInt8(ascii: "[") { depth += 1 }
      if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
      position += 1
      if depth == 0 { return String(decoding: bytes[start..<position], as: UTF8.self) }
    }
    return nil
  }

  /// A tuple of whole numbers, each of which Python 2 may have marked with an `L`.
  private mutating func tuple() -> [Int]? {
    guard skip("(") else { return nil }
    var lengths: [Int] = []
    while !skip(")") {
      guard let length = number() else { return nil }
      lengths.append(length)
      guard skip(",") || peek() == UInt8(ascii: ")") else { return nil }
    }
    return lengths
  }

  /// A whole number; one beyond the integers counts as the largest, and so is too large for any array.
  private mutating func number() -> Int? {
    guard peek() != nil else { return nil }
    let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard !digits.isEmpty else { return nil }
    position = digits.endIndex
    _ = skip("L")
    return Int(String(decoding: digits, as: UTF8.self)) ?? .max
  }
}

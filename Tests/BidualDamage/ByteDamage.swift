/// Bytes as they come from bad copies, bad disks and bad intentions.
public enum ByteDamage {
  /// Some bytes with a few of them flipped, lost, doubled, moved or replaced by numbers that lengths and counts break on, and perhaps cut short.
  public static func damaged(_ bytes: [UInt8], using random: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<14, using: &random) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(bytes[place], at: place)
      case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 3: replace(&bytes, at: place, with: length(using: &random))
      case 4:
        // A piece of the file once more, at its own place or elsewhere.
        let end = min(bytes.count, place + Int.random(in: 1...64, using: &random))
        let piece = Array(bytes[place..<end])
        bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
      case 5:
        bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...64, using: &random)))
      case 6:
        bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &random)].utf8, at: place)
      default: bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
    }
    if Int.random(in: 0..<10, using: &random) == 0 {
      bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    }
    return bytes
  }

  /// What parsers of text trip over.
  private static let words = [
    "nan", "-inf", "1e999", "-0", "9223372036854775808", "18446744073709551616", "\"", "\"\"", "\\",
    "\\u0000", ",", ";", "\r", "\n",
    "\u{FEFF}", "{", "}", "[", "]", "null", "0x10", "1_000", "1.7976931348623157e308", "5e-324", "()", "'",
    "True", "\0",
  ]

  /// A length or count that overflows or points beyond the end, in 2, 4 or 8 bytes.
  private static func length(using random: inout some RandomNumberGenerator) -> [UInt8] {
    let size = [2, 4, 8][Int.random(in: 0..<3, using: &random)]
    let numbers: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, .max, .max >> 1, 1 << 40, .max - 7,
    ]
    let number = numbers[Int.random(in: 0..<numbers.count, using: &random)]
    return (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func replace(_ bytes: inout [UInt8], at place: Int, with others: [UInt8]) {
    for (offset, byte) in others.enumerated() where place + offset < bytes.count {
      bytes[place + offset] = byte
    }
  }
}

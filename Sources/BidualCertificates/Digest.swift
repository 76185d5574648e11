/// A 64-bit fingerprint of numbers and texts (FNV-1a), to recognise the data and the model that a
/// certificate speaks of. It guards against mistakes; proofs are recomputed and do not rest on it.
public struct Digest: Sendable, Equatable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The fingerprint of nothing.
  public init() {}

  /// Takes in eight bytes.
  public mutating func add(_ word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      state = (state ^ (word >> shift & 0xff)) &* 0x100_0000_01b3
    }
  }

  /// Takes in a count.
  public mutating func add(_ count: Int) { add(UInt64(bitPattern: Int64(count))) }

  /// Takes in a number, bit by bit; the two zeros count as one.
  public mutating func add(_ number: Double) { add((number == 0 ? 0 : number).bitPattern) }

  /// Takes in numbers and how many there are.
  public mutating func add(_ numbers: [Double]) {
    add(numbers.count)
    for number in numbers { add(number) }
  }

  /// Takes in a text and its length.
  public mutating func add(_ text: String) {
    add(text.utf8.count)
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// The fingerprint as 16 hexadecimal digits.
  public var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

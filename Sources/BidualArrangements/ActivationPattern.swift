/// Which of n rectified linear units are active: n bits, packed 64 to a word.
///
/// For data X (n×d) and a gate u ∈ R^d, bit i is 1[x_iᵀu > 0]. A zero pre-activation, and so a zero row,
/// counts as inactive. Bits past `count` in the last word are always zero, which lets equality, hashing and
/// counting work on whole words: O(n/64).
public struct ActivationPattern: Hashable, Sendable {
  /// How many units the pattern speaks of.
  public let count: Int
  /// The bits: unit i is bit i mod 64 of word i / 64; bits past `count` are zero.
  public private(set) var words: [UInt64]

  /// The pattern of `count` inactive units.
  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// The pattern of pre-activations: unit i is active if and only if element i is strictly positive.
  public init(preActivations: some Collection<Double>) {
    self.init(count: preActivations.count)
    var word = 0
    var mask: UInt64 = 1
    for value in preActivations {
      if value > 0 { words[word] |= mask }
      mask <<= 1
      if mask == 0 {
        mask = 1
        word += 1
      }
    }
  }

  /// The pattern of bytes that hold eight units each, the first in the lowest bit; nil if these are not as many
  /// as `count` units need, or have a bit past the last.
  public init?(bytes: some Collection<UInt8>, count: Int) {
    guard count >= 0, count > 8 * (bytes.count - 1), count <= 8 * bytes.count else { return nil }
    self.init(count: count)
    for (k, byte) in bytes.enumerated() { words[k >> 3] |= UInt64(byte) << UInt64(8 * (k & 7)) }
    if count & 63 != 0, words[count >> 6] >> UInt64(count & 63) != 0 { return nil }
  }

  /// The units as bytes of eight, the first in the lowest bit.
  public var bytes: [UInt8] {
    (0..<((count + 7) / 8)).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(8 * ($0 & 7))) }
  }

  /// Whether unit `index` is active; O(1).
  public subscript(index: Int) -> Bool {
    get {
      precondition(index >= 0 && index < count)
      return words[index >> 6] & (1 << UInt64(index & 63)) != 0
    }
    set {
      precondition(index >= 0 && index < count)
      let mask: UInt64 = 1 << UInt64(index & 63)
      if newValue { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
    }
  }

  /// Turns unit `index` from active to inactive or back; O(1).
  public mutating func flip(_ index: Int) {
    precondition(index >= 0 && index < count)
    words[index >> 6] ^= 1 << UInt64(index & 63)
  }

  /// How many units are active; O(n/64).
  public var activeCount: Int {
    words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// Feeds one mixed word to the hasher: the standard hash of an array would cost several times as much.
  public func hash(into hasher: inout Hasher) {
    var mixed = UInt64(truncatingIfNeeded: count)
    for word in words {
      mixed = (mixed ^ word) &* 0x9FB2_1C65_1E98_DF25
      mixed ^= mixed >> 29
    }
    hasher.combine(mixed)
  }
}

extension ActivationPattern: CustomStringConvertible {
  /// The bits in order, `1` for active, such as `0110`.
  public var description: String {
    String((0..<count).map { self[$0] ? "1" : "0" })
  }
}

import RealModule

/// A reproducible random number generator: the same seed gives the same numbers in every run.
///
/// xoshiro256**, its 256 bits of state filled from the seed by SplitMix64 so that neighbouring seeds give
/// unrelated streams. Not for cryptography. Each draw takes O(1).
///
/// Source: D. Blackman, S. Vigna, *Scrambled linear pseudorandom number generators*, ACM TOMS 47 (2021).
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareGaussian: Double?

  /// A generator whose whole stream is determined by `seed`; every seed is valid, zero too.
  public init(seed: UInt64) {
    var counter = seed
    func splitMix() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var word = counter
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    state = (splitMix(), splitMix(), splitMix(), splitMix())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let scrambled = state.1 &* 5
    let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A number uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A standard normal number, by Marsaglia's polar method (two numbers for each accepted pair).
  public mutating func nextGaussian() -> Double {
    if let spare = spareGaussian {
      spareGaussian = nil
      return spare
    }
    while true {
      let x = 2 * nextUniform() - 1
      let y = 2 * nextUniform() - 1
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let scale = (-2 * .log(square) / square).squareRoot()
      spareGaussian = y * scale
      return x * scale
    }
  }

  private enum CodingKeys: CodingKey {
    case state, spareGaussian
  }

  /// The generator in the middle of its stream, as it was encoded.
  ///
  /// - Throws: `DecodingError` unless the state has four words.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let words = try values.decode([UInt64].self, forKey: .state)
    guard words.count == 4 else {
      throw DecodingError.dataCorruptedError(
        forKey: .state, in: values, debugDescription: "a generator has four words")
    }
    state = (words[0], words[1], words[2], words[3])
    spareGaussian = try values.decodeIfPresent(Double.self, forKey: .spareGaussian)
  }

  /// Encodes the place in the stream.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode([state.0, state.1, state.2, state.3], forKey: .state)
    try values.encodeIfPresent(spareGaussian, forKey: .spareGaussian)
  }

  /// Whether two generators will give the same stream.
  public static func == (left: SeededGenerator, right: SeededGenerator) -> Bool {
    left.state == right.state && left.spareGaussian == right.spareGaussian
  }
}

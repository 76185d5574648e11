import BidualLinear

/// A 96-bit Zobrist fingerprint of a set of hyperplanes: the exclusive or of one random word for each member.
///
/// A chamber is known by the set of hyperplanes that separate it from the root chamber. Crossing a hyperplane
/// changes the fingerprint by one exclusive or, so it is never computed from scratch. Among N chambers two
/// fingerprints collide with probability below N²·2⁻⁹⁷, about 10⁻¹⁵ for N = 10⁷.
struct Fingerprint: Equatable {
  var low: UInt64 = 0
  var high: UInt32 = 0

  @inline(__always)
  static func ^ (left: Fingerprint, right: Fingerprint) -> Fingerprint {
    Fingerprint(low: left.low ^ right.low, high: left.high ^ right.high)
  }

  @inline(__always)
  static func ^= (left: inout Fingerprint, right: Fingerprint) {
    left.low ^= right.low
    left.high ^= right.high
  }

  /// One random word for each of `count` hyperplanes, the same in every run.
  static func words(count: Int) -> [Fingerprint] {
    var generator = SeededGenerator(seed: 0x1965)
    return (0..<count).map { _ in
      Fingerprint(low: generator.next(), high: UInt32(truncatingIfNeeded: generator.next()))
    }
  }
}

/// P activation patterns over n samples, packed as bits in the two orders that masked products read.
///
/// Both orders hold a byte for eight bits, so that a set takes nP/4 bytes; it is built once, in
/// O(nP/8) steps, and never changes.
package struct PatternSet: Sendable, Equatable {
  /// The number P of patterns.
  package let count: Int
  /// The number n of samples.
  package let samples: Int
  /// Bit b of byte g·n + i: pattern 8g + b at sample i.
  let byPatternGroup: [UInt8]
  /// Bit b of byte j·P + p: pattern p at sample 8j + b.
  let bySampleGroup: [UInt8]

  /// The patterns in their order, all of which must speak of `samples` samples.
  package init(_ patterns: [ActivationPattern], samples: Int) {
    precondition(patterns.allSatisfy { $0.count == samples })
    let count = patterns.count
    var bytes = [UInt8](repeating: 0, count: (samples + 7) / 8 * count)
    for (p, pattern) in patterns.enumerated() {
      for j in 0..<((samples + 7) / 8) {
        bytes[j * count + p] = UInt8(truncatingIfNeeded: pattern.words[j >> 3] >> UInt64(8 * (j & 7)))
      }
    }
    self.init(bySampleGroup: bytes, count: count, samples: samples)
  }

  /// The patterns given as rows of booleans, one for each sample.
  package init(rows: [[Bool]], samples: Int) {
    self.init(rows.map { ActivationPattern(preActivations: $0.map { $0 ? 1 : -1 }) }, samples: samples)
  }

  private init(bySampleGroup: [UInt8], count: Int, samples: Int) {
    self.count = count
    self.samples = samples
    self.bySampleGroup = bySampleGroup
    var bytes = [UInt8](repeating: 0, count: (count + 7) / 8 * samples)
    for g in 0..<((count + 7) / 8) {
      for j in 0..<((samples + 7) / 8) {
        var square: UInt64 = 0
        for b in 0..<min(8, count - 8 * g) {
          square |= UInt64(bySampleGroup[j * count + 8 * g + b]) << UInt64(8 * b)
        }
        square = Self.transposed(square)
        for b in 0..<min(8, samples - 8 * j) {
          bytes[g * samples + 8 * j + b] = UInt8(truncatingIfNeeded: square >> UInt64(8 * b))
        }
      }
    }
    byPatternGroup = bytes
  }

  /// The transpose of 8×8 bits, byte k holding row k: blocks of 1, 2 and 4 bits change places.
  private static func transposed(_ square: UInt64) -> UInt64 {
    var bits = square
    for (shift, mask) in [
      (7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0),
    ] as [(UInt64, UInt64)] {
      let swapped = (bits ^ (bits >> shift)) & mask
      bits ^= swapped ^ (swapped << shift)
    }
    return bits
  }

  /// Whether a pattern is active at a sample; O(1).
  package func isActive(pattern: Int, sample: Int) -> Bool {
    precondition(pattern >= 0 && pattern < count && sample >= 0 && sample < samples)
    return bySampleGroup[(sample >> 3) * count + pattern] & (1 << UInt8(sample & 7)) != 0
  }

  /// The side of its hyperplane on which each sample is in a pattern, ±1; O(n).
  package func signs(of pattern: Int) -> [Int8] {
    (0..<samples).map { isActive(pattern: pattern, sample: $0) ? 1 : -1 }
  }

  /// The pattern at `index`; O(n).
  package subscript(index: Int) -> ActivationPattern {
    var pattern = ActivationPattern(count: samples)
    for i in 0..<samples where isActive(pattern: index, sample: i) { pattern[i] = true }
    return pattern
  }

  /// The patterns at the given indices, in that order; O(n/8) a pattern.
  package func selecting(_ indices: [Int]) -> PatternSet {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count })
    var bytes: [UInt8] = []
    bytes.reserveCapacity((samples + 7) / 8 * indices.count)
    for j in 0..<((samples + 7) / 8) {
      for p in indices { bytes.append(bySampleGroup[j * count + p]) }
    }
    return PatternSet(bySampleGroup: bytes, count: indices.count, samples: samples)
  }
}

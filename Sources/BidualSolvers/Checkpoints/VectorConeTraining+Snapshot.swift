import BidualArrangements
import BidualModels

extension VectorConeTraining {
  /// The state of a run between two rounds.
  package struct Snapshot: Codable, Sendable {
    /// A digest of the patterns: those that were found in time may be others the next time.
    var patterns: UInt64
    /// Rounds begun.
    var round: Int
    /// The neurons of the moment, in the coordinates of the row space, and the pattern of each.
    var weights: NetworkParameters
    var owners: [Int]
    /// The best network, in the same coordinates; nil for the constant.
    var best: NetworkParameters?
    /// The smallest local gap so far, and the rounds since it fell last.
    var leastGap: Double
    var stalled: Int

    /// Whether it is a state of a run on these patterns and a problem that its coordinates make `reduced`.
    func fits(_ reduced: TrainingProblem, patterns set: PatternSet) -> Bool {
      patterns == Self.digest(of: set) && round >= 0 && stalled >= 0 && weights.fits(reduced)
        && owners.count == weights.width && owners.allSatisfy((0..<set.count).contains)
        && best?.fits(reduced) ?? true
    }

    /// 64 bits of the patterns (FNV-1a).
    static func digest(of patterns: PatternSet) -> UInt64 {
      var digest: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in 0..<patterns.count {
        for word in patterns[index].words { digest = (digest ^ word) &* 0x100_0000_01b3 }
      }
      return digest
    }
  }
}

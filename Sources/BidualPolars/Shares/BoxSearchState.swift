/// The state of a search of boxes between two batches.
package struct BoxSearchState: Sendable {
  /// Which search it is: a digest of the coordinates, the dual weights, the goal and the share, bit by bit.
  package let subject: UInt64
  /// The boxes that wait, the largest bound first.
  package let boxes: Boxes
  /// The largest bound among the boxes that need no further search.
  package var settled = 0.0
  /// The largest bound among boxes that were set aside.
  package var violated = 0.0
  /// How many bounds were computed.
  package var nodes = 0
  /// After how many the answer could not fall any more.
  package var refutedAt: Int?
  /// The bound that boxes are searched for.
  package let threshold: Double
  /// The bound that was told last.
  package let told: Double
  /// The violators.
  package var found: [BoxValue] = []
  /// The best value.
  package var best: BoxValue?
  /// Where the boxes were that were dealt out, once they were.
  package var division: [Double]?

  /// A state before anything was found.
  package init(subject: UInt64, boxes: Boxes, threshold: Double, told: Double) {
    self.subject = subject
    self.boxes = boxes
    self.threshold = threshold
    self.told = told
  }

  /// A digest of what makes a search, bit by bit: states of another one, or of a machine of other arithmetic, have another.
  static func subject(_ numbers: [[Double]], goal: PolarGoal, share: SearchShare) -> UInt64 {
    let ends: [Double] =
      switch goal {
      case .prove(let threshold, let maximum): [0, threshold, Double(maximum)]
      case .maximize(let tolerance, let floor): [1, tolerance, floor]
      }
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    func take(_ word: UInt64) {
      digest = (digest ^ word) &* 0x9e37_79b9_7f4a_7c15
      // Else signs, the highest bits, would cancel one another.
      digest ^= digest >> 32
    }
    for numbers in numbers + [ends, [Double(share.index), Double(share.count)]] {
      take(UInt64(numbers.count))
      for number in numbers { take(number.bitPattern) }
    }
    return digest
  }
}

import BidualArrangements
import BidualCertificates
import BidualModels
import BidualPolars

extension GivenPatterns {
  /// The state of a run between two rounds.
  package struct Snapshot: Codable, Sendable {
    /// A digest of the patterns: those that were found in time may be others the next time.
    var patterns: UInt64
    /// Rounds done, and those of them since the gap fell last.
    var rounds: Int
    var idle: Int
    /// Where the next round begins.
    var dualPoint: [Double]
    var course: ProximalProgram.Course
    /// What the blocks remember; nil at the end of a run, from which one for a smaller gap goes on without.
    var memory: PatternBlocks.Memory?
    var best: PointRecord
    var bound: BoundRecord

    /// Whether it is a state of a run on these patterns, of which `blocks` were made for the problem.
    func fits(_ problem: TrainingProblem, patterns set: PatternSet, blocks: PatternBlocks) -> Bool {
      let (n, r) = (problem.targets.count, blocks.design.columns)
      let centre = course.centre
      return patterns == VectorConeTraining.Snapshot.digest(of: set) && rounds >= 0
        && (0...max(rounds, 0)).contains(idle)
        && course.steps >= 0 && course.sigma > 0 && dualPoint.count == n && bound.dualPoint.count == n
        && centre.predictions.count == n && centre.vectors.count == blocks.count
        && centre.vectors.allSatisfy { $0.isEmpty || $0.count == r }
        && best.blocks.count == best.vectors.count
        && best.blocks.allSatisfy((0..<blocks.count).contains) && best.vectors.allSatisfy { $0.count == r }
        && bound.multipliers.allSatisfy { $0.rows.count == $0.values.count }
        && PatternRestriction(set, multipliers: bound.multipliers) != nil
        && memory.map(blocks.fits) ?? true
    }
  }
}

extension ProximalProgram {
  /// Where rounds are, but for what their blocks remember.
  struct Course: Codable, Sendable {
    var centre: Centre
    var sigma: Double
    var damping: Double
    var steps: Int
  }
}

/// The best point of the program over given patterns.
struct PointRecord: Codable, Sendable {
  let blocks: [Int]
  let vectors: [[Double]]
  let offset: Double
  let objective: Double

  init(_ point: GivenPatternsRun.Point) {
    (blocks, vectors) = (point.blocks.map(\.block), point.blocks.map(\.vector))
    (offset, objective) = (point.offset, point.objective)
  }

  var point: GivenPatternsRun.Point {
    .init(blocks: zip(blocks, vectors).map { ($0, $1) }, offset: offset, objective: objective)
  }
}

/// What the best bound over given patterns rests on. It says when a run ends; certificates prove it anew.
struct BoundRecord: Codable, Sendable {
  let dualPoint: [Double]
  let polar: Double
  let multipliers: [ConeMultipliers]

  init(_ bound: GivenPatternsRun.Bound) {
    (dualPoint, polar, multipliers) = (bound.dualPoint, bound.polar, bound.multipliers)
  }

  func bound(by certifier: Certifier) -> GivenPatternsRun.Bound {
    .init(
      value: certifier.lowerBound(dualPoint, polarBound: polar).value, dualPoint: dualPoint, polar: polar,
      multipliers: multipliers)
  }
}

import BidualLinear
import BidualModels
import BidualSolvers
import Foundation
import Testing

/// β_max of the squared loss with the dual point as target, which is its slope at zero.
func betaMax(design: Matrix, dualPoint: [Double]) -> Double {
  try! TrainingProblem(design: design, targets: dualPoint, beta: 1).betaMax()
}

@Suite struct BetaMaxTests {
  /// κ in the plane by a fine sweep refined at its best angle.
  private func sweep(_ design: Matrix, _ weights: [Double]) -> Double {
    func value(_ angle: Double) -> Double {
      var sum = 0.0
      for i in weights.indices {
        sum += weights[i] * max(0, design[i, 0] * cos(angle) + design[i, 1] * sin(angle))
      }
      return abs(sum)
    }
    var best = 0.0
    let steps = 20_000
    for k in 0..<steps {
      let angle = 2 * .pi * Double(k) / Double(steps)
      guard value(angle) >= 0.999 * best else { continue }
      var (low, high) = (angle - 4e-4, angle + 4e-4)
      for _ in 0..<60 {
        let third = (high - low) / 3
        if value(low + third) < value(high - third) { low += third } else { high -= third }
      }
      best = max(best, value(low), value(angle))
    }
    return best
  }

  @Test func agreesWithASweepOfThePlane() {
    var random = SeededGenerator(seed: 1)
    for trial in 0..<20 {
      let n = 1 + trial
      let integers = trial % 2 == 0
      let design = Matrix(
        rows: n, columns: 2,
        elements: (0..<(2 * n)).map { _ in
          integers ? Double(Int.random(in: -2...2, using: &random)) : random.nextGaussian()
        })
      let dual = (0..<n).map { _ in random.nextGaussian() }
      let found = betaMax(design: design, dualPoint: dual)
      let expected = sweep(design, dual)
      #expect(abs(found - expected) <= 1e-7 * max(expected, 1e-300))
    }
  }

  @Test func degenerateDataHaveTheirValues() {
    #expect(betaMax(design: Matrix(rows: 3, columns: 2), dualPoint: [1, 2, 3]) == 0)
    #expect(betaMax(design: Matrix([[1, 2], [3, 4]]), dualPoint: [0, 0]) == 0)
    #expect(abs(betaMax(design: Matrix([[3, 4]]), dualPoint: [-2]) - 10) <= 1e-12)
    // The identity: the longer of the positive and the negative part.
    let identity = betaMax(design: .identity(4), dualPoint: [3, 4, -5, -12])
    #expect(abs(identity - 13) <= 1e-11)
    let spread = betaMax(design: .identity(20), dualPoint: (0..<20).map { $0 < 4 ? 1 : -1 })
    #expect(abs(spread - 4) <= 1e-9)
  }

  @Test func scalesWithBothArguments() {
    for kind in [TinyProblem.gaussian, .integerGrid, .fewerSamples, .rankDeficient] {
      let (design, targets) = kind.data(seed: 4)
      let reference = betaMax(design: design, dualPoint: targets)
      let scaled = Matrix(
        rows: design.rows, columns: design.columns, elements: design.elements.map { 100 * $0 })
      let found = betaMax(design: scaled, dualPoint: targets.map { -0.01 * $0 })
      #expect(abs(found - reference) <= 1e-8 * reference)
    }
  }

  /// A search that is stopped at once still gives the scale.
  @Test(arguments: [3, 20], [1.0, -1]) func aStoppedSearchHasAScale(rank: Int, sign: Double) throws {
    var random = SeededGenerator(seed: 1)
    let design = Matrix(
      rows: 200, columns: rank, elements: (0..<(200 * rank)).map { _ in random.nextGaussian() })
    let targets = (0..<200).map { _ in sign * random.nextUniform() }
    let problem = try TrainingProblem(design: design, targets: targets, beta: 1)
    let stop = StopSignal()
    stop.stop()
    let whole = problem.betaMax()
    let stopped = problem.betaMax(stop: stop)
    #expect(stopped > 0.5 * whole && stopped <= whole * (1 + 1e-12))
  }
}

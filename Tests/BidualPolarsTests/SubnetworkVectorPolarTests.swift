import BidualLinear
import Testing

@testable import BidualPolars

/// ‖Σᵢ Vᵢ max(0, Σⱼ sⱼ max(0, xᵢᵀwⱼ))‖ by loops, over Σⱼ‖wⱼ‖.
private func naiveQuotient(_ design: Matrix, _ dual: Matrix, _ vector: [Double], units: Int, family: Int)
  -> Double
{
  let r = design.columns
  let length = (0..<units).reduce(0) { $0 + norm(vector[($1 * r)..<(($1 + 1) * r)]) }
  guard length > 0 else { return 0 }
  var sums = [Double](repeating: 0, count: dual.columns)
  for i in 0..<design.rows {
    var input = 0.0
    for j in 0..<units {
      let height = (0..<r).reduce(0) { $0 + design[i, $1] * vector[j * r + $1] }
      if height > 0 { input += j < family ? height : -height }
    }
    if input > 0 { for c in sums.indices { sums[c] += dual[i, c] * input } }
  }
  return norm(sums) / length
}

/// The largest quotient that random points and random steps from the best of them lead to.
private func naivePolar(_ design: Matrix, _ dual: Matrix, units: Int, _ random: inout SeededGenerator)
  -> Double
{
  let size = units * design.columns
  var overall = 0.0
  for family in 1...max(1, units - 1) {
    var best = 0.0
    var place = [Double](repeating: 0, count: size)
    for round in 0..<4000 {
      let step = round < 1500 ? 1 : 0.3 * Double.random(in: 0...1, using: &random)
      let trial = place.map { (round < 1500 ? 0 : $0) + step * random.nextGaussian() }
      let value = naiveQuotient(design, dual, trial, units: units, family: family)
      if value > best {
        let length = subnetworkLength(trial, units: units)
        (best, place) = (value, trial.map { $0 / length })
      }
    }
    overall = max(overall, best)
  }
  return overall
}

@Suite struct SubnetworkVectorPolarTests {
  private func oracle(_ design: Matrix, units: Int, outputs: Int) -> SubnetworkVectorPolar {
    SubnetworkVectorPolar(Geometry(design, keepsAxes: true), width: units, outputs: outputs, threads: 1)
  }

  private func dual(_ rows: Int, outputs: Int, sumsToZero: Bool, _ random: inout SeededGenerator) -> Matrix {
    var dual = Matrix(
      rows: rows, columns: outputs, elements: (0..<(rows * outputs)).map { _ in random.nextGaussian() })
    guard sumsToZero else { return dual }
    for i in 0..<rows {
      let mean = dual.row(i).reduce(0, +) / Double(outputs)
      for c in 0..<outputs { dual[i, c] -= mean }
    }
    return dual
  }

  /// The bound stands above all that random search finds, and for two outputs that matter just above a maximiser.
  @Test(arguments: DesignKind.allCases, [1, 2]) func boundIsValidAndTight(kind: DesignKind, units: Int) {
    var random = SeededGenerator(seed: UInt64(units))
    for (outputs, sumsToZero) in [(1, false), (2, false), (2, true), (3, true), (3, false), (5, false)] {
      let rows = Int.random(in: 1...6, using: &random)
      let (design, _) = kind.instance(rows: rows, rank: 2, &random)
      let dual = dual(rows, outputs: outputs, sumsToZero: sumsToZero, &random)
      let found = oracle(design, units: units, outputs: outputs).bound(
        dual.elements, goal: .maximize(relativeTolerance: 1e-4, floor: 0))
      let rounding = 1e-8 * magnitude(design, dual.rowNorms) + 1e-100
      let best =
        found.maximizers.map {
          naiveQuotient(design, dual, $0.direction, units: units, family: $0.family)
        }.max() ?? 0
      let naive = naivePolar(design, dual, units: units, &random)
      #expect(max(best, naive) <= found.upper * (1 + 1e-12), "\(kind), \(outputs) outputs")
      if outputs < 3 || sumsToZero {
        #expect(found.upper <= best * (1 + 1.1e-4) + rounding, "\(kind), \(outputs) outputs")
      }
    }
  }

  /// One output, or one that is all zeros beside it, is what the polar of one output bounds.
  @Test func oneOutputAgrees() {
    var random = SeededGenerator(seed: 5)
    let (design, weights) = DesignKind.gaussian.instance(rows: 6, rank: 2, &random)
    let goal = PolarGoal.maximize(relativeTolerance: 1e-5, floor: 0)
    let scalar = SubnetworkPolar(Geometry(design, keepsAxes: true), width: 2, threads: 1).bound(
      weights, goal: goal)
    for outputs in 1...4 {
      let padded = weights.flatMap { [$0] + [Double](repeating: 0, count: outputs - 1) }
      let found = oracle(design, units: 2, outputs: outputs).bound(padded, goal: goal)
      #expect(abs(found.upper - scalar.upper) <= 2e-5 * scalar.upper)
    }
  }

  /// κ does not change where outputs are rotated.
  @Test func rotationsOfOutputsChangeNothing() {
    var random = SeededGenerator(seed: 6)
    let (design, _) = DesignKind.gaussian.instance(rows: 5, rank: 2, &random)
    let dual = dual(5, outputs: 2, sumsToZero: false, &random)
    let rotated = (0..<5).flatMap { i -> [Double] in
      [0.6 * dual[i, 0] - 0.8 * dual[i, 1], 0.8 * dual[i, 0] + 0.6 * dual[i, 1]]
    }
    let goal = PolarGoal.maximize(relativeTolerance: 1e-5, floor: 0)
    let oracle = oracle(design, units: 2, outputs: 2)
    let (one, other) = (oracle.bound(dual.elements, goal: goal), oracle.bound(rotated, goal: goal))
    #expect(abs(one.upper - other.upper) <= 2e-5 * one.upper)
  }

  @Test func proofsSucceedAboveThePolarAndFailBelow() {
    var random = SeededGenerator(seed: 7)
    let (design, _) = DesignKind.gaussian.instance(rows: 5, rank: 2, &random)
    let dual = dual(5, outputs: 3, sumsToZero: true, &random)
    let oracle = oracle(design, units: 2, outputs: 3)
    let upper = oracle.bound(dual.elements, goal: .maximize(relativeTolerance: 1e-6, floor: 0)).upper
    let proof = oracle.bound(dual.elements, goal: .prove(threshold: 1.0001 * upper, maximumViolators: 4))
    #expect(proof.isComplete && proof.upper <= 1.0001 * upper)
    let refuted = oracle.bound(dual.elements, goal: .prove(threshold: 0.999 * upper, maximumViolators: 1))
    #expect(!refuted.isComplete && !refuted.maximizers.isEmpty)
    for limit in [0, 1, 50] {
      let cut = oracle.bound(
        dual.elements, goal: .maximize(relativeTolerance: 1e-6, floor: 0), nodeLimit: limit)
      #expect(cut.upper >= upper * (1 - 1e-6))
    }
  }

  /// What was answered to whatever was asked is proven again, also where the outputs have one axis or the best g is an end of an arc.
  @Test(arguments: DesignKind.allCases, [1, 2]) func answersAreProvenAgain(kind: DesignKind, units: Int) {
    var random = SeededGenerator(seed: UInt64(70 + units))
    for trial in 0..<12 {
      let (rows, rank) = (2 + trial % 4, 1 + trial % (units == 1 ? 2 : 1))
      let (design, _) = kind.instance(rows: rows, rank: rank, &random)
      var dual = dual(rows, outputs: 2, sumsToZero: false, &random)
      for i in 0..<rows {
        if trial % 3 == 0 { dual[i, 1] = dual[i, 0] }
        if trial % 3 == 1 { dual[i, i % 2] = 0 }
      }
      let oracle = oracle(design, units: units, outputs: 2)
      for tolerance in [1e-3, 1e-6, 1e-8] {
        let answer = oracle.bound(
          dual.elements, goal: .maximize(relativeTolerance: tolerance, floor: 0), nodeLimit: 20_000)
        // The room that a certificate has.
        let claim = answer.upper * (1 + 0x1p-36)
        let again = oracle.bound(dual.elements, goal: .prove(threshold: claim, maximumViolators: 1))
        #expect(again.upper <= claim, "\(kind), trial \(trial): \(again.upper / claim - 1)")
      }
    }
  }

  /// A claim that is nearer to the best value than the accuracy of bounds was once refused.
  @Test func claimNearTheBestIsProven() {
    let design = Matrix(
      rows: 4, columns: 1, elements: [1, 0.5, -0.75, 2])
    let dual = [0.195615, 0.195615, 0.05057, 0.05057, 0.2335732, 0.2335732, -0.459057, -0.459057]
    let oracle = oracle(design, units: 2, outputs: 2)
    let best = oracle.bound(dual, goal: .maximize(relativeTolerance: 1e-12, floor: 0)).upper
    for room in [4e-10, 1e-9, 5e-9, 1e-7] {
      let claim = best * (1 + room)
      #expect(oracle.bound(dual, goal: .prove(threshold: claim, maximumViolators: 1)).upper <= claim)
    }
  }
}

import BidualLinear
import Testing

@testable import BidualPolars

/// Σ Vᵢ max(0, Σⱼ sⱼ max(0, xᵢᵀwⱼ)) by loops, over Σⱼ‖wⱼ‖.
private func naiveQuotient(
  _ design: Matrix, _ weights: [Double], _ vector: [Double], units: Int, family: Int
) -> Double {
  let r = design.columns
  var length = 0.0
  for j in 0..<units { length += norm(vector[(j * r)..<((j + 1) * r)]) }
  guard length > 0 else { return 0 }
  var sum = 0.0
  for i in 0..<design.rows {
    var input = 0.0
    for j in 0..<units {
      var height = 0.0
      for k in 0..<r { height += design[i, k] * vector[j * r + k] }
      if height > 0 { input += j < family ? height : -height }
    }
    if input > 0 { sum += weights[i] * input }
  }
  return sum / length
}

/// The largest quotient that random points and random steps from the best of them lead to.
private func naivePolar(
  _ design: Matrix, _ weights: [Double], units: Int, points: Int, _ random: inout SeededGenerator
) -> Double {
  let size = units * design.columns
  var overall = 0.0
  for family in 1...max(1, units - 1) {
    for sign in [1.0, -1] {
      var best = 0.0
      var place = [Double](repeating: 0, count: size)
      for round in 0..<(3 * points) {
        let step = round < points ? 1 : 0.3 * Double.random(in: 0...1, using: &random)
        let trial = place.indices.map { (round < points ? 0 : place[$0]) + step * random.nextGaussian() }
        let value = sign * naiveQuotient(design, weights, trial, units: units, family: family)
        if value > best {
          let length = subnetworkLength(trial, units: units)
          (best, place) = (value, trial.map { $0 / length })
        }
      }
      overall = max(overall, best)
    }
  }
  return overall
}

@Suite struct SubnetworkPolarTests {
  private func oracle(_ design: Matrix, units: Int, threads: Int = 1) -> SubnetworkPolar {
    SubnetworkPolar(Geometry(design, keepsAxes: true), width: units, threads: threads)
  }

  /// The bound stands above all that random search finds, and a reported maximiser stands just below the bound.
  @Test(arguments: DesignKind.allCases, [2, 3]) func boundIsValidAndTight(kind: DesignKind, units: Int) {
    var random = SeededGenerator(seed: UInt64(units))
    for trial in 0..<5 {
      let rank = units == 2 ? 1 + trial % 3 : 1 + trial % 2
      let rows = trial == 0 ? 1 : Int.random(in: 1...8, using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, &random)
      let found = oracle(design, units: units).bound(
        weights, goal: .maximize(relativeTolerance: 1e-4, floor: 0))
      let rounding = 1e-8 * magnitude(design, weights) + 1e-100
      #expect(found.isComplete, "\(kind), rank \(rank), \(rows) rows")
      var best = 0.0
      for maximizer in found.maximizers {
        let value =
          maximizer.sign
          * naiveQuotient(design, weights, maximizer.direction, units: units, family: maximizer.family)
        #expect(abs(value - maximizer.value) <= rounding)
        #expect(abs(subnetworkLength(maximizer.direction, units: units) - 1) < 1e-12)
        best = max(best, value)
      }
      #expect(found.upper >= best)
      #expect(found.upper <= best * (1 + 1.01e-4) + rounding, "\(kind), rank \(rank), \(rows) rows")
      let naive = naivePolar(design, weights, units: units, points: 2000, &random)
      #expect(naive <= found.upper, "\(kind), rank \(rank), \(rows) rows")
    }
  }

  /// With one unit a sub-network is a neuron.
  @Test(arguments: DesignKind.allCases, 1...3) func oneUnitAgreesWithTheTwoLayerPolar(
    kind: DesignKind, rank: Int
  ) {
    var random = SeededGenerator(seed: UInt64(20 + rank))
    for _ in 0..<3 {
      let (design, weights) = kind.instance(rows: 12, rank: rank, &random)
      let single = oracle(design, units: 1).bound(
        weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
      let twoLayer = SphericalBranchAndBound(design).bound(
        weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
      let rounding = 1e-8 * magnitude(design, weights) + 1e-100
      #expect(single.isComplete)
      #expect(abs(single.upper - twoLayer.upper) <= 2e-6 * twoLayer.upper + rounding, "\(kind), rank \(rank)")
    }
  }

  /// More units are worth no less.
  @Test(arguments: DesignKind.allCases) func widerSubnetworksAreWorthMore(kind: DesignKind) {
    var random = SeededGenerator(seed: 4)
    let (design, weights) = kind.instance(rows: 6, rank: 2, &random)
    let polars = (1...3).map {
      oracle(design, units: $0).bound(weights, goal: .maximize(relativeTolerance: 1e-5, floor: 0)).upper
    }
    let rounding = 1e-8 * magnitude(design, weights) + 1e-100
    #expect(polars[0] <= polars[1] * (1 + 1e-5) + rounding)
    #expect(polars[1] <= polars[2] * (1 + 1e-5) + rounding)
  }

  @Test func proofsSucceedAboveThePolarAndFailBelow() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<6 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 7, rank: 2, &random)
      let polar = oracle(design, units: 2)
      let upper = polar.bound(weights, goal: .maximize(relativeTolerance: 1e-7, floor: 0)).upper
      let proof = polar.bound(weights, goal: .prove(threshold: 1.0001 * upper, maximumViolators: 4))
      #expect(proof.isComplete && proof.maximizers.isEmpty && proof.upper <= 1.0001 * upper)
      let refuted = polar.bound(weights, goal: .prove(threshold: 0.999 * upper, maximumViolators: 1))
      #expect(!refuted.isComplete && !refuted.maximizers.isEmpty)
    }
  }

  /// What a search found, one that begins otherwise proves again within the room, however near the threshold is to the polar and
  /// however much weights cancel.
  @Test(arguments: DesignKind.allCases) func boundsAreProvenAgainWithinTheirRoom(kind: DesignKind) {
    var random = SeededGenerator(seed: 12)
    for rank in [1, 2, 2] {
      let (design, weights) = kind.instance(rows: 6, rank: rank, &random)
      let polar = oracle(design, units: 2)
      let near = polar.bound(weights, goal: .maximize(relativeTolerance: 1e-12, floor: 0)).upper
      for distance in [-1e-9, -1e-10, 0, 1e-10, 1e-9, 1e-6] {
        let first = polar.bound(
          weights, goal: .prove(threshold: near * (1 + distance), maximumViolators: 64))
        let claim = polar.room(weights).claim(first.upper)
        let second = polar.bound(weights, goal: .prove(threshold: claim, maximumViolators: 1))
        #expect(second.upper <= claim, "\(second.upper / first.upper - 1)")
      }
    }
  }

  /// A search that is cut short still bounds, and all threads give one answer.
  @Test func cutShortSearchesBoundAndThreadsAgree() {
    var random = SeededGenerator(seed: 10)
    let (design, weights) = DesignKind.gaussian.instance(rows: 9, rank: 2, &random)
    let goal = PolarGoal.maximize(relativeTolerance: 1e-6, floor: 0)
    let whole = oracle(design, units: 3).bound(weights, goal: goal)
    for limit in [0, 1, 100, 1000] {
      let cut = oracle(design, units: 3).bound(weights, goal: goal, nodeLimit: limit)
      #expect(cut.upper >= whole.maximizers[0].value)
    }
    let cancelled = oracle(design, units: 3).bound(weights, goal: goal, isCancelled: { true })
    #expect(cancelled.upper >= whole.upper * (1 - 1e-9) && !cancelled.isComplete)
    let threaded = oracle(design, units: 3, threads: 2).bound(weights, goal: goal)
    #expect(threaded.upper == whole.upper && threaded.nodes == whole.nodes)
  }

  /// Many units or a high rank have a bound in closed form.
  @Test func largeProblemsHaveACeiling() {
    var random = SeededGenerator(seed: 11)
    let (design, weights) = DesignKind.gaussian.instance(rows: 20, rank: 5, &random)
    let found = oracle(design, units: 4).bound(weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0))
    #expect(!found.isComplete && found.upper.isFinite)
    #expect(found.upper >= naivePolar(design, weights, units: 4, points: 500, &random))
  }
}

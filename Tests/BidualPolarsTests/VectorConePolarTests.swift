import BidualArrangements
import BidualLinear
import Testing

@testable import BidualPolars

@Suite struct VectorConePolarTests {
  private func tight(_ oracle: VectorConePolar, _ weights: [Double]) -> PolarBound {
    oracle.bound(weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
  }

  /// ‖VᵀDXu‖ by loops.
  private func value(
    _ design: Matrix, _ patterns: PatternSet, _ pattern: Int, _ weights: [Double], _ outputs: Int,
    _ direction: [Double]
  ) -> Double {
    var image = [Double](repeating: 0, count: outputs)
    for i in 0..<design.rows where patterns.isActive(pattern: pattern, sample: i) {
      let height = dot(design.row(i), direction)
      for k in 0..<outputs { image[k] += weights[i * outputs + k] * height }
    }
    return norm(image)
  }

  /// The bound stands above the value of every vector of the cones, drawn or found, also where a pattern has no cone but zero.
  @Test(arguments: DesignKind.allCases, 1...4) func boundIsValid(kind: DesignKind, outputs: Int) throws {
    var random = SeededGenerator(seed: UInt64(10 + outputs))
    for trial in 0..<8 {
      let rank = 1 + trial % 5
      let rows = trial == 0 ? 1 : Int.random(in: 1...20, using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, outputs: outputs, &random)
      let gates = (0..<6).map { _ in (0..<rank).map { _ in random.nextGaussian() } }
      var all = gates.map { gate in (0..<rows).map { dot(design.row($0), gate) >= 0 } }
      all.append((0..<rows).map { _ in Bool.random(using: &random) })
      let patterns = PatternSet(rows: all, samples: rows)
      let bound = tight(VectorConePolar(design, patterns: patterns, outputs: outputs), weights)
      let projection = ConeProjection(unitRows: design.unitRows)
      let rounding = 1e-10 * vectorMagnitude(design, weights, outputs: outputs) + 1e-100
      #expect(bound.upper.isFinite && bound.isComplete)
      for pattern in 0..<patterns.count {
        let signs = patterns.signs(of: pattern)
        for draw in 0..<40 {
          let start =
            draw == 0 && pattern < 6 ? gates[pattern] : (0..<rank).map { _ in random.nextGaussian() }
          let point = projection.project(start, signs: signs).point
          guard norm(point) > 1e-6 * norm(start) else { continue }
          let found = value(design, patterns, pattern, weights, outputs, point.normalized)
          #expect(found <= bound.upper + rounding, "\(kind), rank \(rank), pattern \(pattern)")
        }
      }
      for maximizer in bound.maximizers {
        let found = value(design, patterns, maximizer.family, weights, outputs, maximizer.direction)
        #expect(abs(found - maximizer.value) <= rounding && maximizer.value <= bound.upper + rounding)
      }
    }
  }

  /// Cones of up to four facets have no gap between the bound and the best of them.
  @Test(arguments: [2, 3], 2...4) func boundIsTightForFewFacets(rank: Int, outputs: Int) throws {
    var random = SeededGenerator(seed: UInt64(100 * rank + outputs))
    for _ in 0..<10 {
      let (design, weights) = DesignKind.gaussian.instance(
        rows: rank == 2 ? 15 : 4, rank: rank, outputs: outputs, &random)
      let tree = try Arrangement(design).chambers(limit: 1000)
      let patterns = PatternSet((0..<tree.count).map(tree.pattern), samples: design.rows)
      let bound = tight(VectorConePolar(design, patterns: patterns, outputs: outputs), weights)
      let exact = try EnumeratedVectorPolar(design, outputs: outputs).bound(weights).upper
      #expect(bound.upper >= exact * (1 - 1e-12))
      #expect(bound.upper <= exact * (1 + 1e-5), "\(bound.upper / exact - 1)")
      #expect(abs((bound.maximizers.first?.value ?? 0) - exact) <= 1e-6 * exact)
    }
  }

  /// With more facets it is above the exact value, and below what singular values say.
  @Test(arguments: 2...4) func boundBeatsSingularValues(outputs: Int) throws {
    var random = SeededGenerator(seed: UInt64(outputs))
    let (design, weights) = DesignKind.gaussian.instance(rows: 14, rank: 4, outputs: outputs, &random)
    let tree = try Arrangement(design).chambers(limit: 5000)
    let patterns = PatternSet((0..<tree.count).map(tree.pattern), samples: design.rows)
    let bound = tight(VectorConePolar(design, patterns: patterns, outputs: outputs), weights).upper
    let plain = tight(
      design, patterns, outputs, weights)
    let exact = try EnumeratedVectorPolar(design, outputs: outputs).bound(weights).upper
    #expect(bound >= exact * (1 - 1e-12) && bound <= 1.1 * exact, "\(bound / exact)")
    #expect(plain > 1.1 * bound)
  }

  private func tight(_ design: Matrix, _ patterns: PatternSet, _ outputs: Int, _ weights: [Double]) -> Double
  {
    VectorPatternPolar(design, patterns: patterns, outputs: outputs)
      .bound(weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0)).upper
  }

  /// A goal above the bound is met; one cut short is answered by singular values.
  @Test func goalsAreMetAndCutsAreHonest() throws {
    var random = SeededGenerator(seed: 3)
    let (design, weights) = DesignKind.gaussian.instance(rows: 12, rank: 3, outputs: 2, &random)
    let gates = Matrix(rows: 10, columns: 3, elements: (0..<30).map { _ in random.nextGaussian() })
    let patterns = PatternSet(
      rows: (0..<10).map { p in design.times(Array(gates.row(p))).map { $0 >= 0 } }, samples: 12)
    let oracle = VectorConePolar(design, patterns: patterns, outputs: 2)
    let bound = tight(oracle, weights).upper
    let proof = oracle.bound(weights, goal: .prove(threshold: 1.01 * bound, maximumViolators: 5))
    #expect(proof.upper <= 1.01 * bound && proof.isComplete && proof.maximizers.isEmpty)
    let refuted = oracle.bound(weights, goal: .prove(threshold: 0.9 * bound, maximumViolators: 2))
    #expect(refuted.upper > 0.9 * bound && (1...2).contains(refuted.maximizers.count))
    let cut = oracle.bound(
      weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0), isCancelled: { true })
    #expect(cut.upper >= bound * (1 - 1e-9))
  }

  /// What one search answered, whatever it was asked for, is proven again, on any number of threads.
  @Test(arguments: DesignKind.allCases, 2...3) func answersAreProvenAgain(kind: DesignKind, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(40 + outputs))
    for trial in 0..<20 {
      let rank = 1 + trial % 4
      let rows = Int.random(in: 2...10, using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, outputs: outputs, &random)
      let gates = (0..<6).map { _ in (0..<rank).map { _ in random.nextGaussian() } }
      let patterns = PatternSet(rows: gates.map { design.times($0).map { $0 >= 0 } }, samples: rows)
      let oracles = [1, 2].map {
        VectorConePolar(design, patterns: patterns, outputs: outputs, threads: $0)
      }
      BLAS.singleThreaded {
        let best = tight(oracles[0], weights).upper
        for goal in [best, 1.001 * best, 1.1 * best, 0.5 * best] {
          let answer = oracles[0].bound(weights, goal: .prove(threshold: goal, maximumViolators: 8)).upper
          // The room that a certificate has.
          let claim = answer * (1 + 0x1p-36)
          for oracle in oracles {
            let again = oracle.bound(weights, goal: .prove(threshold: claim, maximumViolators: 1))
            #expect(again.upper <= claim, "\(kind), rank \(rank), trial \(trial): \(again.upper / claim - 1)")
          }
        }
      }
    }
  }

  /// Rows and weights of any size: no trap, no number that is none, nothing understated.
  @Test(arguments: [1e-300, 1e-160, 1e-8, 1e8, 1e150, 1e300]) func anyScale(scale: Double) {
    var random = SeededGenerator(seed: 8)
    let (design, weights) = DesignKind.gaussian.instance(rows: 8, rank: 3, outputs: 2, &random)
    let gate = (0..<3).map { _ in random.nextGaussian() }
    let patterns = PatternSet(rows: [design.times(gate).map { $0 >= 0 }], samples: 8)
    let plain = tight(VectorConePolar(design, patterns: patterns, outputs: 2), weights).upper
    var scaled = design
    for k in scaled.elements.indices { scaled.elements[k] *= scale }
    let bound = tight(VectorConePolar(scaled, patterns: patterns, outputs: 2), weights).upper
    #expect(bound >= plain * scale * (1 - 1e-4))
    let other = tight(VectorConePolar(design, patterns: patterns, outputs: 2), weights.map { $0 * scale })
    #expect(other.upper >= plain * scale * (1 - 1e-4))
  }
}

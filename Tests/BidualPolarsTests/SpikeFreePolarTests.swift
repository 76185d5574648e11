import BidualLinear
import BidualSolvers
import Testing

@testable import BidualPolars

extension SpikeFreePolar {
  fileprivate func bound(_ weights: [Double]) -> PolarBound {
    bound(weights, goal: .maximize(relativeTolerance: 1e-9, floor: 0))
  }
}

@Suite struct SpikeFreePolarTests {
  /// κ(V) = max(‖V₊‖, ‖V₋‖) on whitened data of any rank, from numbers that are exact in binary.
  @Test func whitenedPolarsFollowTheFormula() throws {
    let exact = try #require(SpikeFreePolar(Matrix.identity(4)))
    #expect(exact.stretch >= 1 && exact.stretch < 1 + 1e-14)
    let bound = exact.bound([3, 4, -5, -12])
    #expect(bound.isComplete && bound.upper >= 13 && bound.upper < 13 * (1 + 1e-13))
    #expect(bound.maximizers.map(\.sign) == [-1, 1])
    #expect(abs(bound.maximizers[0].value - 13) < 1e-13 && abs(bound.maximizers[1].value - 5) < 1e-13)
    var random = SeededGenerator(seed: 1)
    for (n, d) in [(1, 1), (3, 3), (50, 80), (200, 200)] {
      let design = SpikeFreeDesigns.orthonormalRows(n, d, &random)
      let oracle = try #require(SpikeFreePolar(design))
      #expect(oracle.isSpikeFree)
      for _ in 0..<3 {
        let v = SpikeFreeDesigns.gaussian(n, &random)
        let formula = max(norm(v.map { max(0, $0) }), norm(v.map { min(0, $0) }))
        let found = oracle.bound(v)
        #expect(found.upper >= formula * (1 - 1e-13) && found.upper <= formula * (1 + 1e-10))
      }
    }
  }

  /// Against the search over all chambers, and tight.
  @Test(arguments: 1...3) func boundsAgreeWithAllChambers(rank: Int) throws {
    var random = SeededGenerator(seed: UInt64(rank))
    for trial in 0..<40 {
      let n = 1 + trial % rank
      let g = SpikeFreeDesigns.mMatrix(n, density: 0.8, margin: [1, 0.1, 0.01][trial % 3], &random)
      var design = SpikeFreeDesigns.design(inverseGram: g, features: rank, &random)
      if trial % 4 == 3 {
        design = Matrix(
          rows: 2 * n + 1, columns: rank,
          elements: design.elements + design.elements.map { 0.3 * $0 } + [Double](repeating: 0, count: rank))
      }
      let weights = SpikeFreeDesigns.gaussian(design.rows, &random)
      let oracle = try #require(SpikeFreePolar(design))
      let bound = oracle.bound(weights)
      let exact = BruteForcePolar.value(design, weights)
      #expect(bound.isComplete && oracle.isSpikeFree)
      #expect(bound.upper >= exact * (1 - 1e-13))
      #expect(bound.upper <= exact * (1 + 1e-9) + 1e-11 * magnitude(design, weights))
      let best = try #require(bound.maximizers.first)
      #expect(best.value <= bound.upper && best.value >= bound.upper * (1 - 1e-8))
      let naive = best.sign * naiveValue(design, weights, best.direction)
      #expect(abs(best.value - naive) < 1e-12 * magnitude(design, weights))
    }
  }

  @Test func boundsAgreeWithBranchAndBound() throws {
    var random = SeededGenerator(seed: 5)
    for trial in 0..<8 {
      let g = SpikeFreeDesigns.mMatrix(4, density: 0.8, margin: 0.2, &random)
      let design = SpikeFreeDesigns.design(inverseGram: g, features: 4 + trial % 2, &random)
      let weights = SpikeFreeDesigns.gaussian(4, &random)
      let bound = try #require(SpikeFreePolar(design)).bound(weights)
      let search = SphericalBranchAndBound(RowSpace(of: design).coordinates)
        .bound(weights, goal: .maximize(relativeTolerance: 1e-8, floor: 0))
      #expect(search.isComplete && abs(bound.upper - search.upper) <= 2e-8 * search.upper)
    }
  }

  /// Designs that are not spike-free have a bound as long as their stretch is finite, and it holds.
  @Test func stretchedBoundsHoldOnOtherDesigns() {
    var random = SeededGenerator(seed: 6)
    var stretched = 0
    for trial in 0..<300 {
      let rank = 2 + trial % 2
      let noise = [0.02, 0.1, 0.3, 1][trial % 4]
      var design = Matrix.identity(rank)
      for k in design.elements.indices { design.elements[k] += noise * random.nextGaussian() }
      guard let oracle = SpikeFreePolar(design) else { continue }
      if !oracle.isSpikeFree { stretched += 1 }
      for _ in 0..<4 {
        let weights = SpikeFreeDesigns.gaussian(rank, &random)
        let bound = oracle.bound(weights)
        let exact = BruteForcePolar.value(design, weights)
        #expect(bound.upper >= exact * (1 - 1e-13), "\(design) \(weights)")
        // No looser than the stretch and the shape of the cone allow.
        #expect(bound.upper <= exact * oracle.stretch * oracle.stretch * 1.2)
        #expect(bound.isComplete == oracle.isSpikeFree)
      }
    }
    #expect(stretched > 50)
  }

  /// The multipliers are those of non-negative least squares.
  @Test(arguments: [3, 12, 40]) func multipliersAreTheShortest(n: Int) {
    var random = SeededGenerator(seed: UInt64(n))
    for density in [0.05, 0.5, 1] {
      let g = SpikeFreeDesigns.mMatrix(n, density: density, margin: 0.2, &random)
      let rows = SpikeFreeDesigns.design(inverseGram: g, features: n + 3, &random)
      for shift in [-1.0, 0, 1] {
        let w = SpikeFreeDesigns.gaussian(n, &random).map { $0 + shift }
        let multipliers = LeastMajorant.multipliers(above: w, gram: rows.timesTransposed(rows))
        #expect(zip(multipliers, w).allSatisfy { $0 >= $1 })
        let projected = ConeProjection(unitRows: rows.unitRows)
          .project(rows.transposedTimes(w), signs: Array(repeating: 1, count: n))
        let length = norm(rows.transposedTimes(multipliers))
        #expect(abs(length - projected.value) <= 1e-9 * norm(rows.transposedTimes(w)))
      }
    }
  }

  @Test func designsWithoutAStretchHaveNoOracle() {
    var random = SeededGenerator(seed: 8)
    #expect(SpikeFreePolar(Matrix([[1], [-1]])) == nil)
    #expect(SpikeFreePolar(Matrix([[1, 0], [0, 1], [1, 1]])) == nil)
    #expect(SpikeFreePolar(Matrix([[1, 0], [-0.9, 0.1]])) == nil)
    #expect(
      SpikeFreePolar(Matrix(rows: 200, columns: 3, elements: SpikeFreeDesigns.gaussian(600, &random))) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func badWeightsBoundNothing(weight: Double) throws {
    for design in [Matrix.identity(3), Matrix([[1, 0], [2, 0], [0, 0]]), Matrix(rows: 3, columns: 2)] {
      for place in 0..<2 {
        var weights = [1.0, -1, 0]
        weights[place] = weight
        let found = try #require(SpikeFreePolar(design)).bound(weights)
        #expect(!found.isComplete || norm(design.elements) == 0)
        #expect(found.upper == .infinity)
      }
    }
  }

  @Test func extremeScalesKeepTheBound() throws {
    for scale in [0x1p-330, 0x1p-100, 0x1p300] {
      let design = Matrix([[scale, 0, 0], [0, 0x1p-7, 0]])
      let bound = try #require(SpikeFreePolar(design)).bound([3, -4 * scale * 0x1p7])
      #expect(bound.upper >= 4 * scale && bound.upper <= 4 * scale * (1 + 1e-12) + 0x1p-480)
    }
    let zero = try #require(SpikeFreePolar(Matrix.identity(2))).bound([0, 0])
    #expect(zero.upper >= 0 && zero.upper < 1e-100 && zero.maximizers.isEmpty && zero.isComplete)
    // Rows too short to square are charged for whole.
    let tiny = try #require(SpikeFreePolar(Matrix([[1, 0], [0x1p-450, 0]]))).bound([0, 0x1p500])
    #expect(tiny.upper >= 0x1p50)
  }

  /// Rows that are multiples but for their last bits are merged, and charged for.
  @Test func nearMultiplesAreCharged() throws {
    var random = SeededGenerator(seed: 14)
    for _ in 0..<50 {
      let x = SpikeFreeDesigns.gaussian(3, &random)
      let nudged = x.map { 3 * $0 * (1 + 1e-13 * random.nextGaussian()) }
      let design = Matrix([x, nudged])
      let weights = [1.0, -1.0 / 3]
      let bound = try #require(SpikeFreePolar(design)).bound(weights)
      for _ in 0..<500 {
        #expect(abs(naiveValue(design, weights, randomDirection(3, &random))) <= bound.upper)
      }
    }
  }

  /// Proofs succeed above the polar and name violators below it, at ranks that can't be searched too.
  @Test(arguments: [3, 30]) func proofsOfTheCombinedOracle(n: Int) {
    var random = SeededGenerator(seed: UInt64(n))
    let g = SpikeFreeDesigns.mMatrix(n, density: 0.5, margin: 0.3, &random)
    let design = SpikeFreeDesigns.design(inverseGram: g, features: n, &random)
    let weights = SpikeFreeDesigns.gaussian(n, &random)
    let oracle = TwoLayerPolar(design)
    let polar = oracle.bound(weights, goal: .maximize(relativeTolerance: 1e-9, floor: 0)).upper
    let proof = oracle.bound(weights, goal: .prove(threshold: polar * (1 + 1e-9), maximumViolators: 5))
    #expect(proof.isComplete && proof.maximizers.isEmpty && proof.upper <= polar * (1 + 1e-9))
    let refuted = oracle.bound(weights, goal: .prove(threshold: 0.99 * polar, maximumViolators: 1))
    #expect(!refuted.isComplete && refuted.maximizers.count == 1 && refuted.upper >= polar * (1 - 1e-9))
    #expect(refuted.maximizers[0].value > 0.99 * polar)
  }

  /// Nearly orthogonal samples of high rank: neither search nor spike-freeness, but a better bound than the
  /// spectral one.
  @Test func nearlyOrthogonalSamplesAreBoundedByTheirStretch() {
    var random = SeededGenerator(seed: 20)
    let (n, d) = (20, 20)
    var design = SpikeFreeDesigns.orthonormalRows(n, d, &random)
    for k in design.elements.indices { design.elements[k] += 2e-3 * random.nextGaussian() }
    let weights = SpikeFreeDesigns.gaussian(n, &random)
    let goal = PolarGoal.maximize(relativeTolerance: 1e-3, floor: 0)
    let spectral = SphericalBranchAndBound(design).bound(weights, goal: goal).upper
    let combined = TwoLayerPolar(design).bound(weights, goal: goal)
    #expect(!combined.isComplete && combined.upper < 0.95 * spectral)
    let ascent = LocalAscent(Hyperplanes(design))
    let starts = Matrix((0..<100).map { _ in randomDirection(d, &random) })
    let best = ascent.maxima(of: weights, from: starts, above: 0, limit: 20).map(\.value).max() ?? 0
    #expect(best > 0 && combined.upper >= best && combined.upper < 1.05 * best)
  }
}

import BidualLinear
import Testing

@testable import BidualPolars

@Suite struct VectorSpikeFreePolarTests {
  private func oracle(_ design: Matrix, outputs: Int) throws -> VectorSpikeFreePolar {
    VectorSpikeFreePolar(try #require(SpikeFreePolar(design)), coordinates: design, outputs: outputs)
  }

  private func bound(_ oracle: VectorSpikeFreePolar, _ weights: [Double], tolerance: Double = 1e-6)
    -> PolarBound
  {
    oracle.bound(weights, goal: .maximize(relativeTolerance: tolerance, floor: 0), isCancelled: { false })
  }

  /// Up to four rays the relaxation is exact: it meets the enumeration of all chambers, never from below.
  @Test(arguments: 1...3) func boundsAreTightForFewRays(rank: Int) throws {
    var random = SeededGenerator(seed: UInt64(rank))
    for outputs in [2, 3] {
      for margin in [0.02, 1.0] {
        let inverse = SpikeFreeDesigns.mMatrix(rank, density: 1, margin: margin, &random)
        let design = SpikeFreeDesigns.design(inverseGram: inverse, features: rank, &random)
        let oracle = try oracle(design, outputs: outputs)
        for _ in 0..<4 {
          let v = SpikeFreeDesigns.gaussian(rank * outputs, &random)
          let exact = try EnumeratedVectorPolar(design, outputs: outputs).bound(v).upper
          let found = bound(oracle, v)
          #expect(found.upper >= exact * (1 - 1e-12))
          #expect(found.upper <= exact * (1 + 1e-5))
          #expect(found.maximizers.allSatisfy { $0.value <= exact * (1 + 1e-12) })
        }
      }
    }
  }

  /// With one output it is the bound of one output.
  @Test func oneOutputAgrees() throws {
    var random = SeededGenerator(seed: 4)
    let design = SpikeFreeDesigns.orthonormalRows(20, 30, &random)
    let base = try #require(SpikeFreePolar(design))
    for _ in 0..<3 {
      let v = SpikeFreeDesigns.gaussian(20, &random)
      let one = base.bound(v, goal: .maximize(relativeTolerance: 1e-9, floor: 0)).upper
      let found = bound(try oracle(design, outputs: 1), v)
      #expect(found.upper >= one * (1 - 1e-9) && found.upper <= one * (1 + 1e-4))
    }
  }

  /// The bound holds for samples that are repeated, multiples of one another and zero, in any unit, and a direction that is named has its value.
  @Test(arguments: [1e-90, 1, 1e90]) func degenerateRowsAreBounded(unit: Double) throws {
    var random = SeededGenerator(seed: 5)
    let rays = SpikeFreeDesigns.orthonormalRows(12, 16, &random)
    let rows = (0..<12).map { Array(rays.row($0)) }
    let design = Matrix(rows + [rows[0], rows[1].map { 3 * $0 }, [Double](repeating: 0, count: 16)])
    let v = SpikeFreeDesigns.gaussian(15 * 4, &random).map { unit * $0 }
    func value(_ u: [Double]) -> Double {
      let heights = design.times(u).map { max(0, $0) }
      return norm(
        (0..<4).map { k in heights.indices.reduce(0) { $0 + heights[$1] * (v[$1 * 4 + k] / unit) } })
    }
    let found = bound(try oracle(design, outputs: 4), v)
    let best = try #require(found.maximizers.first)
    #expect(abs(value(best.direction) - best.value / unit) <= 1e-9 * best.value / unit)
    #expect(best.value <= found.upper && found.upper <= best.value * 1.01)
    for _ in 0..<500 {
      let u = SpikeFreeDesigns.gaussian(16, &random).normalized
      #expect(value(u) <= found.upper / unit)
    }
  }

  /// A proof is complete below the threshold, and names a violator above it.
  @Test func goalsAreMet() throws {
    var random = SeededGenerator(seed: 6)
    let design = SpikeFreeDesigns.orthonormalRows(30, 30, &random)
    let oracle = try oracle(design, outputs: 5)
    let v = SpikeFreeDesigns.gaussian(30 * 5, &random)
    let best = bound(oracle, v)
    let value = try #require(best.maximizers.first?.value)
    func prove(_ threshold: Double) -> PolarBound {
      oracle.bound(v, goal: .prove(threshold: threshold, maximumViolators: 8), isCancelled: { false })
    }
    let proven = prove(best.upper * 1.001)
    #expect(proven.isComplete && proven.maximizers.isEmpty)
    let refuted = prove(0.9 * value)
    #expect(!refuted.isComplete && refuted.maximizers.count == 1)
    let cancelled = oracle.bound(
      v, goal: .maximize(relativeTolerance: 1e-9, floor: 0), isCancelled: { true })
    #expect(cancelled.upper >= value && !cancelled.isComplete)
    #expect(prove(.infinity).isComplete)
    #expect(bound(oracle, [Double](repeating: 0, count: 150)).upper == 0)
    #expect(bound(oracle, [Double](repeating: .nan, count: 150)).upper == .infinity)
  }
}

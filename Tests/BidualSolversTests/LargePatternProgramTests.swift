import BidualArrangements
import BidualLinear
import BidualModels
import Testing

@testable import BidualSolvers

/// What the program over given patterns does in many dimensions and with many samples.
@Suite struct LargePatternProgramTests {
  private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  /// Rows that repeat, are zero or lie close together, as images do, in more dimensions than faces grow row by row.
  @Test(arguments: [0.0, 3.0]) func wideProjectionsAgreeWithOneRowAtATime(shift: Double) throws {
    let r = PatternCones.narrowRank + 5
    var design = gaussian(330, r, seed: 5)
    for j in 0..<r {
      design[7, j] = 2 * design[3, j]
      design[11, j] = 0
    }
    for i in 0..<330 where i != 11 { design[i, 0] += shift }
    let patterns = try PatternCollection([GaussianGates(draws: 3)], data: design, seed: 2).packed
    var cones = PatternCones(design, patterns: patterns, blocks: 2 * patterns.count)
    let naive = ConeProjection(unitRows: design.unitRows)
    for (block, seed) in [(0, 1), (1, 2), (0, 3), (2, 4)] as [(Int, UInt64)] {
      let g = gaussian(1, r, seed: seed).elements
      let signs = (0..<330).map { patterns.isActive(pattern: block, sample: $0) ? Int8(1) : -1 }
      let expected = naive.project(g, signs: signs)
      let projection = cones.project(g, block: block, cut: 0)
      #expect(abs(projection.length - expected.value) <= 1e-8 * norm(g))
      #expect(norm(zip(projection.point, expected.point).map(-)) <= 1e-7 * norm(g))
      // The point lies in the span of its face, whose directions are orthonormal and orthogonal to its rows.
      let directions = Matrix(
        rows: r - projection.face.rows.count, columns: r, elements: projection.face.directions)
      let along = directions.transposedTimes(directions.times(projection.point))
      #expect(norm(zip(along, projection.point).map(-)) <= 1e-7 * norm(g))
      let square = directions.timesTransposed(directions)
      for k in 0..<square.rows {
        for l in 0..<square.rows { #expect(abs(square[k, l] - (k == l ? 1 : 0)) <= 1e-10) }
        for row in projection.face.rows {
          #expect(abs(dot(directions.row(k), design.unitRows.row(row))) <= 1e-7)
        }
      }
      // A second time from what was learned, and cut short.
      cones.remember(projection, block: block)
      let again = cones.project(g, block: block, cut: 0)
      #expect(abs(again.length - expected.value) <= 1e-8 * norm(g))
      let short = cones.project(g, block: block, cut: 2 * expected.value)
      #expect(short.length <= 2 * expected.value && short.length >= expected.value * (1 - 1e-9))
      // Stopped at any step it says no less than the truth, and its push shows that.
      for steps in [0, 3, 7] {
        var fresh = PatternCones(design, patterns: patterns, blocks: 2 * patterns.count)
        var asked = 0
        let stopped = fresh.project(g, block: block, cut: 0) {
          asked += 1
          return asked > steps
        }
        #expect(stopped.length >= expected.value * (1 - 1e-9))
        #expect(norm(zip(g, stopped.push).map(+)) >= expected.value * (1 - 1e-9))
        #expect(stopped.multipliers.allSatisfy { $0 >= 0 })
        fresh.remember(stopped, block: block)
        #expect(abs(fresh.project(g, block: block, cut: 0).length - expected.value) <= 1e-8 * norm(g))
      }
    }
  }

  /// Directions by iteration are those of the factored system.
  @Test(arguments: [false, true], [0.0, 2.5]) func iteratedNewtonDirections(
    hasCones: Bool, offsetWeight: Double
  ) throws {
    let design = gaussian(90, 30, seed: 8)
    let patterns = try PatternCollection([GaussianGates(draws: 60)], data: design, seed: 3).packed
    let blocks = PatternBlocks(design, patterns: patterns, hasCones: hasCones, beta: 1.5, threads: 1)
    let right = gaussian(1, 90, seed: 9).elements
    let active = try #require(
      blocks.active(right.map { 2 * $0 }, centre: Array(repeating: [], count: blocks.count), sigma: 0.3) {
        false
      })
    // More directions than the preconditioner holds.
    #expect(active.count * 31 > NewtonIteration.directions)
    func system(largestOrder: Int) -> DualNewton {
      DualNewton(
        blocks, sigma: 0.3, offsetWeight: offsetWeight, compliances: (0..<90).map { 0.5 + Double($0 % 3) },
        floor: 1e-3, largestOrder: largestOrder, gram: { design.timesTransposed(design) })
    }
    let exact = try #require(system(largestOrder: .max).solve(right, active: active, accuracy: 0))
    let iterated = try #require(system(largestOrder: 0).solve(right, active: active, accuracy: 1e-10))
    #expect(norm(zip(exact, iterated).map(-)) <= 1e-7 * norm(exact))
  }
}

import BidualLinear
import BidualModels
import Testing

@testable import BidualSolvers

/// Products with facets beside loops.
@Suite struct FacetNormalsTests {
  @Test(arguments: [1, 3, 7, 8, 21]) func productsAreThoseOfLoops(rank: Int) throws {
    var random = SeededGenerator(seed: UInt64(rank))
    let counts = [0, 5, 1, 0, 40]
    let starts = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
    let facets = starts.last!
    let program = ConicProgram(
      problem: try TrainingProblem(design: Matrix([[1]]), targets: [1], beta: 1), rank: rank,
      blocks: counts.count, columns: Matrix(rows: counts.count * rank, columns: 1),
      facets: (0..<(facets * rank)).map { _ in random.nextGaussian() }, facetStart: starts)
    var normals = FacetNormals(program)
    let x = (0..<(counts.count * rank)).map { _ in random.nextGaussian() }
    let forces = (0..<facets).map { _ in random.nextGaussian() }
    let (tops, bottoms) = (forces.map { abs($0) }, forces.map { _ in 0.1 + random.nextUniform() })
    var heights = Array(repeating: Double.nan, count: facets)
    var pushed = x
    var hessians = (0..<(x.count * rank)).map { _ in random.nextGaussian() }
    let before = hessians
    normals.heights(x, into: &heights)
    normals.add(-2, forces, to: &pushed)
    normals.addGram(of: tops, over: bottoms, to: &hessians)
    for b in counts.indices {
      let block = starts[b]..<starts[b + 1]
      for f in block {
        let height = (0..<rank).reduce(0) { $0 + program.facets[f * rank + $1] * x[b * rank + $1] }
        #expect(abs(heights[f] - height) <= 1e-12)
      }
      for i in 0..<rank {
        let push = block.reduce(0) { $0 - 2 * forces[$1] * program.facets[$1 * rank + i] }
        #expect(abs(pushed[b * rank + i] - x[b * rank + i] - push) <= 1e-11)
        for j in 0..<rank {
          let place = (b * rank + i) * rank + j
          let sum = block.reduce(0) {
            $0 + tops[$1] / bottoms[$1] * program.facets[$1 * rank + i] * program.facets[$1 * rank + j]
          }
          #expect(abs(hessians[place] - before[place] - (j <= i ? sum : 0)) <= 1e-10)
        }
      }
    }
  }
}

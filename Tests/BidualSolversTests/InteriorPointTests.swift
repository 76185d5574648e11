import BidualLinear
import Testing

@testable import BidualSolvers

@Suite struct InteriorPointTests {
  private func check(
    _ planted: PlantedProgram, _ what: String, tolerance: Double = 1e-8, asked: Double = 1e-10
  ) {
    var solver = InteriorPoint()
    solver.tolerance = asked
    let solution = solver.solve(planted.program)
    let objective = planted.objective(solution.z)
    #expect(solution.status == .solved, "\(what): \(solution.iterations) iterations")
    #expect(abs(objective - planted.optimum) <= tolerance * planted.optimum, "\(what)")
    #expect(planted.violation(solution.z) <= 1e-8, "\(what)")
    #expect(planted.excess(solution.dualPoint) <= 1e-6, "\(what)")
    #expect(solution.iterations <= 40, "\(what)")
    // The residual is y − Az of the vectors returned.
    let size = norm(planted.program.target)
    for i in planted.program.target.indices {
      var rest = planted.program.target[i]
      for k in solution.z.indices { rest -= solution.z[k] * planted.program.columns[k, i] }
      #expect(abs(rest - solution.dualPoint[i]) <= 1e-11 * size, "\(what)")
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 9, 16]) func plantedOptimaAreFound(rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for trial in 0..<12 {
      var shape = PlantedProgram.Shape()
      shape.rank = rank
      shape.samples = 5 + 6 * (trial % 5)
      shape.used = 1 + trial % 4
      shape.idle = trial % 5
      shape.facets = trial % 7
      check(PlantedProgram(shape, &random), "rank \(rank), trial \(trial)")
    }
  }

  @Test(arguments: [1e-6, 1e-3, 1, 1e3, 1e6], [1e-6, 1, 1e6]) func scaleDoesNotMatter(
    design: Double, target: Double
  ) {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<4 {
      var shape = PlantedProgram.Shape()
      shape.design = design
      shape.target = target
      check(PlantedProgram(shape, &random), "design \(design), target \(target)")
    }
  }

  @Test(arguments: [0, 1e-12, 1e-8, 1e-4]) func parallelBlocksDoNotMatter(perturbation: Double) {
    var random = SeededGenerator(seed: 12)
    for trial in 0..<6 {
      var shape = PlantedProgram.Shape()
      shape.repeatsBlocks = true
      shape.perturbation = perturbation
      shape.facets = trial
      check(
        PlantedProgram(shape, &random), "perturbation \(perturbation), trial \(trial)", tolerance: 1e-7,
        asked: 1e-8)
    }
  }

  @Test func repeatedFacetsDoNotMatter() {
    var random = SeededGenerator(seed: 13)
    for trial in 0..<8 {
      var shape = PlantedProgram.Shape()
      shape.repeatsFacets = true
      shape.facets = 1 + trial
      shape.repeatsBlocks = trial % 2 == 1
      check(PlantedProgram(shape, &random), "trial \(trial)", tolerance: 1e-7)
    }
  }

  @Test func programsWithoutFacetsAreGroupLassos() {
    var random = SeededGenerator(seed: 14)
    for trial in 0..<6 {
      var shape = PlantedProgram.Shape()
      shape.facets = 0
      shape.idle = 5 * trial
      check(PlantedProgram(shape, &random), "\(shape.idle) idle blocks")
    }
  }

  /// More than 300 unknowns over few samples take the Schur complement.
  @Test func manyUnknownsTakeTheSchurComplement() {
    var random = SeededGenerator(seed: 15)
    var shape = PlantedProgram.Shape()
    shape.rank = 4
    shape.samples = 30
    shape.used = 5
    shape.idle = 95
    check(PlantedProgram(shape, &random), "Schur form", tolerance: 1e-7, asked: 1e-8)
  }

  @Test func aStrongPenaltyOrNothingToFitGivesZero() {
    var random = SeededGenerator(seed: 16)
    let planted = PlantedProgram(PlantedProgram.Shape(), &random)
    let program = planted.program
    let strong = ConicProgram(
      rank: program.rank, blocks: program.blocks, columns: program.columns, target: program.target,
      beta: 1e4, facets: program.facets, facetStart: program.facetStart)
    let solution = InteriorPoint().solve(strong)
    #expect(norm(solution.z) <= 1e-7)
    let silent = ConicProgram(
      rank: program.rank, blocks: program.blocks, columns: program.columns,
      target: program.target.map { _ in 0 }, beta: 1, facets: program.facets, facetStart: program.facetStart)
    #expect(InteriorPoint().solve(silent).z.allSatisfy { $0 == 0 })
  }

  @Test func cancelledRunsAreUsable() {
    var random = SeededGenerator(seed: 17)
    let planted = PlantedProgram(PlantedProgram.Shape(), &random)
    for limit in 0..<12 {
      var solver = InteriorPoint()
      var asked = 0
      solver.isCancelled = {
        asked += 1
        return asked > limit
      }
      let solution = solver.solve(planted.program)
      #expect(solution.iterations <= limit)
      #expect(solution.z.allSatisfy { $0.isFinite } && solution.dualPoint.allSatisfy { $0.isFinite })
      #expect(solution.status == .cancelled || solution.status == .solved)
    }
  }
}

@Suite struct NormalEquationsTests {
  /// Both forms beside the system itself: ‖(AᵀA + H)x − b‖ by loops. 99 blocks of 3 take the Gram form,
  /// 101 the Schur complement.
  @Test(
    arguments: [(3, 10), (99, 10), (101, 10), (101, 60), (101, 400)],
    [(false, false), (true, false), (true, true)])
  func solutionsSolveTheSystem(_ shape: (blocks: Int, samples: Int), _ kind: (curved: Bool, hasOffset: Bool))
  {
    let (blocks, samples) = shape
    let (curved, hasOffset) = kind
    var random = SeededGenerator(seed: UInt64(blocks + samples))
    let r = 3
    let q = blocks * r
    let program = ConicProgram(
      rank: r, blocks: blocks,
      columns: Matrix(
        rows: q, columns: samples, elements: (0..<(q * samples)).map { _ in random.nextGaussian() }),
      target: Array(repeating: 1, count: samples), beta: 1, hasOffset: hasOffset, facets: [],
      facetStart: Array(repeating: 0, count: blocks + 1))
    let scale = 0.25
    let equations = NormalEquations(program, scale: scale)
    let curvatures = (0..<samples).map { _ in curved ? random.nextUniform() * 10 : 1 }
    equations.setCurvatures(curvatures)
    // Positive definite blocks of sizes from 10⁻³ to 10³, lower triangles filled.
    var hessians = [Double](repeating: 0, count: q * r)
    var full = hessians
    for b in 0..<blocks {
      let root = Matrix(
        rows: r, columns: r + 1, elements: (0..<(r * (r + 1))).map { _ in random.nextGaussian() })
      let size = [1e-3, 1, 1e3][b % 3]
      let product = root.timesTransposed(root)
      for i in 0..<r {
        for j in 0..<r {
          full[(b * r + i) * r + j] = size * product[i, j]
          if j <= i { hessians[(b * r + i) * r + j] = size * product[i, j] }
        }
      }
    }
    #expect(equations.factor(hessians))
    let right = (0..<q).map { _ in random.nextGaussian() }
    let rightOffset = hasOffset ? random.nextGaussian() : 0
    var x = right
    var offset = rightOffset
    equations.solve(&x, offset: &offset)
    var fitted = [Double](repeating: offset, count: samples)
    for k in 0..<q { for i in 0..<samples { fitted[i] += scale * program.columns[k, i] * x[k] } }
    for i in 0..<samples { fitted[i] *= curvatures[i] }
    var worst = hasOffset ? abs(fitted.reduce(0, +) - rightOffset) : 0
    let size = max(1, norm(x), abs(offset)) * (curved ? 10 : 1)
    for k in 0..<q {
      var own = 0.0
      for i in 0..<samples { own += scale * program.columns[k, i] * fitted[i] }
      for j in 0..<r { own += full[k * r + j] * x[k / r * r + j] }
      worst = max(worst, abs(own - right[k]))
    }
    #expect(worst <= 1e-9 * size)
  }
}

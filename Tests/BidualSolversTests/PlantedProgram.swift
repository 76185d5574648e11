import BidualLinear
import BidualModels
import BidualObjectives

@testable import BidualSolvers

/// A program whose optimum is planted by the optimality conditions:
/// AⱼᵀV + Gⱼᵀμⱼ = βzⱼ/‖zⱼ‖ where zⱼ ≠ 0, and shorter than β where zⱼ = 0; y = Σ Aⱼzⱼ + V.
struct PlantedProgram {
  var program: ConicProgram
  var optimum: Double

  struct Shape: Sendable {
    var rank = 3
    var samples = 20
    /// Blocks with zⱼ ≠ 0, and with zⱼ = 0.
    var used = 3
    var idle = 4
    /// Facets a block, some of them tight at the optimum; the rest is slack.
    var facets = 4
    /// Each facet once more, and once more with a hair of difference.
    var repeatsFacets = false
    /// Each block once more, nearly or exactly parallel to the first.
    var repeatsBlocks = false
    var perturbation = 0.0
    var design = 1.0
    var target = 1.0
  }

  init(_ shape: Shape, _ random: inout SeededGenerator) {
    let (r, n) = (shape.rank, shape.samples)
    func gaussians(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
    let beta = 0.3
    let dual = gaussians(n)
    let square = dot(dual, dual)
    var columns: [[Double]] = []
    var facets: [[Double]] = []
    var facetStart = [0]
    var target = dual
    var lengths = 0.0
    for block in 0..<(shape.used + shape.idle) {
      let isUsed = block < shape.used
      let tight = shape.facets == 0 ? 0 : Int.random(in: 0...min(r - 1, shape.facets), using: &random)
      // A vector, then facets through it or on its other side.
      let z = gaussians(r)
      let length = norm(z)
      var rows: [[Double]] = []
      var push = [Double](repeating: 0, count: r)
      for f in 0..<shape.facets {
        var row = gaussians(r)
        let height = dot(row, z) / (length * length)
        if f < tight {
          row = zip(row, z).map { $0 - height * $1 }.normalized
          let multiplier = beta * random.nextUniform()
          for k in 0..<r { push[k] += multiplier * row[k] }
        } else {
          row = row.normalized.map { height < 0 ? -$0 : $0 }
        }
        rows.append(row)
        if shape.repeatsFacets {
          rows.append(row)
          if f >= tight { rows.append(zip(row, z).map { $0 + 1e-9 * $1 }.normalized) }
        }
      }
      facets += rows
      facetStart.append(facets.count)
      // What AᵀV has to be.
      let share = isUsed ? 1 : 0.9 * random.nextUniform()
      let wanted = (0..<r).map { beta * share * z[$0] / length - push[$0] }
      var block = Matrix(rows: r, columns: n, elements: gaussians(r * n))
      for k in 0..<r {
        let lack = (wanted[k] - dot(block.row(k), dual)) / square
        for i in 0..<n { block[k, i] += lack * dual[i] }
      }
      for k in 0..<r {
        columns.append(Array(block.row(k)))
        if isUsed { for i in 0..<n { target[i] += z[k] * block[k, i] } }
      }
      if isUsed { lengths += length }
    }
    if shape.repeatsBlocks {
      let blocks = shape.used + shape.idle
      for block in 0..<blocks {
        for k in 0..<r {
          // The component along V stays, so that the optimality conditions hold for the twin.
          var noise = gaussians(n)
          let along = dot(noise, dual) / square
          noise = zip(noise, dual).map { $0 - along * $1 }
          columns.append(zip(columns[block * r + k], noise).map { $0 + shape.perturbation * $1 })
        }
        facets += facets[facetStart[block]..<facetStart[block + 1]]
        facetStart.append(facets.count)
      }
    }
    let scale = shape.design
    program = ConicProgram(
      rank: r, blocks: columns.count / r, columns: Matrix(columns.map { $0.map { $0 * scale } }),
      target: target.map { $0 * shape.target }, beta: beta * scale * shape.target,
      facets: Array(facets.joined()), facetStart: facetStart)
    optimum = (0.5 * square + beta * lengths) * shape.target * shape.target
  }

  /// ½‖y − Az‖² + β Σ‖zⱼ‖ by loops.
  func objective(_ z: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<program.target.count {
      var rest = program.target[i]
      for k in z.indices { rest -= z[k] * program.columns[k, i] }
      sum += 0.5 * rest * rest
    }
    for block in 0..<program.blocks {
      var square = 0.0
      for k in 0..<program.rank { square += z[block * program.rank + k] * z[block * program.rank + k] }
      sum += program.beta * square.squareRoot()
    }
    return sum
  }

  /// The worst violation of a facet, relative to the longest vector.
  func violation(_ z: [Double]) -> Double {
    let r = program.rank
    var worst = 0.0
    var longest = 0.0
    for block in 0..<program.blocks {
      let vector = Array(z[(block * r)..<((block + 1) * r)])
      longest = max(longest, norm(vector))
      for f in program.facetStart[block]..<program.facetStart[block + 1] {
        worst = max(worst, -dot(program.facets[(f * r)..<((f + 1) * r)], vector))
      }
    }
    return longest > 0 ? worst / longest : 0
  }

  /// By how much the residual exceeds β on some block's cone: ‖projection of AⱼᵀV onto {z : Gz ≥ 0}‖/β − 1.
  func excess(_ residual: [Double]) -> Double {
    let r = program.rank
    var worst = 0.0
    for block in 0..<program.blocks {
      let gradient = (0..<r).map { dot(program.columns.row(block * r + $0), residual) }
      let range = (program.facetStart[block] * r)..<(program.facetStart[block + 1] * r)
      let rows = Matrix(rows: range.count / r, columns: r, elements: Array(program.facets[range]))
      let signs = [Int8](repeating: 1, count: rows.rows)
      worst = max(
        worst, ConeProjection(unitRows: rows).project(gradient, signs: signs).value / program.beta - 1)
    }
    return worst
  }
}

extension ConicProgram {
  /// A program from columns and targets alone.
  init(
    rank: Int, blocks: Int, columns: Matrix, target: [Double], weights: [Double]? = nil,
    loss: any Loss = SquaredLoss(), beta: Double, hasOffset: Bool = false, facets: [Double],
    facetStart: [Int]
  ) {
    let problem = try! TrainingProblem(
      design: Matrix(rows: target.count, columns: 1), targets: target, weights: weights, loss: loss,
      beta: beta, hasOffset: hasOffset)
    self.init(
      problem: problem, rank: rank, blocks: blocks, columns: columns, facets: facets, facetStart: facetStart)
  }

  var target: [Double] { problem.targets }
  var beta: Double { problem.beta }
}

import BidualArrangements
import BidualLinear

/// Newton directions of the dual function where the system of `DualNewton` is too large to be factored: conjugate
/// gradients with masked products, O(nrk/8) a step for k active blocks.
///
/// The preconditioner is the system with each block kept to a few directions, the longest ones of the design
/// and that of its point, solved by Sherman–Morrison–Woodbury. What is left out has small singular values.
struct NewtonIteration {
  /// The largest number of directions in the preconditioner; their Gram matrix is factored.
  static let directions = 800

  private let blocks: PatternBlocks
  private let active: [PatternBlocks.Active]
  private let sigma: Double
  private let offsetWeight: Double
  private let compliances: [Double]
  private let chosen: MaskedDesign<Double>
  /// For each active block an orthonormal basis of its face's span as rows; nil for the whole space.
  private let spans: [Matrix?]
  /// The columns h^-½B of the preconditioner as rows and the Cholesky factor of σ⁻¹I + BᵀH⁻¹B.
  private let columns: Matrix
  private let factor: [Double]

  /// The system of the active blocks with positive compliances; nil where the factorisation broke down.
  init?(
    _ blocks: PatternBlocks, active: [PatternBlocks.Active], sigma: Double, offsetWeight: Double,
    compliances: [Double]
  ) {
    self.blocks = blocks
    self.active = active
    self.sigma = sigma
    self.offsetWeight = offsetWeight
    self.compliances = compliances
    chosen = blocks.masked.selecting(active.map { blocks.pattern($0.block) })
    let r = blocks.design.columns
    spans = active.map { block in
      block.face.map { face in
        let directions = face.directions
        return Matrix(rows: directions.count / max(1, r), columns: r, elements: directions)
      }
    }
    columns = Self.columns(
      blocks, active, spans, sigma: sigma, offsetWeight: offsetWeight,
      scale: compliances.map { 1 / $0.squareRoot() })
    let q = columns.rows
    var factor = [Double](repeating: 0, count: q * q)
    BLAS.syrk(n: q, k: columns.columns, a: columns.elements, c: &factor)
    for k in 0..<q { factor[k * q + k] += 1 / sigma }
    guard BLAS.choleskyFactor(n: q, &factor) else { return nil }
    self.factor = factor
  }

  /// An approximate solution, of a residual of `accuracy` times the right-hand side's length in the metric of the
  /// preconditioner where `limit` steps get there.
  func solve(_ right: [Double], accuracy: Double, limit: Int = 300) -> [Double] {
    var x = [Double](repeating: 0, count: right.count)
    var residual = right
    var preconditioned = roughly(residual)
    var direction = preconditioned
    var size = dot(residual, preconditioned)
    let goal = accuracy * accuracy * size
    for _ in 0..<limit where size > goal {
      let product = times(direction)
      let bend = dot(direction, product)
      guard bend > 0 else { break }
      let step = size / bend
      for i in x.indices {
        x[i] += step * direction[i]
        residual[i] -= step * product[i]
      }
      preconditioned = roughly(residual)
      let next = dot(residual, preconditioned)
      let ratio = next / size
      for i in x.indices { direction[i] = preconditioned[i] + ratio * direction[i] }
      size = next
    }
    return x
  }

  private func times(_ x: [Double]) -> [Double] {
    let r = blocks.design.columns
    var correlations = chosen.adjoint(blocks.pooling.spread(x))
    correlations.withUnsafeMutableBufferPointer { correlations in
      for (k, block) in active.enumerated() {
        let g = correlations.baseAddress! + k * r
        let ratio = sigma * blocks.beta / block.length
        let along = block.point.withUnsafeBufferPointer { dot($0.baseAddress!, g, count: r) }
        if let span = spans[k] {
          let inside = span.transposedTimes(span.times(Array(UnsafeBufferPointer(start: g, count: r))))
          for j in 0..<r { g[j] = inside[j] }
        }
        let lift = ratio * along / (block.length * block.length)
        for j in 0..<r { g[j] = (1 - ratio) * g[j] + lift * block.point[j] }
      }
    }
    let fitted = blocks.pooling.pooled(chosen.forward(correlations))
    let shift = offsetWeight > 0 ? offsetWeight * x.reduce(0, +) : 0
    return x.indices.map { compliances[$0] * x[$0] + sigma * fitted[$0] + shift }
  }

  /// The preconditioner's solution, h⁻¹r − h⁻½B̃ᵀ(σ⁻¹I + B̃B̃ᵀ)⁻¹B̃h⁻½r.
  private func roughly(_ right: [Double]) -> [Double] {
    let q = columns.rows
    let roots = compliances.map { $0.squareRoot() }
    var x = zip(right, compliances).map { $0 / $1 }
    guard q > 0 else { return x }
    var small = columns.times(zip(right, roots).map { $0 / $1 })
    BLAS.choleskySolve(n: q, factor: factor, x: &small)
    let change = columns.transposedTimes(small)
    for i in x.indices { x[i] -= change[i] / roots[i] }
    return x
  }

  private static func columns(
    _ blocks: PatternBlocks, _ active: [PatternBlocks.Active], _ spans: [Matrix?], sigma: Double,
    offsetWeight: Double, scale: [Double]
  ) -> Matrix {
    let design = blocks.design
    let (n, r) = (scale.count, design.columns)
    let each = active.isEmpty ? 0 : min(r, max(1, directions / active.count) - 1)
    let unknowns = active.count * (each + 1) + (offsetWeight > 0 ? 1 : 0)
    var result = Matrix(rows: unknowns, columns: n)
    let principal =
      each > 0
      ? blocks.principalDirections.selectingRows(0..<each) : Matrix(rows: 0, columns: r)
    let plain = principal.timesTransposed(design)
    for (place, block) in active.enumerated() {
      let ratio = sigma * blocks.beta / block.length
      let (root, lift) = ((1 - ratio).squareRoot(), ratio.squareRoot() / block.length)
      let pattern = blocks.pattern(block.block)
      let directions =
        spans[place].map { principal.timesTransposed($0).times($0).timesTransposed(design) } ?? plain
      let along = blocks.entries(of: directions.elements, count: each, pattern: pattern)
      let heights = blocks.entries(of: design.times(block.point), count: 1, pattern: pattern)
      result.elements.withUnsafeMutableBufferPointer { result in
        let start = result.baseAddress! + place * (each + 1) * n
        along.withUnsafeBufferPointer { along in
          for k in 0..<each {
            for i in 0..<n { start[k * n + i] = root * scale[i] * along[k * n + i] }
          }
        }
        for i in 0..<n { start[each * n + i] = lift * scale[i] * heights[i] }
      }
    }
    if offsetWeight > 0 {
      let weight = (offsetWeight / sigma).squareRoot()
      for i in 0..<n { result.elements[(unknowns - 1) * n + i] = weight * scale[i] }
    }
    return result
  }
}

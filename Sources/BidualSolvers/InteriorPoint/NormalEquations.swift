import BidualLinear

/// The linear systems (AᵀA + H)x = r of the interior point, H block diagonal with one small block each.
///
/// Whichever is smaller is factored: the matrix itself, of order blocks·rank, with AᵀA computed once; or
/// the Schur complement I + AH⁻¹Aᵀ, of order n.
final class NormalEquations {
  private let program: ConicProgram
  private let scale: Double
  private let unknowns: Int
  private let samples: Int
  private let usesGram: Bool
  /// AᵀA in Gram form, Aᵀ scaled otherwise.
  private let gram: [Double]
  private let scaledColumns: [Double]
  private var factor: [Double]
  private var blockFactors: [Double]
  private var eliminated: [Double]
  private var sampleSpace: [Double]
  private var residual: [Double]
  private var correction: [Double]
  private var blocks: [Double]

  /// The equations for the columns of `program` times `scale`.
  init(_ program: ConicProgram, scale: Double) {
    self.program = program
    self.scale = scale
    unknowns = program.unknowns
    samples = program.columns.columns
    let q = unknowns
    let n = samples
    // Flops of a factorisation: q³/3 against n²q + n³/3.
    usesGram = q * q * q / 3 <= n * n * q + n * n * n / 3 || q <= 300
    if usesGram {
      var product = [Double](repeating: 0, count: q * q)
      BLAS.syrk(n: q, k: n, alpha: scale * scale, a: program.columns.elements, c: &product)
      for i in 0..<q {
        for j in 0..<i { product[j * q + i] = product[i * q + j] }
      }
      gram = product
      scaledColumns = []
      factor = Array(repeating: 0, count: q * q)
      eliminated = []
    } else {
      gram = []
      scaledColumns = program.columns.elements.map { $0 * scale }
      factor = Array(repeating: 0, count: n * n)
      eliminated = Array(repeating: 0, count: q * n)
    }
    blockFactors = Array(repeating: 0, count: program.blocks * program.rank * program.rank)
    blocks = blockFactors
    sampleSpace = Array(repeating: 0, count: n)
    residual = Array(repeating: 0, count: q)
    correction = Array(repeating: 0, count: q)
  }

  /// y ← AᵀA·x.
  func applyGram(_ x: [Double], into y: inout [Double]) {
    if usesGram {
      BLAS.gemv(m: unknowns, n: unknowns, a: gram, x: x, y: &y)
    } else {
      BLAS.gemv(transpose: true, m: unknowns, n: samples, a: scaledColumns, x: x, y: &sampleSpace)
      BLAS.gemv(m: unknowns, n: samples, a: scaledColumns, x: sampleSpace, y: &y)
    }
  }

  /// Factors AᵀA + H for the lower triangles H of `blocks` (rank×rank each); false on breakdown.
  func factor(_ blocks: [Double]) -> Bool {
    let r = program.rank
    // Element by element: sharing the caller's storage would make it copy its own.
    for k in blocks.indices { self.blocks[k] = blocks[k] }
    if usesGram {
      factor.withUnsafeMutableBufferPointer { f in
        gram.withUnsafeBufferPointer { g in f.baseAddress!.update(from: g.baseAddress!, count: g.count) }
        for b in 0..<program.blocks {
          for i in 0..<r {
            for j in 0...i { f[(b * r + i) * unknowns + b * r + j] += blocks[(b * r + i) * r + j] }
          }
        }
      }
      return BLAS.choleskyFactor(n: unknowns, &factor)
    }
    // B = L⁻¹Aᵀ block by block with H = LLᵀ, so that AH⁻¹Aᵀ = BᵀB.
    for k in blocks.indices { blockFactors[k] = blocks[k] }
    let n = samples
    return blockFactors.withUnsafeMutableBufferPointer { l in
      for b in 0..<program.blocks {
        guard BLAS.choleskyFactor(n: r, l.baseAddress! + b * r * r) else { return false }
      }
      eliminated.withUnsafeMutableBufferPointer { e in
        scaledColumns.withUnsafeBufferPointer {
          e.baseAddress!.update(from: $0.baseAddress!, count: $0.count)
        }
        for b in 0..<program.blocks {
          for i in 0..<r {
            let row = e.baseAddress! + (b * r + i) * n
            for j in 0..<i {
              let weight = l[(b * r + i) * r + j]
              let other = e.baseAddress! + (b * r + j) * n
              for s in 0..<n { row[s] -= weight * other[s] }
            }
            let inverse = 1 / l[(b * r + i) * r + i]
            for s in 0..<n { row[s] *= inverse }
          }
        }
      }
      for i in factor.indices { factor[i] = 0 }
      for i in 0..<n { factor[i * n + i] = 1 }
      BLAS.syrk(transpose: true, n: n, k: unknowns, a: eliminated, beta: 1, c: &factor)
      return BLAS.choleskyFactor(n: n, &factor)
    }
  }

  /// x ← (AᵀA + H)⁻¹x, with one step of iterative refinement where the Schur complement loses digits.
  func solve(_ x: inout [Double]) {
    if usesGram {
      BLAS.choleskySolve(n: unknowns, factor: factor, x: &x)
      return
    }
    let right = x
    solveBySchurComplement(&x)
    for _ in 0..<2 {
      applyGram(x, into: &residual)
      addBlocks(times: x, to: &residual)
      for i in residual.indices { correction[i] = right[i] - residual[i] }
      solveBySchurComplement(&correction)
      for i in x.indices { x[i] += correction[i] }
    }
  }

  private func addBlocks(times x: [Double], to y: inout [Double]) {
    let r = program.rank
    for b in 0..<program.blocks {
      for i in 0..<r {
        var sum = 0.0
        for j in 0..<r {
          sum += blocks[(b * r + max(i, j)) * r + min(i, j)] * x[b * r + j]
        }
        y[b * r + i] += sum
      }
    }
  }

  /// (H + AᵀA)⁻¹ = H⁻¹ − H⁻¹Aᵀ(I + AH⁻¹Aᵀ)⁻¹AH⁻¹.
  private func solveBySchurComplement(_ x: inout [Double]) {
    let r = program.rank
    let n = samples
    x.withUnsafeMutableBufferPointer { x in
      blockFactors.withUnsafeBufferPointer { l in
        for b in 0..<program.blocks {
          BLAS.triangularSolve(n: r, factor: l.baseAddress! + b * r * r, x: x.baseAddress! + b * r)
        }
        BLAS.gemv(transpose: true, m: unknowns, n: n, a: eliminated, x: x.baseAddress!, y: &sampleSpace)
        BLAS.choleskySolve(n: n, factor: factor, x: &sampleSpace)
        BLAS.gemv(m: unknowns, n: n, alpha: -1, a: eliminated, x: sampleSpace, beta: 1, y: x.baseAddress!)
        for b in 0..<program.blocks {
          BLAS.triangularSolve(
            transpose: true, n: r, factor: l.baseAddress! + b * r * r, x: x.baseAddress! + b * r)
        }
      }
    }
  }
}

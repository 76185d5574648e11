import BidualLinear

/// The linear systems of the interior point,
///
///     [AᵀDA + H  AᵀD1] [x]   [r]
///     [1ᵀDA      1ᵀD1] [b] = [s]
///
/// with H block diagonal, one small block each, D ≥ 0 diagonal, and the border only for an offset.
///
/// Whichever is smaller is factored: AᵀDA + H, of order blocks·rank, where AᵀDA is computed once if D is
/// constant; or the Schur complement I + √D·A·H⁻¹Aᵀ√D, of order n.
final class NormalEquations {
  private let rank: Int
  private let blockCount: Int
  private let unknowns: Int
  private let samples: Int
  private let usesGram: Bool
  private let hasOffset: Bool
  private let hasConstantCurvatures: Bool
  /// Aᵀ.
  private let columns: [Double]
  private var curvatures: [Double] = []
  /// Aᵀ√D.
  private var weighted: [Double]
  /// AᵀDA, in Gram form.
  private var gram: [Double]
  private var factor: [Double]
  private var blockFactors: [Double]
  private var eliminated: [Double]
  private var sampleSpace: [Double]
  private var residual: [Double]
  private var correction: [Double]
  private var blocks: [Double]
  /// AᵀD1, (AᵀDA + H)⁻¹AᵀD1 and the Schur complement of the border.
  private var border: [Double]
  private var solvedBorder: [Double]
  private var corner = 0.0

  /// The equations for the columns of `program` times `scale`; D may be set once only, or anew in every step.
  init(_ program: ConicProgram, scale: Double, hasConstantCurvatures: Bool = false) {
    self.hasConstantCurvatures = hasConstantCurvatures
    rank = program.rank
    blockCount = program.blocks
    unknowns = program.unknowns
    samples = program.columns.columns
    hasOffset = program.problem.hasOffset
    let q = unknowns
    let n = samples
    // Flops of a factorisation: q³/3 against n²q + n³/3.
    usesGram = q * q * q / 3 <= n * n * q + n * n * n / 3 || q <= 300
    columns = program.columns.elements.map { $0 * scale }
    weighted = []
    if usesGram {
      gram = Array(repeating: 0, count: q * q)
      factor = gram
      eliminated = []
    } else {
      gram = []
      factor = Array(repeating: 0, count: n * n)
      eliminated = Array(repeating: 0, count: q * n)
    }
    blockFactors = Array(repeating: 0, count: program.blocks * rank * rank)
    blocks = blockFactors
    sampleSpace = Array(repeating: 0, count: n)
    residual = Array(repeating: 0, count: q)
    correction = residual
    border = residual
    solvedBorder = residual
  }

  /// Whether products should go by AᵀDA: for a constant D and many samples they are cheaper, and a little less
  /// accurate, than by A.
  var prefersGram: Bool { usesGram && hasConstantCurvatures && samples > 4 * unknowns }

  /// y ← AᵀDA·x + AᵀD1·b.
  func applyGram(_ x: [Double], offset: Double, into y: inout [Double]) {
    guard unknowns > 0 else { return }
    BLAS.gemv(m: unknowns, n: unknowns, a: gram, x: x, y: &y)
    if hasOffset { for k in y.indices { y[k] += offset * border[k] } }
  }

  /// 1ᵀDA·x.
  func alongOffset(_ x: [Double]) -> Double { unknowns > 0 ? dot(border, x) : 0 }

  /// f ← A·x.
  func predictions(_ x: [Double], into f: inout [Double]) {
    guard unknowns > 0 else {
      for i in f.indices { f[i] = 0 }
      return
    }
    BLAS.gemv(transpose: true, m: unknowns, n: samples, a: columns, x: x, y: &f)
  }

  /// y ← Aᵀp.
  func correlations(_ p: [Double], into y: inout [Double]) {
    guard unknowns > 0 else { return }
    BLAS.gemv(m: unknowns, n: samples, a: columns, x: p, y: &y)
  }

  /// Sets D.
  func setCurvatures(_ curvatures: [Double]) {
    self.curvatures = curvatures
    guard unknowns > 0 else { return }
    guard curvatures.contains(where: { $0 != 1 }) else {
      weighted = columns
      finishCurvatures()
      return
    }
    let roots = curvatures.map { $0.squareRoot() }
    let n = samples
    if weighted.count != columns.count { weighted = columns }
    columns.withUnsafeBufferPointer { columns in
      weighted.withUnsafeMutableBufferPointer { weighted in
        for k in 0..<unknowns {
          for i in 0..<n { weighted[k * n + i] = columns[k * n + i] * roots[i] }
        }
      }
    }
    finishCurvatures()
  }

  private func finishCurvatures() {
    if usesGram {
      BLAS.syrk(n: unknowns, k: samples, alpha: 1, a: weighted, c: &gram)
      for i in 0..<unknowns {
        for j in 0..<i { gram[j * unknowns + i] = gram[i * unknowns + j] }
      }
    }
    if hasOffset { correlations(curvatures, into: &border) }
  }

  /// Factors AᵀDA + H for the lower triangles H of `blocks` (rank×rank each); false on breakdown.
  func factor(_ blocks: [Double]) -> Bool {
    guard unknowns > 0 else {
      corner = curvatures.reduce(0, +)
      return !hasOffset || corner > 0
    }
    // Element by element: sharing the caller's storage would make it copy its own.
    for k in blocks.indices { self.blocks[k] = blocks[k] }
    guard usesGram ? factorGram() : factorSchurComplement() else { return false }
    guard hasOffset else { return true }
    for k in border.indices { solvedBorder[k] = border[k] }
    solveBlocks(&solvedBorder)
    corner = curvatures.reduce(0, +) - dot(border, solvedBorder)
    return corner > 0
  }

  private func factorGram() -> Bool {
    let r = rank
    factor.withUnsafeMutableBufferPointer { f in
      gram.withUnsafeBufferPointer { g in f.baseAddress!.update(from: g.baseAddress!, count: g.count) }
      for b in 0..<blockCount {
        for i in 0..<r {
          for j in 0...i { f[(b * r + i) * unknowns + b * r + j] += blocks[(b * r + i) * r + j] }
        }
      }
    }
    return BLAS.choleskyFactor(n: unknowns, &factor)
  }

  /// B = L⁻¹Aᵀ√D block by block with H = LLᵀ, so that √D·A·H⁻¹Aᵀ√D = BᵀB.
  private func factorSchurComplement() -> Bool {
    let r = rank
    let n = samples
    for k in blocks.indices { blockFactors[k] = blocks[k] }
    return blockFactors.withUnsafeMutableBufferPointer { l in
      for b in 0..<blockCount {
        guard BLAS.choleskyFactor(n: r, l.baseAddress! + b * r * r) else { return false }
      }
      eliminated.withUnsafeMutableBufferPointer { e in
        weighted.withUnsafeBufferPointer { e.baseAddress!.update(from: $0.baseAddress!, count: $0.count) }
        for b in 0..<blockCount {
          BLAS.triangularSolve(
            n: r, factor: l.baseAddress! + b * r * r, columns: n, x: e.baseAddress! + b * r * n)
        }
      }
      for i in factor.indices { factor[i] = 0 }
      for i in 0..<n { factor[i * n + i] = 1 }
      BLAS.syrk(transpose: true, n: n, k: unknowns, a: eliminated, beta: 1, c: &factor)
      return BLAS.choleskyFactor(n: n, &factor)
    }
  }

  /// (x, offset) ← the solution for the right-hand side (x, offset).
  func solve(_ x: inout [Double], offset: inout Double) {
    if unknowns > 0 { solveBlocks(&x) }
    guard hasOffset else { return }
    offset = (offset - dot(border, x)) / corner
    for k in x.indices { x[k] -= offset * solvedBorder[k] }
  }

  /// x ← (AᵀDA + H)⁻¹x, refined until nothing is gained: weights far apart cost
  /// digits.
  private func solveBlocks(_ x: inout [Double]) {
    let right = x
    let size = right.reduce(0) { max($0, abs($1)) }
    solveOnce(&x)
    var last = Double.infinity
    for _ in 0..<8 {
      // Curvatures far apart leave their rounding in the Gram matrix.
      if prefersGram {
        BLAS.gemv(m: unknowns, n: unknowns, a: gram, x: x, y: &residual)
      } else {
        predictions(x, into: &sampleSpace)
        for i in sampleSpace.indices { sampleSpace[i] *= curvatures[i] }
        BLAS.gemv(m: unknowns, n: samples, a: columns, x: sampleSpace, y: &residual)
      }
      addBlocks(times: x, to: &residual)
      var worst = 0.0
      for i in residual.indices {
        correction[i] = right[i] - residual[i]
        worst = max(worst, abs(correction[i]))
      }
      guard worst > 1e-14 * size, worst < 0.5 * last else { break }
      last = worst
      solveOnce(&correction)
      for i in x.indices { x[i] += correction[i] }
    }
  }

  private func solveOnce(_ x: inout [Double]) {
    if usesGram {
      BLAS.choleskySolve(n: unknowns, factor: factor, x: &x)
    } else {
      solveBySchurComplement(&x)
    }
  }

  /// y ← y + Hx.
  private func addBlocks(times x: [Double], to y: inout [Double]) {
    let r = rank
    blocks.withUnsafeBufferPointer { blocks in
      x.withUnsafeBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          for b in 0..<blockCount {
            let (x, y) = (x.baseAddress! + b * r, y.baseAddress! + b * r)
            for i in 0..<r {
              let row = blocks.baseAddress! + (b * r + i) * r
              var sum = row[i] * x[i]
              for j in 0..<i {
                sum += row[j] * x[j]
                y[j] += row[j] * x[i]
              }
              y[i] += sum
            }
          }
        }
      }
    }
  }

  /// (H + AᵀDA)⁻¹ = H⁻¹ − H⁻¹Aᵀ√D(I + √D·A·H⁻¹Aᵀ√D)⁻¹√D·A·H⁻¹.
  private func solveBySchurComplement(_ x: inout [Double]) {
    let r = rank
    let n = samples
    x.withUnsafeMutableBufferPointer { x in
      blockFactors.withUnsafeBufferPointer { l in
        for b in 0..<blockCount {
          BLAS.triangularSolve(n: r, factor: l.baseAddress! + b * r * r, x: x.baseAddress! + b * r)
        }
        BLAS.gemv(transpose: true, m: unknowns, n: n, a: eliminated, x: x.baseAddress!, y: &sampleSpace)
        BLAS.choleskySolve(n: n, factor: factor, x: &sampleSpace)
        BLAS.gemv(m: unknowns, n: n, alpha: -1, a: eliminated, x: sampleSpace, beta: 1, y: x.baseAddress!)
        for b in 0..<blockCount {
          BLAS.triangularSolve(
            transpose: true, n: r, factor: l.baseAddress! + b * r * r, x: x.baseAddress! + b * r)
        }
      }
    }
  }
}

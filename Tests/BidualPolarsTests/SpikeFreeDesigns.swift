import BidualLinear

/// Designs made to be spike-free, or to miss it by a known amount.
enum SpikeFreeDesigns {
  /// X, n×d, with (XXᵀ)⁻¹ = G for a positive definite G: X = LᵀQ with L⁻ᵀ… by Cholesky, Q with orthonormal rows.
  static func design(inverseGram g: Matrix, features d: Int, _ random: inout SeededGenerator) -> Matrix {
    let n = g.rows
    // G = LLᵀ, so X = L⁻ᵀQ has (XXᵀ)⁻¹ = (L⁻ᵀL⁻¹)⁻¹ = G.
    var factor = g.elements
    precondition(BLAS.choleskyFactor(n: n, &factor))
    let q = orthonormalRows(n, d, &random)
    var columns = q.transposed.elements
    for k in 0..<d {
      columns.withUnsafeMutableBufferPointer {
        BLAS.triangularSolve(transpose: true, n: n, factor: factor, x: $0.baseAddress! + k * n)
      }
    }
    return Matrix(rows: d, columns: n, elements: columns).transposed
  }

  /// A random M-matrix: s·I − P with P ≥ 0 sparse or dense, rows made diagonally dominant by `margin`.
  static func mMatrix(_ n: Int, density: Double, margin: Double, _ random: inout SeededGenerator) -> Matrix {
    var g = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<i where random.nextUniform() < density {
        g[i, j] = -random.nextUniform()
        g[j, i] = g[i, j]
      }
    }
    for i in 0..<n { g[i, i] = margin - g.row(i).reduce(0, +) }
    return g
  }

  static func orthonormalRows(_ n: Int, _ d: Int, _ random: inout SeededGenerator) -> Matrix {
    precondition(n <= d)
    let gaussian = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    return SingularValues(of: gaussian)!.rightTransposed
  }

  static func gaussian(_ n: Int, _ random: inout SeededGenerator) -> [Double] {
    (0..<n).map { _ in random.nextGaussian() }
  }
}

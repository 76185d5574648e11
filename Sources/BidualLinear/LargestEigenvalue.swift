extension Matrix {
  /// An upper bound of the largest eigenvalue of a symmetric matrix S, near a number t that is above it; nil if t isn't, or is too close.
  ///
  /// A Cholesky factorisation of tI − S succeeds for matrices only that are positive semidefinite but for its rounding (Rump 2006), which is less
  /// than k·2⁻⁵¹·(k|t| + Σ|Sᵢᵢ|) for order k.
  ///
  /// - Complexity: O(k³).
  func eigenvalueBound(near trial: Double) -> Double? {
    let k = rows
    var shifted = elements.map { -$0 }
    var diagonal = 0.0
    for i in 0..<k {
      shifted[i * k + i] += trial
      diagonal += abs(self[i, i])
    }
    guard BLAS.choleskyFactor(n: k, &shifted) else { return nil }
    return trial + Double(k + 8) * 0x1p-51 * (Double(k) * abs(trial) + diagonal)
  }

  /// An upper bound of the largest eigenvalue of a symmetric matrix whose entries are finite; infinite if none is found.
  ///
  /// - Complexity: O(k³) for order k.
  package var largestEigenvalueBound: Double {
    let length = norm(elements)
    guard length.isFinite else { return .infinity }
    guard length > 0 else { return 0 }
    // With its length on the diagonal a matrix has no negative eigenvalue, so that singular values are eigenvalues.
    var shifted = self
    for i in 0..<rows { shifted[i, i] += length }
    guard let largest = SingularValues(of: shifted)?.values.first else { return .infinity }
    for excess in [1e-14, 1e-13, 1e-12, 1e-10, 1e-8, 1e-6, 1e-3] {
      if let bound = eigenvalueBound(near: largest - length + excess * length) { return bound }
    }
    return .infinity
  }
}

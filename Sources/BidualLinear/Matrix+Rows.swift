extension Matrix {
  /// The Euclidean norm of each row.
  public var rowNorms: [Double] { (0..<rows).map { norm(row($0)) } }

  /// The matrix with each row scaled to length 1; zero rows stay zero.
  public var unitRows: Matrix {
    var result = self
    for (i, length) in rowNorms.enumerated() where length > 0 {
      for j in 0..<columns { result[i, j] /= length }
    }
    return result
  }
}

extension Matrix {
  /// The Euclidean norm of each row.
  public var rowNorms: [Double] { (0..<rows).map { norm(row($0)) } }

  /// The rows of the given indices, one after another; of indices in a run without a copy.
  package func gathered(_ indices: [Int]) -> ArraySlice<Double> {
    guard let first = indices.first, let last = indices.last else { return [] }
    if last - first == indices.count - 1, indices.elementsEqual(first...last) {
      return elements[(first * columns)..<((last + 1) * columns)]
    }
    return selectingRows(indices).elements[...]
  }

  /// The matrix with each row scaled to length 1; zero rows stay zero.
  public var unitRows: Matrix {
    var result = self
    for (i, length) in rowNorms.enumerated() where length > 0 {
      for j in 0..<columns { result[i, j] /= length }
    }
    return result
  }
}

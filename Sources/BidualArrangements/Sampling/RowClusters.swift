import BidualLinear

/// Clusters of a matrix's rows by Lloyd's k-means from k-means++ seeds.
///
/// Source: D. Arthur, S. Vassilvitskii, *k-means++: the advantages of careful seeding*, SODA 2007.
package struct RowClusters {
  /// The centres, one a row: at most as many as there are distinct rows.
  package let centres: Matrix

  /// Looks for `count` clusters; O(iterations · n·count·d).
  ///
  /// Told to stop, it makes do with the centres of the moment, at least one.
  package init(
    _ data: Matrix, count: Int, iterations: Int = 25, using generator: inout SeededGenerator,
    isCancelled: () -> Bool = { false }
  ) {
    var centres = Self.seeds(data, count: count, using: &generator, isCancelled: isCancelled)
    var labels = [Int](repeating: -1, count: data.rows)
    for _ in 0..<iterations {
      guard let next = Self.labels(data, centres, isCancelled: isCancelled), next != labels else { break }
      labels = next
      var sums = Matrix(rows: centres.rows, columns: data.columns)
      var sizes = [Int](repeating: 0, count: centres.rows)
      for (i, label) in labels.enumerated() {
        sizes[label] += 1
        for (j, x) in data.row(i).enumerated() { sums[label, j] += x }
      }
      for a in 0..<centres.rows where sizes[a] > 0 {
        for j in 0..<data.columns { centres[a, j] = sums[a, j] / Double(sizes[a]) }
      }
    }
    self.centres = centres
  }

  /// Rows drawn with probability proportional to the squared distance to those drawn before.
  private static func seeds(
    _ data: Matrix, count: Int, using generator: inout SeededGenerator, isCancelled: () -> Bool
  ) -> Matrix {
    var chosen: [Int] = []
    var distances = [Double](repeating: 1, count: data.rows)
    while chosen.count < count, chosen.isEmpty || !isCancelled() {
      let total = distances.reduce(0, +)
      guard total > 0 else { break }
      var left = generator.nextUniform() * total
      // Rounding may leave a rest at the end: then the last row that can be drawn is.
      var pick = distances.lastIndex { $0 > 0 }!
      for (i, distance) in distances.enumerated() where distance > 0 {
        left -= distance
        if left < 0 {
          pick = i
          break
        }
      }
      chosen.append(pick)
      for i in 0..<data.rows {
        var square = 0.0
        for (x, m) in zip(data.row(i), data.row(pick)) { square += (x - m) * (x - m) }
        distances[i] = chosen.count == 1 ? square : min(distances[i], square)
      }
    }
    return data.selectingRows(chosen)
  }

  /// The nearest centre of each row, the first of several; nil where it was told to stop.
  private static func labels(_ data: Matrix, _ centres: Matrix, isCancelled: () -> Bool) -> [Int]? {
    let squares = (0..<centres.rows).map { dot(centres.row($0), centres.row($0)) }
    var labels: [Int] = []
    for start in stride(from: 0, to: data.rows, by: blockLength) {
      if isCancelled() { return nil }
      let block = data.selectingRows(start..<min(data.rows, start + blockLength))
      let products = block.timesTransposed(centres)
      for i in 0..<block.rows {
        var best = 0
        for a in 1..<max(1, centres.rows)
        where squares[a] - 2 * products[i, a] < squares[best] - 2 * products[i, best] {
          best = a
        }
        labels.append(best)
      }
    }
    return labels
  }

  /// Rows whose products with all centres are in memory at once.
  private static let blockLength = 1024
}

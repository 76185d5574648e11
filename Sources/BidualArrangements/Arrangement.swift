import BidualLinear

/// The central hyperplanes {u : x_iᵀu = 0} of data X (n×d), each kept once.
///
/// Rows that are multiples of one another, of either sign, share a hyperplane; a zero row has none. Inside,
/// the arrangement lives in r = rank X coordinates, u = Tw, chosen so that no hyperplanes crowd together merely
/// because columns differ in scale or are correlated; every point handed out is in the original d coordinates.
///
/// Two hyperplanes are one, and a hyperplane goes through a flat, when they do so up to `tolerance`, measured on
/// unit normals in those inner coordinates. Positions between rounding error and the tolerance are taken for
/// degenerate, positions beyond it for generic.
public struct Arrangement: Sendable {
  /// The number of rows n of the data.
  public let rowCount: Int
  /// The number of columns d of the data.
  public let columnCount: Int
  /// The numerical rank r of the data.
  public let rank: Int
  /// The tolerance in use: the one asked for, or more where the data's own rounding errors demand it.
  public let tolerance: Double
  /// Unit normals of the distinct hyperplanes in the inner coordinates, m×r; they point with the first row of
  /// each.
  public let normals: Matrix
  /// The map T (d×r) from inner to original coordinates, u = Tw.
  public let coordinates: Matrix

  /// A bound on the rounding error of a row's product with an interior point, relative to the row's unit normal.
  let rounding: Double

  private let hyperplaneOfRow: [Int32]
  private let orientationOfRow: [Int8]
  private let rowStarts: [Int]
  private let rowsByHyperplane: [Int32]

  /// The arrangement of the rows of `data`.
  ///
  /// O(n d min(n, d) + n log n). The tolerance in use is the larger of `tolerance` and 32 rounding errors of the data,
  /// as they appear after the change of coordinates.
  /// - Throws: `ArrangementError.notFinite` or `.badTolerance`.
  public init(_ data: Matrix, tolerance: Double = 1e-11) throws(ArrangementError) {
    guard tolerance > 0, tolerance <= 0.01 else { throw .badTolerance(tolerance) }
    if let bad = data.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: bad / data.columns, column: bad % data.columns)
    }
    let reduction = CoordinateReduction(data, rankTolerance: tolerance)
    let rank = reduction.rank
    self.tolerance = max(tolerance, 32 * reduction.noise)
    rounding = reduction.noise
    rowCount = data.rows
    columnCount = data.columns
    self.rank = rank
    coordinates = reduction.map

    let nonzero = (0..<data.rows).filter { i in reduction.normals.row(i).contains { $0 != 0 } }
    let reduced = reduction.normals.selectingRows(nonzero)
    let classes = ParallelClasses(vectors: reduced.elements, dimension: rank, tolerance: self.tolerance)
    var hyperplaneOfRow = [Int32](repeating: -1, count: data.rows)
    var orientationOfRow = [Int8](repeating: 0, count: data.rows)
    var first = [Int](repeating: -1, count: classes.representatives.count)
    for (position, row) in nonzero.enumerated() {
      let hyperplane = classes.classOf[position]
      if first[hyperplane] < 0 { first[hyperplane] = position }
      hyperplaneOfRow[row] = Int32(hyperplane)
      orientationOfRow[row] = classes.orientation[position] * classes.orientation[first[hyperplane]]
    }
    var normals = reduced.selectingRows(first)
    if first.isEmpty { normals = Matrix(rows: 0, columns: rank) }
    self.normals = normals
    self.hyperplaneOfRow = hyperplaneOfRow
    self.orientationOfRow = orientationOfRow

    var starts = [Int](repeating: 0, count: first.count + 1)
    for row in nonzero { starts[Int(hyperplaneOfRow[row]) + 1] += 1 }
    for h in first.indices { starts[h + 1] += starts[h] }
    var next = starts
    var grouped = [Int32](repeating: 0, count: nonzero.count)
    for row in nonzero {
      let h = Int(hyperplaneOfRow[row])
      grouped[next[h]] = Int32(row)
      next[h] += 1
    }
    rowStarts = starts
    rowsByHyperplane = grouped
  }

  /// The number m of distinct hyperplanes.
  public var hyperplaneCount: Int { normals.rows }

  /// The hyperplane of a row, or nil for a zero row; O(1).
  public func hyperplane(ofRow row: Int) -> Int? {
    hyperplaneOfRow[row] < 0 ? nil : Int(hyperplaneOfRow[row])
  }

  /// Whether a row points with (+1) or against (−1) its hyperplane's normal; 0 for a zero row. O(1).
  public func orientation(ofRow row: Int) -> Int {
    Int(orientationOfRow[row])
  }

  /// The rows that share a hyperplane, in increasing order; O(1) for each.
  public func rows(ofHyperplane hyperplane: Int) -> some RandomAccessCollection<Int> {
    rowsByHyperplane[rowStarts[hyperplane]..<rowStarts[hyperplane + 1]].lazy.map { Int($0) }
  }

  /// The original coordinates u = Tw of an inner point w, scaled to unit length; O(d r).
  ///
  /// At rank 0 every direction serves, and the first coordinate axis is returned (for d > 0).
  public func originalPoint(_ inner: some Collection<Double>) -> [Double] {
    precondition(inner.count == rank)
    guard rank > 0 else { return (0..<columnCount).map { $0 == 0 ? 1 : 0 } }
    var point = [Double](repeating: 0, count: columnCount)
    for j in 0..<columnCount {
      for (k, value) in inner.enumerated() { point[j] += coordinates[j, k] * value }
    }
    // Two steps, for columns of 10²⁰⁰ or 10⁻²⁰⁰ have entries of u whose squares leave the range of doubles.
    let largest = point.reduce(0) { max($0, abs($1)) }
    for j in point.indices { point[j] /= largest }
    let length = point.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for j in point.indices { point[j] /= length }
    return point
  }

  /// The activation pattern, over all n rows, of the hyperplanes' sides: O(n).
  ///
  /// - Parameter isPositive: for each hyperplane whether the normal's side is meant.
  public func pattern(isPositive: [Bool]) -> ActivationPattern {
    precondition(isPositive.count == hyperplaneCount)
    var pattern = ActivationPattern(count: rowCount)
    for row in 0..<rowCount where hyperplaneOfRow[row] >= 0 {
      if isPositive[Int(hyperplaneOfRow[row])] == (orientationOfRow[row] > 0) { pattern[row] = true }
    }
    return pattern
  }
}

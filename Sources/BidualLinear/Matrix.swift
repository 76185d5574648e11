/// A dense matrix of doubles in row-major order.
///
/// Rows are samples throughout Bidual, so that a sample's features are contiguous.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries, row after row: entry (i, j) stands at `i * columns + j`.
  public var elements: [Double]

  /// A matrix from its entries, row after row.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  /// A matrix from its rows, which must be equally long.
  public init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, elements: Array(rows.joined()))
  }

  /// The identity of the given order.
  public static func identity(_ order: Int) -> Matrix {
    var matrix = Matrix(rows: order, columns: order)
    for i in 0..<order { matrix[i, i] = 1 }
    return matrix
  }

  /// Entry (`row`, `column`).
  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// A view of one row.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Double> {
    elements[(index * columns)..<((index + 1) * columns)]
  }

  /// A copy of one column.
  public func column(_ index: Int) -> [Double] {
    (0..<rows).map { self[$0, index] }
  }

  /// The rows at the given indices, in that order.
  public func selectingRows(_ indices: some Sequence<Int>) -> Matrix {
    var picked: [Double] = []
    var count = 0
    for index in indices {
      picked += row(index)
      count += 1
    }
    return Matrix(rows: count, columns: columns, elements: picked)
  }

  /// The columns at the given indices, in that order; all of them in their order share the storage.
  public func selectingColumns(_ indices: [Int]) -> Matrix {
    guard !indices.elementsEqual(0..<columns) else { return self }
    var picked: [Double] = []
    picked.reserveCapacity(rows * indices.count)
    for i in 0..<rows {
      for j in indices { picked.append(self[i, j]) }
    }
    return Matrix(rows: rows, columns: indices.count, elements: picked)
  }

  /// The transpose.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = self[i, j] }
    }
    return result
  }
}

import BidualLinear
import BidualModels

/// A NumPy array of any rank, its entries held as finite doubles.
public struct NPYArray: Sendable, Equatable {
  /// The length of each axis; empty for a single number.
  public let shape: [Int]
  /// The entries in C order: the last index runs fastest.
  public let elements: [Double]

  /// An array from its shape and its entries in C order.
  ///
  /// - Throws: `DataError` of kind `badData` where the shape holds no entry or another number of
  ///   entries than given, or an entry is not finite.
  /// - Complexity: O(entries).
  public init(shape: [Int], elements: [Double]) throws(DataError) {
    let count = try Self.count(shape)
    guard count == elements.count else {
      throw DataError(
        .badData,
        "the shape \(Self.text(shape)) has \(count) entries, but \(elements.count) are given; make them agree"
      )
    }
    if let bad = elements.firstIndex(where: { !$0.isFinite }) {
      var rest = bad
      var index: [Int] = []
      for length in shape.reversed() {
        index.insert(rest % length, at: 0)
        rest /= length
      }
      throw DataError(
        .badData,
        "entry \(index) (counted from 0) is \(elements[bad]), not a finite number; drop the row or replace the value"
      )
    }
    self.shape = shape
    self.elements = elements
  }

  /// The array of a matrix, with two axes.
  ///
  /// - Throws: `DataError` of kind `badData` where the matrix is empty or an entry is not finite.
  /// - Complexity: O(entries).
  public init(_ matrix: Matrix) throws(DataError) {
    try self.init(shape: [matrix.rows, matrix.columns], elements: matrix.elements)
  }

  /// The array as a matrix: the first axis gives the rows, all others are flattened to columns.
  ///
  /// An array with one axis gives a single column.
  public var matrix: Matrix {
    let rows = shape.first ?? 1
    return Matrix(rows: rows, columns: elements.count / rows, elements: elements)
  }

  /// The number of entries in a shape.
  ///
  /// - Throws: `DataError` of kind `badData` where it is nought or too large to count.
  static func count(_ shape: [Int]) throws(DataError) -> Int {
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw DataError(
        .badData, "the array is empty (shape \(text(shape))); give at least one entry along each axis")
    }
    var count = 1
    for length in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard !overflows else { throw tooLarge(shape) }
      count = product
    }
    return count
  }

  /// The complaint about a shape whose size can't be true.
  static func tooLarge(_ shape: [Int]) -> DataError {
    DataError(
      .badData,
      "the shape \(text(shape)) is larger than any file; the header is damaged, so save the array again"
    )
  }

  /// A shape as Python writes it.
  private static func text(_ shape: [Int]) -> String {
    let shown = shape.prefix(8).map(String.init).joined(separator: ", ")
    return shape.count > 8 ? "(\(shown), …)" : shape.count == 1 ? "(\(shown),)" : "(\(shown))"
  }
}

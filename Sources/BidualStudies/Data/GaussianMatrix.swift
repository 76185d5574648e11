import Bidual

extension Matrix {
  /// A matrix of independent standard normal numbers.
  static func gaussian(rows: Int, columns: Int, using random: inout SeededGenerator) -> Matrix {
    Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }
}

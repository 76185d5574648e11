import BidualLinear

/// The columns shifted and scaled to mean 0 and variance 1.
func standardised(_ data: Matrix) -> Matrix {
  var result = data
  for j in 0..<data.columns {
    let column = data.column(j)
    let mean = column.reduce(0, +) / Double(data.rows)
    let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(data.rows)
    for i in 0..<data.rows { result[i, j] = (data[i, j] - mean) / variance.squareRoot() }
  }
  return result
}

/// The data with a last column of ones.
func withOnes(_ data: Matrix) -> Matrix {
  Matrix((0..<data.rows).map { Array(data.row($0)) + [1] })
}

/// All points of {0, …, side−1}^dimension, one a row.
func grid(side: Int, dimension: Int) -> Matrix {
  let count = (0..<dimension).reduce(1) { product, _ in side * product }
  var data = Matrix(rows: count, columns: dimension)
  for i in 0..<count {
    var rest = i
    for j in 0..<dimension {
      data[i, j] = Double(rest % side)
      rest /= side
    }
  }
  return data
}

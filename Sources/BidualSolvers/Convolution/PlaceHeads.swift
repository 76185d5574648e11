import BidualLinear

/// Heads with weights for c outputs at each of K places: how Σⱼ αⱼuⱼᵀ, a row for each weight, those of a place together, and the
/// coefficients of a sample's rows side by side, a column for each output, are one another's parts.
struct PlaceHeads {
  /// The number K of places.
  let places: Int
  /// The number c of outputs.
  let outputs: Int

  /// The number of a head's weights.
  var count: Int { places * outputs }

  /// The coefficients, Kh×c, of a product, Kc×h.
  func coefficients(_ product: Matrix) -> Matrix {
    let size = product.columns
    guard outputs > 1 else { return Matrix(rows: places * size, columns: 1, elements: product.elements) }
    var coefficients = Matrix(rows: places * size, columns: outputs)
    for head in 0..<count {
      let first = head / outputs * size
      for t in 0..<size { coefficients[first + t, head % outputs] = product[head, t] }
    }
    return coefficients
  }

  /// The product, Kc×h, whose coefficients are given: the transpose of `coefficients`, and its inverse.
  func spread(_ coefficients: Matrix) -> Matrix {
    let size = coefficients.rows / places
    guard outputs > 1 else { return Matrix(rows: places, columns: size, elements: coefficients.elements) }
    var product = Matrix(rows: count, columns: size)
    for head in 0..<count {
      let first = head / outputs * size
      for t in 0..<size { product[head, t] = coefficients[first + t, head % outputs] }
    }
    return product
  }
}

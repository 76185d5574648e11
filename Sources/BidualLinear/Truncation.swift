/// What a row space that was cut to some of its directions misses of the rows, X − ZQᵀ.
package struct Truncation: Sendable {
  /// For each row x an upper bound of ‖x − Qz‖.
  package let distances: [Double]
  /// An upper bound of ‖X − ZQᵀ‖₂.
  package let norm: Double

  /// What is missed, from its bounds.
  package init(distances: [Double], norm: Double) {
    self.distances = distances
    self.norm = norm
  }

  /// What products rebuild of a design is off by, where entry i of `errors` bounds what their rounding did to row i.
  ///
  /// - Complexity: that of a bound of the spectral norm.
  init(of design: Matrix, rebuilt: Matrix, distances: [Double], errors: [Double]) {
    self.distances = distances
    var rest = design
    for place in rest.elements.indices { rest.elements[place] -= rebuilt.elements[place] }
    // Rounding is a matrix of its own, whose spectral norm is at most the root of the sum of its rows' squares.
    norm = (rest.spectralNormBound + BidualLinear.norm(errors) * 1.001) * (1 + 0x1p-50)
  }
}

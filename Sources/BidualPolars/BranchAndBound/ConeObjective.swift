import BidualLinear

/// A simplicial cone that waits to be searched: its unit generators, how often it was bisected and
/// an upper bound of the objective on it.
struct OpenCone: Sendable {
  var generators: [Double]
  var depth: Int
  var bound: Double
  /// The index of the objective (one a sign) that it belongs to.
  var side: Int

  /// All that says where it is.
  var place: [Double] { generators + [Double(side)] }
}

/// The objective Σ wᵢ(xᵢᵀu)₊ + gᵀu whose maximum over the unit sphere is searched.
struct ConeObjective: Sendable {
  let rows: Matrix
  let weights: [Double]
  let linear: [Double]
  let sign: Double
  /// 1/‖xᵢ‖².
  let inverseSquares: [Double]

  init(rows: Matrix, weights: [Double], linear: [Double], sign: Double) {
    self.rows = rows
    self.weights = weights
    self.linear = linear
    self.sign = sign
    inverseSquares = (0..<rows.rows).map { 1 / dot(rows.row($0), rows.row($0)) }
  }

  func withPointers(_ body: (DesignPointers) -> Void) {
    rows.elements.withUnsafeBufferPointer { rows in
      inverseSquares.withUnsafeBufferPointer { inverseSquares in
        body(DesignPointers(rows: rows.baseAddress!, inverseSquares: inverseSquares.baseAddress!))
      }
    }
  }
}

/// An objective's rows, xᵢ after xᵢ, and their 1/‖xᵢ‖², for the time of a search.
struct DesignPointers {
  let rows: UnsafePointer<Double>
  let inverseSquares: UnsafePointer<Double>
}

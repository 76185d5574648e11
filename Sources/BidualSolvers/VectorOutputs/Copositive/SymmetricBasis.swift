import BidualLinear

/// An orthonormal basis of the symmetric matrices of one order: E_ab = (e_ae_bᵀ + e_be_aᵀ)/√2 for a > b, and e_ae_aᵀ.
struct SymmetricBasis {
  private let order: Int
  private let places: [(a: Int, b: Int, scale: Double)]

  /// The basis of matrices r×r.
  init(order: Int) {
    self.order = order
    places = (0..<order).flatMap { a in
      (0...a).map { b in (a, b, a == b ? 1 : 2.0.squareRoot()) }
    }
  }

  /// r(r + 1)/2.
  var count: Int { places.count }

  /// The coordinates of a symmetric matrix.
  func coordinates(of matrix: Matrix) -> [Double] { places.map { $0.scale * matrix[$0.a, $0.b] } }

  /// The matrix of the coordinates.
  func matrix(_ coordinates: [Double]) -> Matrix {
    var matrix = Matrix(rows: order, columns: order)
    add(coordinates, 1, to: &matrix)
    return matrix
  }

  /// Adds a multiple of the matrix of the coordinates.
  func add(_ coordinates: [Double], _ factor: Double, to matrix: inout Matrix) {
    for (place, value) in zip(places, coordinates) {
      let entry = factor * value / place.scale
      matrix[place.a, place.b] += entry
      if place.a != place.b { matrix[place.b, place.a] += entry }
    }
  }

  /// The coordinates of ½(xyᵀ + yxᵀ).
  func product(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> [Double] {
    let (i, j) = (x.startIndex, y.startIndex)
    return places.map { 0.5 * $0.scale * (x[i + $0.a] * y[j + $0.b] + x[i + $0.b] * y[j + $0.a]) }
  }

  /// The lower triangle of the form (H, H′) ↦ Σᵢⱼ tr(HᵢAᵢⱼH′ⱼCⱼᵢ) on symmetric blocks, symmetrised, for symmetric matrices A and C.
  ///
  /// - Complexity: O(N²) for N coordinates of all blocks.
  func products(_ a: Matrix, _ c: Matrix, blocks: Int) -> [Double] {
    let (q, stride, r) = (count, a.columns, order)
    let unknowns = q * blocks
    var form = [Double](repeating: 0, count: unknowns * unknowns)
    a.elements.withUnsafeBufferPointer { a in
      c.elements.withUnsafeBufferPointer { c in
        form.withUnsafeMutableBufferPointer { form in
          for i in 0..<blocks {
            for (k, row) in places.enumerated() {
              let (first, second) = ((i * r + row.a) * stride, (i * r + row.b) * stride)
              let line = (i * q + k) * unknowns
              for j in 0...i {
                for (l, column) in places.enumerated() {
                  let (s, t) = (j * r + column.a, j * r + column.b)
                  let straight = a[second + s] * c[first + t] + a[first + t] * c[second + s]
                  let crossed = a[second + t] * c[first + s] + a[first + s] * c[second + t]
                  form[line + j * q + l] = 0.25 * row.scale * column.scale * (straight + crossed)
                }
              }
            }
          }
        }
      }
    }
    return form
  }
}

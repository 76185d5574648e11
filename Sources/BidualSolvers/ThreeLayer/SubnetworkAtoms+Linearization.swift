import BidualLinear
import BidualModels
import BidualPolars

/// A sub-network ±(Σⱼ aⱼ(Xuⱼ)₊)₊ is penalised by ½Σⱼ(‖uⱼ‖² + aⱼ²), which in balance is its length.
extension SubnetworkAtoms: LinearizableAtoms {
  func balancedWeights(of parts: [Part]) -> Int {
    parts.reduce(0) { $0 + units(of: $1).count } * (geometry.rank + 1)
  }

  /// The units' vectors along the rows' axes, one after another, then their second-layer weights; units that are zero are left out.
  ///
  /// - Complexity: O(nqr) for q units.
  func linearization(of parts: [Part], rows: PrincipalRows) -> Linearization? {
    let units = parts.map(units)
    let vectors = units.joined().map(\.vector)
    let (q, r, n) = (vectors.count, rows.rows.columns, rows.rows.rows)
    guard q > 0 else { return nil }
    let lengths = vectors.map { BidualLinear.norm($0).squareRoot() }
    let hidden = rows.along(
      Matrix(zip(vectors, lengths).map { vector, length in vector.map { $0 / length } }))
    let inner = zip(units.joined(), lengths).map { $0.sign * $1 }
    let heights = rows.rows.timesTransposed(hidden)
    var jacobian = Matrix(rows: n, columns: q * (r + 1))
    for i in 0..<n {
      var first = 0
      for (part, units) in zip(parts, units) {
        let own = first..<(first + units.count)
        first += units.count
        guard own.reduce(0, { $0 + inner[$1] * max(heights[i, $1], 0) }) > 0 else { continue }
        for j in own where heights[i, j] > 0 {
          let slope = part.sign * inner[j]
          for k in 0..<r { jacobian[i, j * r + k] = slope * rows.rows[i, k] }
          jacobian[i, q * r + j] = part.sign * heights[i, j]
        }
      }
    }
    let shares = (0..<q).map { lengths[$0] / rows.deviation(of: hidden.row($0)) }
    let (signs, counts) = (parts.map(\.sign), units.map(\.count))
    return Linearization(
      weights: hidden.elements + inner, jacobian: jacobian,
      measure: shares.flatMap { share in rows.squares.map { share * $0 } } + shares.map { 1 / $0 }
    ) { weights in
      let hidden = rows.lifted(Matrix(rows: q, columns: r, elements: Array(weights[..<(q * r)])))
      return self.parts(signs, counts, hidden, inner: Array(weights[(q * r)...]))
    }
  }

  /// The units of a part that are not zero.
  private func units(of part: Part) -> [(vector: [Double], sign: Double)] {
    let r = part.vector.count / width
    return (0..<width).compactMap { j in
      let vector = Array(part.vector[(j * r)..<((j + 1) * r)])
      return BidualLinear.norm(vector) > 0
        ? (vector, SubnetworkSigns.sign(of: j, family: part.family)) : nil
    }
  }

  /// The parts of sub-networks with some units each.
  private func parts(_ signs: [Double], _ counts: [Int], _ hidden: Matrix, inner: [Double]) -> [Part] {
    let r = hidden.columns
    var vectors = [Double](repeating: 0, count: signs.count * width * r)
    var weights = [Double](repeating: 0, count: signs.count * width)
    var unit = 0
    for (k, count) in counts.enumerated() {
      for place in (k * width)..<(k * width + count) {
        for c in 0..<r { vectors[place * r + c] = hidden[unit, c] }
        weights[place] = inner[unit]
        unit += 1
      }
    }
    return NetworkParameters(
      width: signs.count, units: width, inputs: r, outputs: 1, hasOffset: false,
      values: vectors + weights + signs
    ).subnetworkParts(units: width)
  }
}

import BidualLinear
import BidualModels

extension ConvolutionAtoms: LinearizableAtoms {
  func balancedWeights(of parts: [Part]) -> Int { parts.count * (geometry.rank + 1) }

  /// First-layer weights along the rows' axes, neuron after neuron, then those of the second.
  ///
  /// - Complexity: O(nKmr) for K rows a sample.
  func linearization(of parts: [Part], rows: PrincipalRows) -> Linearization? {
    let (m, r, n) = (parts.count, rows.rows.columns, samples)
    guard m > 0 else { return nil }
    let lengths = parts.map { BidualLinear.norm($0.vector).squareRoot() }
    let hidden = rows.along(
      Matrix(zip(parts, lengths).map { part, length in part.vector.map { $0 / length } }))
    let output = zip(parts, lengths).map { $0.sign * $1 }
    let heights = hidden.timesTransposed(rows.rows)
    guard let pooled = PooledPatterns(rows.rows, pooling: pooling, heights: heights) else { return nil }
    var jacobian = Matrix(rows: n, columns: m * (r + 1))
    for i in 0..<n {
      for j in 0..<m {
        var response = 0.0
        for k in 0..<r {
          let entry = pooled.sums[i, j * r + k]
          response += entry * hidden[j, k]
          jacobian[i, j * r + k] = output[j] * entry
        }
        jacobian[i, m * r + j] = response
      }
    }
    let shares = (0..<m).map { lengths[$0] / rows.deviation(of: hidden.row($0)) }
    return Linearization(
      weights: hidden.elements + output, jacobian: jacobian,
      measure: shares.flatMap { share in rows.squares.map { share * $0 } } + shares.map { 1 / $0 }
    ) { weights in
      let hidden = rows.lifted(Matrix(rows: m, columns: r, elements: Array(weights[..<(m * r)])))
      return (0..<m).map { j in
        let output = weights[m * r + j]
        return Part(sign: output < 0 ? -1 : 1, vector: hidden.row(j).map { abs(output) * $0 })
      }
    }
  }
}

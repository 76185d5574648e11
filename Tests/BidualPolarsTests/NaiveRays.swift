import BidualLinear
import BidualObjectives

/// Generalised cross products by minors, one subset of normals at a time.
enum NaiveRays {
  /// ⋆(x₁∧…∧x_{r−1}), by cofactors; zero for dependent rows.
  static func crossProduct(_ rows: [[Double]], rank: Int) -> [Double] {
    (0..<rank).map { k in
      let minor = rows.map { row in (0..<rank).filter { $0 != k }.map { row[$0] } }
      return (k % 2 == 0 ? 1 : -1) * determinant(minor)
    }
  }

  private static func determinant(_ a: [[Double]]) -> Double {
    guard let first = a.first else { return 1 }
    return first.indices.reduce(0) { sum, k in
      let minor = a.dropFirst().map { row in row.indices.filter { $0 != k }.map { row[$0] } }
      return sum + (k % 2 == 0 ? 1 : -1) * first[k] * determinant(minor)
    }
  }

  /// All rays of the design's rows (with the basis vectors under ℓ₁), both ways, at length 1 in the norm.
  static func all(_ design: Matrix, norm: FirstLayerNorm) -> [[Double]] {
    let r = design.columns
    var normals = (0..<design.rows).map { Array(design.row($0)).normalized }.filter { dot($0, $0) > 0 }
    if norm == .l1 { normals += (0..<r).map { axis in (0..<r).map { $0 == axis ? 1 : 0 } } }
    var rays: [[Double]] = []
    func choose(_ chosen: [[Double]], from start: Int) {
      if chosen.count == r - 1 {
        let ray = crossProduct(chosen, rank: r)
        guard dot(ray, ray) > 1e-18 else { return }
        rays += [norm.normalized(ray), norm.normalized(ray.map { -$0 })]
        return
      }
      for next in start..<max(start, normals.count) { choose(chosen + [normals[next]], from: next + 1) }
    }
    choose([], from: 0)
    return rays
  }

  /// The largest |Σ Vᵢ(xᵢᵀu)₊| over them.
  static func polar(_ design: Matrix, _ weights: [Double], norm: FirstLayerNorm) -> Double {
    all(design, norm: norm).map { abs(naiveValue(design, weights, $0)) }.max() ?? 0
  }
}

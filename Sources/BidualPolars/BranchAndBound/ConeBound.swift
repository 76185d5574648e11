/// Bounds a maximum over the part of a simplicial cone inside a unit ball; each norm has its own.
///
/// `shape` holds the cone's generators as rows, of length 1 in the norm, and behind them the vector g of the
/// rows that are linear on the cone.
protocol ConeBound: AnyObject {
  /// An upper bound of max{qᵀλ : ‖Σλ_kρ_k‖ ≤ 1, λ ≥ 0}.
  func bound(_ shape: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double

  /// An upper bound of the objective on the cone with the lines above its concave kinks chosen well.
  ///
  /// Above a concave kink v(t)₊, v < 0, lies every line θvt, 0 ≤ θ ≤ 1. The best θ makes the bound exact where
  /// only concave kinks meet the cone, which is where the neurons of an optimal network lie. The search
  /// for it ends at a bound of `threshold`, or when it has little to gain. `q` is scratch.
  func balanced(
    _ shape: UnsafePointer<Double>, rows: MixedRows, q: UnsafeMutablePointer<Double>, threshold: Double
  ) -> Double
}

/// The rows that change sign on a cone.
struct MixedRows {
  let count: Int
  /// Row i at generator k stands at k·count + i.
  let dots: UnsafePointer<Double>
  /// The rows' weights v in the objective.
  let weights: UnsafePointer<Double>
  /// The rows at the sum of the generators.
  let center: UnsafePointer<Double>
  /// Where the rows stand in the design.
  let index: UnsafePointer<Int32>
  let design: DesignPointers

  /// Row i in full.
  func row(_ i: Int, rank: Int) -> UnsafePointer<Double> { design.rows + Int(index[i]) * rank }

  /// q_k = gᵀρ_k with chords of the convex kinks and the lines θ of the concave ones.
  func coefficients(
    _ shape: UnsafePointer<Double>, rank: Int, theta: UnsafePointer<Double>, q: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<rank {
      let d = dots + k * count
      var sum = 0.0
      for j in 0..<rank { sum += shape[k * rank + j] * shape[rank * rank + j] }
      for i in 0..<count { sum += weights[i] * (weights[i] > 0 ? max(d[i], 0) : theta[i] * d[i]) }
      q[k] = sum
    }
  }
}

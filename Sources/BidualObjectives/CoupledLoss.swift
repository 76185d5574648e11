/// A convex loss ℓ(f, y) ≥ 0 of a sample's c predictions f and targets y that does not fall apart into outputs, and does
/// not notice a number that is added to all predictions.
///
/// Dual rows d are those of ω·ℓ for a sample of weight ω: ω·ℓ*(d/ω, y) is finite for some rows of sum zero only. The
/// functions of single numbers are those of samples with one output.
public protocol CoupledLoss: Loss {
  /// ℓ(f, y).
  func value(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> Double

  /// An upper bound, in real arithmetic, of ℓ(f′, y) for all f′ with |f′ₖ − fₖ| ≤ `error`.
  ///
  /// - Parameter charge: how many times the function's own rounding is charged.
  func bound(
    _ predictions: ArraySlice<Double>, within error: Double, targets: ArraySlice<Double>, charge: Double
  ) -> Double

  /// The gradient of ℓ(·, y) at f.
  func gradient(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> [Double]

  /// The second derivatives of ℓ(·, y) at f, c×c.
  func hessian(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> [Double]

  /// The predictions that are best for samples of which each target has these total weights.
  func constantFit(totals: [Double]) -> [Double]

  /// A row near d in the domain of ω·ℓ, whose entries are multiples of `quantum` that add up to zero.
  func restored(_ dual: ArraySlice<Double>, targets: ArraySlice<Double>, weight: Double, quantum: Double)
    -> [Double]

  /// How much of entry k of a restored row may be moved to entry l.
  func room(
    _ dual: ArraySlice<Double>, from k: Int, to l: Int, targets: ArraySlice<Double>, weight: Double
  ) -> Double

  /// ω·ℓ*(sd/ω, y) for a row d of sum zero and a bound of its rounding, that of the products included; infinite where sd may
  /// be outside the domain.
  func conjugate(_ dual: ArraySlice<Double>, scale: Double, targets: ArraySlice<Double>, weight: Double) -> (
    value: Double, error: Double
  )
}

/// The loss's part of an interior-point iterate: slopes p ∈ ∂ℓ(f) at the predictions f and what Newton's
/// method needs of them, in scaled units.
///
/// The linearised loss reads dp = D(df + e) with a diagonal D ≥ 0, the curvatures, and a pull e.
protocol SampleTerms: AnyObject {
  /// p, one a sample.
  var slopes: [Double] { get }
  /// D, one a sample.
  var curvatures: [Double] { get }
  /// Whether D never changes.
  var hasConstantCurvatures: Bool { get }
  /// e, one a sample.
  var pulls: [Double] { get }
  /// Σᵢ ωᵢℓ(fᵢ, yᵢ).
  var value: Double { get }
  /// The number of complementarity pairs that the loss adds.
  var pairs: Int { get }
  /// The sum of their products.
  var complementarity: Double { get }
  /// By how much p and f miss p ∈ ∂ℓ(f), relative to the size of f and y.
  var infeasibility: Double { get }

  /// Takes in the predictions f of a new iterate.
  func update(_ predictions: [Double])
  /// Sets e for the pure Newton step.
  func preparePredictor()
  /// Sets e for the step with centring to `target` and the second-order correction from the last direction.
  func prepareCorrector(target: Double)
  /// Sets e for a step that makes all products `target` and leaves infeasibility as it is.
  func prepareCentring(target: Double)
  /// Takes in the change df of the predictions, and dp where it is known better than D(df + e), and finds that of
  /// all else.
  func direct(_ change: [Double], slopes: [Double]?)
  /// The longest step that keeps multipliers and slacks positive; infinite where there are none.
  func longestStep() -> Double
  /// What a step of this length leaves of p unexplained by the linearisation; nil for a loss that it fits exactly.
  func remainder(_ length: Double) -> [Double]?
  /// Takes a step along the direction, the predictions excepted.
  func advance(_ length: Double)
  /// Remembers slopes and multipliers, and goes back to those remembered last.
  func keep()
  func goBack()
}

/// The units in which an interior point sees its samples: f = base + reach·f′, p = slope·p′.
struct SampleUnits {
  let base: Double
  let reach: Double
  let slope: Double
}

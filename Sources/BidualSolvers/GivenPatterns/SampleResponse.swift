import BidualLinear
import BidualModels
import BidualObjectives

/// The samples' side of the proximal step: predictions f that answer a dual point V,
///
///     fᵢ = argmin  ωᵢℓ(f, yᵢ) + Vᵢf + (f − cᵢ)²/2τ
///
/// with the previous predictions c as centre. For the squared loss τ = ∞, and fᵢ = yᵢ − Vᵢ/ωᵢ.
struct SampleResponse {
  private(set) var predictions: [Double]
  /// −dfᵢ/dVᵢ.
  private(set) var compliances: [Double]
  /// Σ max over f of −(ωℓ + Vf + (f − c)²/2τ), whose gradient in V is −f.
  private(set) var value = 0.0

  init(_ problem: TrainingProblem, dualPoint: [Double], centre: [Double], tau: Double) {
    let n = dualPoint.count
    predictions = Array(repeating: 0, count: n)
    compliances = predictions
    let isSquared = problem.loss.isHalfSquare
    for i in 0..<n {
      let (weight, target, v) = (problem.weights[i], problem.targets[i], dualPoint[i])
      if isSquared {
        predictions[i] = target - v / weight
        compliances[i] = 1 / weight
        value += v * (0.5 * v / weight - target)
        continue
      }
      let start = centre[i] - tau * v
      let f = Self.proximal(problem.loss, target: target, weight: weight * tau, at: start)
      let rest = weight * problem.loss.derivative(f, target: target) * tau + f - start
      let bend = weight * problem.loss.curvature(f, target: target)
      // Where the step ends at a kink of the loss, the prediction stays as V moves.
      let isKink = abs(rest) > 1e-9 * (abs(f) + abs(start) + tau * weight)
      predictions[i] = f
      compliances[i] = isKink ? 0 : tau / (1 + tau * bend)
      let away = f - centre[i]
      value -= v * f + weight * problem.loss.value(f, target: target) + 0.5 * away * away / tau
    }
  }

  /// argmin ½(f − a)² + wℓ(f, y): between a and a − wℓ'(a), by Newton steps kept inside a shrinking bracket.
  static func proximal(_ loss: any Loss, target: Double, weight: Double, at a: Double) -> Double {
    let step = weight * loss.derivative(a, target: target)
    guard step != 0, !step.isNaN else { return a }
    // Slopes may be huge or infinite at a: the other end of the bracket is looked for from near to far.
    var distance = min(abs(step), 1)
    func end() -> Double { step > 0 ? a - distance : a + distance }
    while distance < abs(step), distance < 1e100 {
      let slope = end() - a + weight * loss.derivative(end(), target: target)
      if (slope > 0) != (step > 0) { break }
      distance = min(abs(step), 2 * distance)
    }
    var low = min(a, end())
    var high = max(a, end())
    var f = a
    for iteration in 0..<200 {
      let slope = f - a + weight * loss.derivative(f, target: target)
      if slope == 0 { return f }
      if slope > 0 { high = f } else { low = f }
      let newton = f - slope / (1 + weight * loss.curvature(f, target: target))
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { return f }
      // Bisection now and then, for kinks on which Newton steps jump to and fro.
      f = newton > low && newton < high && iteration % 3 != 2 ? newton : middle
      if abs(newton - f) == 0, abs(slope) <= 1e-16 * (abs(f) + abs(a)) { return f }
    }
    return f
  }
}

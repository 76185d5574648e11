import BidualLinear

/// Minimises a smooth function over a convex set with a projection, by the spectral projected gradient method: steps as long as
/// the last change of the gradient suggests, projected, of which a share is taken that lowers the value below the largest of the last few.
///
/// Source: E. G. Birgin, J. M. Martínez, M. Raydan, *Nonmonotone spectral projected gradient methods on convex sets*, SIAM J. Optim. 10
/// (2000), algorithm 2.
struct ProjectedDescent {
  /// The largest number of steps.
  var maximumSteps = 300
  /// How many values a step is measured against.
  var memory = 8
  /// Ends when `window` steps together lower the least value by less than this share.
  var leastProgress = 1e-10
  /// See `leastProgress`.
  var window = 20
  /// Asked once a step.
  var isCancelled: () -> Bool = { false }

  /// The point of the least value met from one of the set on, and that value.
  func minimum(
    from start: [Double], projected: ([Double]) -> [Double],
    _ evaluate: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> (point: [Double], value: Double) {
    var point = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = evaluate(point, &gradient)
    var best = (point: point, value: value)
    var values = [value]
    var least = [value]
    var rate = 0.01 * max(norm(point), 1e-3) / max(norm(gradient), 1e-300)
    var trialGradient = gradient
    for _ in 0..<maximumSteps where !isCancelled() {
      let target = projected(zip(point, gradient).map { $0 - rate * $1 })
      let direction = zip(target, point).map(-)
      let slope = dot(direction, gradient)
      guard slope < 0 else { break }
      let ceiling = values.suffix(memory).max() ?? value
      var share = 1.0
      var trial = target
      var reached = evaluate(trial, &trialGradient)
      while !(reached <= ceiling + 1e-4 * share * slope), share > 1e-12 {
        // The minimum of the parabola through both values and the slope, kept from the ends.
        let parabola = -0.5 * slope * share * share / (reached - value - share * slope)
        share = parabola.isFinite ? min(max(parabola, 0.1 * share), 0.5 * share) : 0.5 * share
        trial = zip(point, direction).map { $0 + share * $1 }
        reached = evaluate(trial, &trialGradient)
      }
      guard share > 1e-12 else { break }
      let step = direction.map { share * $0 }
      let bend = dot(step, zip(trialGradient, gradient).map(-))
      rate = bend > 0 ? min(max(dot(step, step) / bend, 1e-12), 1e12) : 4 * rate
      (point, value) = (trial, reached)
      swap(&gradient, &trialGradient)
      if value < best.value { best = (point, value) }
      values.append(value)
      least.append(best.value)
      if least.count > window, least[least.count - 1 - window] - best.value <= leastProgress * abs(best.value)
      {
        break
      }
    }
    return best
  }
}

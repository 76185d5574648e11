import BidualLinear
import BidualModels

/// The dual of a loss beside a squared norm, minimise over f Σᵢ ωᵢℓ(fᵢ, yᵢ) + ½(f − a)ᵀK⁻¹(f − a): f = a + KV for the V that minimises a
/// function of n variables. Semismooth Newton steps do so, with proximal terms in f about a centre that moves on.
struct ProximalResponse {
  private let problem: TrainingProblem
  private let kernel: Matrix
  private let base: [Double]
  private let tau: Double

  /// The dual for a kernel K, n×n, and what is predicted at V = 0.
  init(_ problem: TrainingProblem, kernel: Matrix, base: [Double]) {
    self.problem = problem
    self.kernel = kernel
    self.base = base
    let mean = (0..<kernel.rows).reduce(0) { $0 + kernel[$1, $1] } / Double(max(1, kernel.rows))
    tau = max(.leastNormalMagnitude, 10 * mean)
  }

  private struct Point {
    let dualPoint: [Double]
    let response: SampleResponse
    let gradient: [Double]
    let value: Double

    /// About how far the objective is off.
    var error: Double { norm(gradient) * norm(dualPoint) }
  }

  private func evaluate(_ dualPoint: [Double], _ centre: [Double]) -> Point {
    let response = SampleResponse(problem, dualPoint: dualPoint, centre: centre, tau: tau)
    let moved = kernel.times(dualPoint)
    let value =
      response.value + dualPoint.indices.reduce(0) { $0 + dualPoint[$1] * (base[$1] + 0.5 * moved[$1]) }
    let gradient = dualPoint.indices.map { base[$0] + moved[$0] - response.predictions[$0] }
    return Point(dualPoint: dualPoint, response: response, gradient: gradient, value: value)
  }

  /// The minimiser, with which the objective is off by about `accuracy`.
  ///
  /// - Parameters:
  ///   - start: a dual point, and `centre` predictions, to begin with.
  /// - Complexity: O(n³) for each of some dozens of steps.
  func minimiser(from start: [Double], centre: [Double], accuracy: Double) -> [Double] {
    var (dualPoint, centre) = (start, centre)
    for _ in 0..<8 {
      var now = evaluate(dualPoint, centre)
      for _ in 0..<30 where now.error > accuracy {
        guard let next = descend(from: now, centre) else { break }
        now = next
      }
      dualPoint = now.dualPoint
      let change = zip(now.response.predictions, centre).map(-)
      centre = now.response.predictions
      if dot(change, change) / tau <= accuracy { break }
    }
    return dualPoint
  }

  private func descend(from now: Point, _ centre: [Double]) -> Point? {
    let n = now.dualPoint.count
    var floor = 1e-9 * tau
    for _ in 0..<3 {
      var system = kernel
      // Where many samples are at a kink the kernel alone may be singular.
      for i in 0..<n { system[i, i] += max(now.response.compliances[i], floor) }
      floor *= 1e3
      guard BLAS.choleskyFactor(n: n, &system.elements) else { continue }
      var direction = now.gradient.map { -$0 }
      BLAS.choleskySolve(n: n, factor: system.elements, x: &direction)
      let decline = dot(direction, now.gradient)
      guard decline < 0 else { continue }
      var length = 1.0
      while length > 1e-5 {
        let next = evaluate(zip(now.dualPoint, direction).map { $0 + length * $1 }, centre)
        if next.value <= now.value + 1e-4 * length * decline + 1e-14 * abs(now.value) { return next }
        // Up to where the slope would vanish if it rose evenly.
        let rise = dot(direction, next.gradient)
        length *= rise > 0 ? min(0.5, max(0.05, decline / (decline - rise))) : 0.5
      }
    }
    return nil
  }
}

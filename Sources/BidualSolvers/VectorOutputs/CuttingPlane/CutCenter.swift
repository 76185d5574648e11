import BidualLinear
import BidualModels
import BidualPolars
import RealModule

/// The analytic centre of the dual points that cuts aₖ = (Xuₖ)₊ leave, ‖Vᵀaₖ‖ ≤ β, and whose value is high:
///
///     max over V of  D(V) + δ Σₖ log(β² − ‖Vᵀaₖ‖²),
///
/// which is that of the set cut out by D ≥ D(V) − δ too. Its multipliers wₖ = 2δqₖ/(β² − ‖qₖ‖²), qₖ = Vᵀaₖ, are a network's: with
/// neurons uₖ and wₖ it predicts Y − V (for weights of 1), and its objective is above D(V) by 2δ Σ‖qₖ‖/(β + ‖qₖ‖).
///
/// Rows of all matrices are multiplied by √ωᵢ, and V divided by it, so that all weights are 1.
struct CutCenter {
  private let problem: TrainingProblem
  private let geometry: Geometry
  private let roots: [Double]
  private let targets: [Double]
  /// V, always within all cuts.
  private var point: [Double]
  private var directions: [[Double]] = []
  private var responses: [[Double]] = []
  /// δ, and the least that makes sense.
  private var slack: Double
  private let leastSlack: Double
  /// About how far D(V) is from that of the centre.
  private var distance = 0.0

  /// No cuts: V is the targets.
  init(_ problem: TrainingProblem, _ geometry: Geometry) {
    self.problem = problem
    self.geometry = geometry
    roots = problem.weights.map { $0.squareRoot() }
    let c = problem.outputs
    let roots = roots
    targets = problem.targets.indices.map { roots[$0 / c] * problem.targets[$0] }
    point = targets
    let size = dot(targets, targets)
    slack = 0.05 * size
    leastSlack = 1e-15 * size
  }

  /// The number of cuts.
  var count: Int { directions.count }

  /// V.
  var dualPoint: [Double] { point.indices.map { roots[$0 / problem.outputs] * point[$0] } }

  /// D(V).
  var value: Double { dot(point, targets) - 0.5 * dot(point, point) }

  /// Adds cuts at unit vectors with the values ‖Vᵀa‖ that the point has there, and moves it inside them.
  mutating func cut(at units: [[Double]], values: [Double]) {
    for unit in units {
      directions.append(unit)
      responses.append(zip(geometry.coordinates.times(unit), roots).map { max(0, $0) * $1 })
    }
    guard let excess = values.max().map({ $0 / problem.beta - 1 }), excess > 0 else { return }
    let before = value
    // As far inside as it was outside.
    let share = (1 - min(0.1, excess)) / (1 + excess)
    for k in point.indices { point[k] *= share }
    distance = max(distance, before - value)
  }

  /// Makes δ smaller; false if it is as small as rounding allows.
  mutating func approach(by factor: Double) -> Bool {
    distance = max(distance, slack)
    slack *= factor
    return slack > leastSlack
  }

  /// Moves to the centre by damped Newton steps, by way of the centres of larger δ where it is far.
  ///
  /// - Complexity: O(k(nc)² + (nc)³) a step for k cuts.
  mutating func settle(isCancelled: () -> Bool) {
    let wanted = slack
    slack = max(wanted, distance)
    while slack > wanted, !isCancelled() {
      climb(until: 0.1, isCancelled)
      slack = max(wanted, 0.2 * slack)
    }
    climb(until: 1e-9, isCancelled)
    distance = 0
  }

  /// Takes Newton steps until one promises less than a share of δ.
  private mutating func climb(until share: Double, _ isCancelled: () -> Bool) {
    var reached = merit(of: point)
    for _ in 0..<60 where !isCancelled() {
      guard let (change, rise) = newtonStep(), rise > share * slack else { return }
      var length = 1.0
      while true {
        let trial = zip(point, change).map { $0 + length * $1 }
        let merit = merit(of: trial)
        if merit >= reached + 1e-4 * length * rise - 1e-15 * abs(reached) {
          (point, reached) = (trial, merit)
          break
        }
        length *= 0.5
        guard length > 1e-9 else { return }
      }
    }
  }

  /// The network of the multipliers, lifted out of a row space.
  func network(in space: RowSpace) -> TwoLayerNetwork {
    var neurons: [(hidden: [Double], output: [Double])] = []
    for (k, image) in images(of: point).enumerated() {
      let size = norm(image)
      let length = 2 * slack * size / (problem.beta * problem.beta - size * size)
      guard length > 0 else { continue }
      let root = length.squareRoot()
      neurons.append((directions[k].map { root * $0 }, image.map { root / size * $0 }))
    }
    return NetworkParameters(
      hidden: neurons.map(\.hidden), output: neurons.map(\.output), offsets: [], inputs: geometry.rank,
      outputs: problem.outputs
    ).network(in: space)
  }

  /// qₖ = Vᵀaₖ.
  private func images(of point: [Double]) -> [[Double]] {
    let dual = Matrix(rows: roots.count, columns: problem.outputs, elements: point)
    return responses.map(dual.transposedTimes)
  }

  /// What a centre maximises.
  private func merit(of point: [Double]) -> Double {
    var value = dot(point, targets) - 0.5 * dot(point, point)
    for image in images(of: point) {
      let room = problem.beta * problem.beta - dot(image, image)
      guard room > 0 else { return -.infinity }
      value += slack * .log(room)
    }
    return value
  }

  /// The Newton step, and the rise that it promises to first order; nil if it can't be computed.
  private func newtonStep() -> (change: [Double], rise: Double)? {
    let (n, c, p) = (roots.count, problem.outputs, point.count)
    var gradient = zip(targets, point).map { $0 - $1 }
    var curvature = [Double](repeating: 0, count: p * p)
    for k in 0..<p { curvature[k * p + k] = 1 }
    guard !directions.isEmpty else { return (gradient, dot(gradient, gradient)) }
    // −∇² = I + δ Σ 2/s·(aaᵀ ⊗ I) + 4/s²·(a⊗q)(a⊗q)ᵀ with s = β² − ‖q‖².
    var scaled: [Double] = []
    var outer: [Double] = []
    for (response, image) in zip(responses, images(of: point)) {
      let room = problem.beta * problem.beta - dot(image, image)
      let (single, double) = ((2 * slack / room).squareRoot(), 2 * slack.squareRoot() / room)
      scaled += response.map { single * $0 }
      for i in 0..<n {
        for l in 0..<c {
          gradient[i * c + l] -= single * single * response[i] * image[l]
          outer.append(double * response[i] * image[l])
        }
      }
    }
    var gram = [Double](repeating: 0, count: n * n)
    BLAS.syrk(transpose: true, n: n, k: count, a: scaled, c: &gram)
    for i in 0..<n {
      for j in 0...i {
        for l in 0..<c { curvature[(i * c + l) * p + j * c + l] += gram[i * n + j] }
      }
    }
    BLAS.syrk(transpose: true, n: p, k: count, a: outer, beta: 1, c: &curvature)
    guard BLAS.choleskyFactor(n: p, &curvature) else { return nil }
    var change = gradient
    BLAS.choleskySolve(n: p, factor: curvature, x: &change)
    let rise = dot(gradient, change)
    return rise.isFinite ? (change, rise) : nil
  }
}

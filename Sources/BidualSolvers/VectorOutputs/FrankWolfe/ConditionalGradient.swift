import BidualLinear
import BidualModels
import BidualPolars

/// Algorithm 1 of SEPP21: min ½Σ ωᵢ‖(F − Y)ᵢ‖² over predictions F of gauge at most t, by steps F ← (1 − γ)F + γt·(Xu)₊gᵀ toward the atom
/// with the largest value against the dual point, each as long as is best on its line.
///
/// Rows are multiplied by √ωᵢ, so that all weights are 1.
struct ConditionalGradient {
  private let problem: TrainingProblem
  private let geometry: Geometry
  private let roots: [Double]
  private let targets: [Double]
  /// F.
  private var predictions: [Double]
  /// The vectors u, and what each has of g, divided by `size`.
  private var directions: [[Double]] = []
  private var outputs: [[Double]] = []
  private var size = 1.0
  /// Where a vector u is, by its entries to 2⁻⁴⁰.
  private var places: [[Int64]: Int] = [:]

  /// F = 0.
  init(_ problem: TrainingProblem, _ geometry: Geometry) {
    self.problem = problem
    self.geometry = geometry
    let roots = problem.weights.map { $0.squareRoot() }
    self.roots = roots
    targets = problem.targets.indices.map { roots[$0 / problem.outputs] * problem.targets[$0] }
    predictions = Array(repeating: 0, count: targets.count)
  }

  /// The number of directions.
  var count: Int { directions.count }

  /// V = √Ω(Y − F).
  var dualPoint: [Double] {
    targets.indices.map { roots[$0 / problem.outputs] * (targets[$0] - predictions[$0]) }
  }

  /// Multiplies F.
  mutating func scale(by factor: Double) {
    for k in predictions.indices { predictions[k] *= factor }
    size *= factor
    if size < 0x1p-200 {
      // Nothing is left of what there was.
      (directions, outputs, places, size) = ([], [], [:], 1)
      for k in predictions.indices { predictions[k] = 0 }
    }
  }

  /// Takes steps in a ball until the linear problem promises less than `accuracy`; returns κ(V) there.
  ///
  /// - Parameters:
  ///   - oracle: the maximiser of ‖Vᵀ(Xu)₊‖.
  ///   - watch: told each step with the state that it begins from.
  /// - Complexity: O(n(r + c)) a step, and the oracle's.
  mutating func run(
    norm radius: Double, accuracy: Double, steps: Int, oracle: ([Double]) -> PolarMaximizer?,
    isCancelled: () -> Bool, watch: (Int, ConditionalGradient) -> Void = { _, _ in }
  ) -> Double? {
    var polar: Double?
    for step in 0..<steps where !isCancelled() {
      watch(step, self)
      guard let found = oracle(dualPoint) else { break }
      let response = zip(geometry.coordinates.times(found.direction), roots).map { max(0, $0) * $1 }
      let residual = Matrix(
        rows: roots.count, columns: problem.outputs, elements: zip(targets, predictions).map { $0 - $1 })
      let gain = residual.transposedTimes(response)
      polar = norm(gain)
      let target = gain.normalized.map { radius * $0 }
      // The way to t·(Xu)₊gᵀ.
      var way = predictions.map { -$0 }
      for i in response.indices where response[i] > 0 {
        for l in target.indices { way[i * target.count + l] += response[i] * target[l] }
      }
      let promise = dot(residual.elements, way)
      guard promise > accuracy else { break }
      let share = min(1, promise / dot(way, way))
      let reached = zip(predictions, way).map { $0 + share * $1 }
      scale(by: 1 - share)
      predictions = reached
      join(found.direction, target.map { share * $0 })
    }
    return polar
  }

  /// The network, lifted out of a row space.
  func network(in space: RowSpace) -> TwoLayerNetwork {
    NetworkParameters(
      hidden: directions, output: outputs.map { output in output.map { size * $0 } }, offsets: [],
      inputs: geometry.rank, outputs: problem.outputs
    ).balanced(above: 1e-7).network(in: space)
  }

  private mutating func join(_ direction: [Double], _ output: [Double]) {
    let key = direction.map { Int64(($0 * 0x1p40).rounded()) }
    let share = output.map { $0 / size }
    guard let home = places[key] else {
      places[key] = directions.count
      directions.append(direction)
      outputs.append(share)
      return
    }
    for l in share.indices { outputs[home][l] += share[l] }
  }
}

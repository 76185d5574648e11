import BidualLinear
import BidualModels
import Testing

/// Problems in the plane with an optimum planted by the optimality conditions: V is scaled so that
/// κ(V) = β, neurons sit where the polar is attained, and y = F + V.
struct PlantedProblem {
  let problem: TrainingProblem
  let optimum: Double
  let network: TwoLayerNetwork
  let dualPoint: [Double]

  /// A problem with `rows` samples; symmetric data give two maximisers, u and −u, and so two neurons.
  init(rows: Int, symmetric: Bool, scale: Double = 1, _ random: inout SeededGenerator) throws {
    var design = Matrix(rows: rows, columns: 2, elements: (0..<(2 * rows)).map { _ in random.nextGaussian() })
    var dualPoint = (0..<rows).map { _ in scale * random.nextGaussian() }
    if symmetric {
      for i in stride(from: 1, to: rows, by: 2) {
        for k in 0..<2 { design[i, k] = -design[i - 1, k] }
        dualPoint[i] = dualPoint[i - 1]
      }
    }
    let (polar, direction, sign) = Self.polar(design, dualPoint)
    var predictions = [Double](repeating: 0, count: rows)
    var hidden: [[Double]] = []
    var output: [Double] = []
    var total = 0.0
    for side in symmetric ? [1.0, -1] : [1.0] {
      let coefficient = scale * (0.5 + random.nextUniform())
      total += coefficient
      let u = direction.map { side * $0 * coefficient.squareRoot() }
      hidden.append(u)
      output.append(sign * coefficient.squareRoot())
      for i in 0..<rows { predictions[i] += output.last! * max(0, design[i, 0] * u[0] + design[i, 1] * u[1]) }
    }
    problem = try TrainingProblem(design: design, targets: zip(predictions, dualPoint).map(+), beta: polar)
    optimum = 0.5 * dualPoint.reduce(0) { $0 + $1 * $1 } + polar * total
    network = TwoLayerNetwork(hidden: Matrix(hidden), output: output)
    self.dualPoint = dualPoint
  }

  /// κ(V) in the plane with a maximiser, chamber by chamber.
  static func polar(_ design: Matrix, _ weights: [Double]) -> (
    value: Double, direction: [Double], sign: Double
  ) {
    func value(_ u: [Double]) -> Double {
      var sum = 0.0
      for i in weights.indices { sum += weights[i] * max(0, design[i, 0] * u[0] + design[i, 1] * u[1]) }
      return sum
    }
    var candidates: [[Double]] = []
    let borders = (0..<design.rows).flatMap {
      [[-design[$0, 1], design[$0, 0]], [design[$0, 1], -design[$0, 0]]]
    }
    .filter { norm($0) > 0 }.map(\.normalized)
    for border in borders {
      candidates.append(border)
      // The chambers on both sides of the border.
      for turn in [1e-9, -1e-9] {
        let point = [border[0] - turn * border[1], border[1] + turn * border[0]]
        var gradient = [0.0, 0.0]
        for i in weights.indices where design[i, 0] * point[0] + design[i, 1] * point[1] > 0 {
          for k in 0..<2 { gradient[k] += weights[i] * design[i, k] }
        }
        candidates += [gradient.normalized, gradient.map { -$0 }.normalized]
      }
    }
    let best = candidates.max { abs(value($0)) < abs(value($1)) }!
    return (abs(value(best)), best, value(best) < 0 ? -1 : 1)
  }
}

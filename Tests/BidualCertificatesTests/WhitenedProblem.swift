import BidualLinear
import BidualModels
import Testing

/// Problems whose optimum a formula gives exactly: on a multiple of the identity the optimum has a neuron
/// for the positive and one for the negative targets, each shrunk by β (W25, Theorem 2.2).
///
/// With dyadic scales and Pythagorean targets every number is exact in binary, so tests allow no slack.
struct WhitenedProblem: Sendable, CustomTestStringConvertible {
  var name: String
  var problem: TrainingProblem
  var optimum: Double
  /// An optimal network.
  var network: TwoLayerNetwork
  /// The dual optimum.
  var dualPoint: [Double]

  var testDescription: String { name }

  /// Design `scale`·I, each row `copies` times with targets spread about `positive` and −`negative`.
  ///
  /// `positive` and `negative` have rational lengths; `copies` is 1 or 4.
  init(
    _ name: String, positive: [Double], negative: [Double], scale: Double, beta: Double, copies: Int = 1,
    spareColumns: Int = 0
  ) throws {
    let sides = [(1.0, positive), (-1.0, negative)]
    let order = positive.count + negative.count
    let strength = Double(copies).squareRoot() * scale
    var rows: [[Double]] = []
    var targets: [Double] = []
    var optimum = 0.0
    var rest: [Double] = []
    var hidden: [[Double]] = []
    var output: [Double] = []
    for (sign, part) in sides {
      let length = norm(part)
      // ½‖F‖² − … on the positive part: with a = √copies‖y‖ and b = β/(√copies·scale) it is b·a − ½b².
      let a = Double(copies).squareRoot() * length
      let b = beta / strength
      let shrunk = max(0, a - b)
      optimum += a > b ? b * a - 0.5 * b * b : 0.5 * a * a
      rest += part.map { sign * $0 * (a > b ? b / a : 1) }
      if shrunk > 0 {
        let coefficient = shrunk / strength
        let place = sign > 0 ? 0 : positive.count
        var u = [Double](repeating: 0, count: order + spareColumns)
        for k in part.indices { u[place + k] = part[k] / length * coefficient.squareRoot() }
        hidden.append(u)
        output.append(sign * coefficient.squareRoot())
      }
    }
    let means = positive + negative.map { -$0 }
    for copy in 0..<copies {
      // Offsets that add up to zero.
      let offset = copies == 1 ? 0 : [-1.5, -0.5, 0.5, 1.5][copy]
      for i in 0..<order {
        rows.append((0..<(order + spareColumns)).map { $0 == i ? scale : 0 })
        targets.append(means[i] + offset)
        optimum += 0.5 * offset * offset
      }
    }
    self.name = name
    problem = try TrainingProblem(design: Matrix(rows), targets: targets, beta: beta)
    self.optimum = optimum
    network =
      hidden.isEmpty
      ? TwoLayerNetwork.zero(inputs: order + spareColumns)
      : TwoLayerNetwork(hidden: Matrix(hidden), output: output)
    dualPoint = targets.indices.map { targets[$0] - means[$0 % order] + rest[$0 % order] }
  }

  static let all: [WhitenedProblem] = try! [
    WhitenedProblem("one sample", positive: [1], negative: [], scale: 1, beta: 0.25),
    WhitenedProblem("one sample, β too large", positive: [1], negative: [], scale: 1, beta: 2),
    WhitenedProblem("one sample, β at its largest", positive: [1], negative: [], scale: 1, beta: 1),
    WhitenedProblem("both signs", positive: [3, 4], negative: [5, 12], scale: 1, beta: 1),
    WhitenedProblem("one side survives", positive: [3, 4], negative: [5, 12], scale: 1, beta: 8),
    WhitenedProblem("small scale", positive: [3, 4], negative: [1], scale: 0x1p-20, beta: 0x1p-21),
    WhitenedProblem("large scale", positive: [3, 4], negative: [1], scale: 0x1p20, beta: 0x1p18),
    WhitenedProblem("repeated samples", positive: [3, 4], negative: [6, 8], scale: 1, beta: 2, copies: 4),
    WhitenedProblem("unlike repetitions", positive: [4], negative: [3], scale: 2, beta: 1, copies: 4),
    WhitenedProblem(
      "fewer samples than features", positive: [3, 4], negative: [2], scale: 1, beta: 1, spareColumns: 4),
    WhitenedProblem("weak penalty", positive: [3, 4], negative: [5, 12], scale: 1, beta: 0x1p-30),
    WhitenedProblem("zero targets", positive: [0, 0], negative: [0], scale: 1, beta: 1),
    WhitenedProblem("zero design", positive: [3, 4], negative: [], scale: 0, beta: 1),
  ]
}

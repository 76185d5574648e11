import BidualModels
import CBidualKernels

/// How a gradient method turns gradients into steps.
public enum UpdateRule: Sendable, Equatable, Codable {
  /// θ ← θ − ηg.
  case plain
  /// v ← μv + g, θ ← θ − ηv (Polyak's heavy ball), with 0 ≤ μ < 1.
  case momentum(Double = 0.9)
  /// Adam with its decay rates and its ε: steps of about η in every weight (Kingma & Ba, ICLR 2015,
  /// Algorithm 1).
  case adam(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)

  /// Refuses numbers that make no rule.
  ///
  /// - Throws: `DataError` of kind `badSettings` for decay rates outside [0, 1) and an ε that isn't positive.
  func validate() throws(DataError) {
    let decays: [Double]
    switch self {
    case .plain: decays = []
    case .momentum(let decay): decays = [decay]
    case .adam(let first, let second, let epsilon):
      decays = [first, second]
      guard epsilon.isFinite, epsilon > 0 else {
        throw DataError(.badSettings, "Adam's epsilon is \(epsilon); give a positive number such as 1e-8")
      }
    }
    for decay in decays where !(0..<1 ~= decay) {
      throw DataError(.badSettings, "a decay rate is \(decay); give a number from 0 to below 1")
    }
  }
}

/// The memory of an update rule over a run.
struct UpdateState: Codable, Sendable {
  private let rule: UpdateRule
  private var first: [Double]
  private var second: [Double]
  /// The decay rates to the power of the number of steps.
  private var firstPower = 1.0
  private var secondPower = 1.0

  init(_ rule: UpdateRule, count: Int) {
    self.rule = rule
    switch rule {
    case .plain: (first, second) = ([], [])
    case .momentum: (first, second) = (Array(repeating: 0, count: count), [])
    case .adam:
      first = Array(repeating: 0, count: count)
      second = first
    }
  }

  /// Whether this is the memory of a rule for so many weights.
  func fits(_ rule: UpdateRule, count: Int) -> Bool {
    let empty = UpdateState(rule, count: count)
    return self.rule == rule && first.count == empty.first.count && second.count == empty.second.count
  }

  /// Moves the weights by one step of the given rate.
  mutating func step(_ values: inout [Double], gradient: [Double], rate: Double) {
    switch rule {
    case .plain:
      for k in values.indices { values[k] -= rate * gradient[k] }
    case .momentum(let decay):
      for k in values.indices {
        first[k] = decay * first[k] + gradient[k]
        values[k] -= rate * first[k]
      }
    case .adam(let firstDecay, let secondDecay, let epsilon):
      firstPower *= firstDecay
      secondPower *= secondDecay
      let firstRate = rate / (1 - firstPower)
      let secondScale = 1 / (1 - secondPower)
      bidual_adam_step(
        values.count, 1 - firstDecay, 1 - secondDecay, firstRate, secondScale, epsilon, gradient, &first,
        &second, &values)
    }
  }
}

import Bidual
import Foundation
import Timing

/// Runs of methods on one problem, each printed as a row of a Markdown table with its time in units.
struct MethodRuns {
  let problem: TrainingProblem
  let unit: TimeUnit
  /// Seconds that a run may take.
  let limit: Double

  static let head = """
    | β | method | objective | bound | bound of the relaxation | gap to the better | Σ‖u‖‖α‖ | neurons | units |
    |---|---|---|---|---|---|---|---|---|
    """

  /// A solver's run.
  func run(_ method: String, _ solver: any Solver) throws {
    let start = ContinuousClock.now
    let outcome = try solver.train(stop: StopSignal(timeLimit: .seconds(limit)), checkpoints: nil) { _ in }
    row(
      method, outcome.certificate.objective, outcome.network, start: start,
      bound: outcome.certificate.lowerBound, relaxed: outcome.relaxedBound)
  }

  /// Momentum on all samples at once from random weights, at the rate of several that ends lowest.
  func descent(neurons: Int, seed: UInt64, epochs: Int) throws {
    var options = GradientTraining.Options()
    options.rule = .momentum(0.95)
    options.width = neurons
    options.schedule = .cosine
    options.seed = seed
    options.evaluationInterval = 50
    options.maximumEpochs = epochs * LearningRateSearch.rates(for: options.rule).count
    let start = ContinuousClock.now
    let search = try LearningRateSearch(
      problem, options: options, rates: LearningRateSearch.rates(for: options.rule))
    let outcome = search.train()[0]
    row("momentum, \(neurons) neurons, seed \(seed)", outcome.objective, outcome.network, start: start)
  }

  private func row(
    _ method: String, _ objective: Double, _ network: any Network, start: ContinuousClock.Instant,
    bound: Double? = nil, relaxed: Double? = nil
  ) {
    let units = (ContinuousClock.now - start) / .seconds(1) / unit.seconds
    let lower = [bound, relaxed].compactMap(\.self).max()
    let penalty = problem.architecture.penalty(of: network)
    let figures =
      [problem.beta, nil, objective, bound, relaxed, lower.map { 1 - $0 / objective }, penalty]
      .map { $0.map { number($0) } ?? "" }
    print(
      "| \(figures[0]) | \(method) | " + figures[2...].joined(separator: " | ")
        + " | \(network.neurons) | \(number(units, 2)) |")
    fflush(nil)
  }
}

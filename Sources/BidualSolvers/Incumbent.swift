import BidualCertificates
import BidualLinear
import BidualModels

/// The best network and the best proven bound that a run has met; they may stem from different rounds.
struct Incumbent<Weights> {
  let certifier: Certifier
  /// What the network was made of.
  private(set) var weights: Weights
  private(set) var network: any Network
  private(set) var objective: Double
  private let floor: Double
  private var proven: Certificate?
  /// Nodes of the proofs so far.
  private(set) var nodes = 0

  /// Begins with the best network that has no neurons, whose weights are these.
  init(_ certifier: Certifier, weights: Weights) {
    self.certifier = certifier
    self.weights = weights
    let problem = certifier.problem
    network = problem.constantNetwork()
    objective = certifier.objective(of: network)
    floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
  }

  /// Whether a bound was proven.
  var isProven: Bool { proven != nil }

  /// The best lower bound; before the first proof, what the loss alone can't fall below.
  var lowerBound: Double { proven?.lowerBound ?? floor }

  /// The relative gap to the best lower bound; infinite before the first proof.
  var relativeGap: Double { isProven ? relativeGap(above: lowerBound) : .infinity }

  /// The relative gap of the best network to a number below its objective.
  func relativeGap(above lowerBound: Double) -> Double {
    certifier.relativeGap(objective: objective, lowerBound: lowerBound)
  }

  /// Takes a network if it is better.
  mutating func offer(_ weights: Weights, as network: any Network) {
    take(weights, network, objective: certifier.objective(of: network), below: objective)
  }

  /// Takes a network whose objective is known if it lies below a level.
  mutating func take(_ weights: Weights, _ network: any Network, objective: Double, below level: Double) {
    guard objective < level else { return }
    (self.weights, self.network, self.objective) = (weights, network, objective)
  }

  /// Takes a verdict's lower bound if it is better.
  mutating func offer(_ verdict: Certifier.Verdict) {
    nodes += verdict.nodes
    if !isProven || verdict.certificate.lowerBound > lowerBound { proven = verdict.certificate }
  }

  /// What a proof of the best bound needs.
  var proof: ProofRecord? { proven.map { ProofRecord($0) } }

  /// Goes on from what another run had proven, by proving it anew for the network that is best by now.
  ///
  /// - Complexity: that of a proof; the bound is lost if `effort` does not allow it.
  mutating func restore(_ proof: ProofRecord?, nodes: Int, effort: Certifier.Effort) {
    self.nodes = nodes
    proven = proof?.certificate(of: objective, by: certifier, effort: effort)
  }

  /// The certificate of the best network with the best proof.
  ///
  /// Without a proof as yet, a short one is made for the given dual point.
  func certificate(dualPoint: [Double], gap: Double, nodeLimit: Int = 20_000, stop: StopSignal = StopSignal())
    -> Certificate
  {
    let closing = stop.closing
    let proof =
      proven
      ?? certifier.certify(
        network, dualPoint: dualPoint, gap: gap, maximumViolators: .max,
        effort: .init(nodeLimit: nodeLimit, isCancelled: { closing.isRaised })
      ).certificate
    return proof.beside(objective: objective)
  }

  /// A round's report.
  func progress(
    iteration: Int, workingSet: Int, unit: SizeUnit = .neurons, localGap: Double? = nil
  ) -> TrainingProgress {
    TrainingProgress(
      iteration: iteration, workingSet: workingSet, unit: unit, objective: objective, lowerBound: lowerBound,
      nodes: nodes, localGap: localGap)
  }
}

extension Incumbent<Void> {
  /// Begins with the best network that has no neurons.
  init(_ certifier: Certifier) { self.init(certifier, weights: ()) }

  /// Takes a network if it is better.
  mutating func offer(_ network: any Network) { offer((), as: network) }
}

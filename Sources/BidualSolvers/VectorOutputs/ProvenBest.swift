import BidualCertificates
import BidualModels

/// The best network that a run met, and the best bound that it proved.
struct ProvenBest {
  private let certifier: Certifier
  private(set) var network: any Network
  private(set) var objective: Double
  private var proof: Certificate?
  /// Boxes of the proofs so far.
  private(set) var nodes = 0

  /// Begins with the best network that has no neurons.
  init(_ certifier: Certifier) {
    self.certifier = certifier
    network = certifier.problem.constantNetwork()
    objective = certifier.objective(of: network)
  }

  var lowerBound: Double { proof?.lowerBound ?? -.infinity }

  var relativeGap: Double { certifier.relativeGap(objective: objective, lowerBound: lowerBound) }

  /// What another run needs to prove the best bound anew.
  var record: ProofRecord? { proof.map { ProofRecord($0) } }

  /// Goes on from another run's proof, which is made anew beside the best network; it is lost if `effort` does not allow that.
  mutating func take(_ record: ProofRecord?, nodes: Int, effort: Certifier.Effort) {
    self.nodes = nodes
    proof = record?.certificate(of: objective, by: certifier, effort: effort)
  }

  /// Takes a network if it is better; whether it was.
  @discardableResult
  mutating func offer(_ other: any Network) -> Bool {
    let value = certifier.objective(of: other)
    guard value < objective else { return false }
    (network, objective) = (other, value)
    return true
  }

  /// Takes a verdict's bound if it is better.
  mutating func offer(_ verdict: Certifier.Verdict) {
    nodes += verdict.nodes
    if proof == nil || verdict.certificate.lowerBound > lowerBound { proof = verdict.certificate }
  }

  /// The certificate of the best network with the best proof.
  ///
  /// Without a proof as yet, a short one is made for the given dual point.
  func certificate(dualPoint: [Double], gap: Double) -> Certificate {
    let proof =
      proof
      ?? certifier.certify(
        network, dualPoint: dualPoint, gap: gap, effort: .init(nodeLimit: 20_000)
      ).certificate
    return proof.beside(objective: objective)
  }

  /// A round's report.
  func progress(iteration: Int, workingSet: Int) -> TrainingProgress {
    TrainingProgress(
      iteration: iteration, workingSet: workingSet, unit: .neurons, objective: objective,
      lowerBound: lowerBound, nodes: nodes)
  }
}

import BidualCertificates
import BidualLinear
import BidualModels

/// The best network and the best proven bound that a run has met; they may stem from different rounds.
struct BestSoFar {
  private let certifier: Certifier
  private let atoms: any NeuronAtoms
  private(set) var parts: [Part] = []
  private(set) var network: any Network
  private(set) var objective: Double
  private let floor: Double
  private var proven: Certificate?
  private(set) var nodes = 0

  /// Begins with the best network that has no neurons.
  init(_ certifier: Certifier, atoms: any NeuronAtoms) {
    self.certifier = certifier
    self.atoms = atoms
    let problem = certifier.problem
    network = problem.constantNetwork()
    objective = certifier.objective(of: network)
    floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
  }

  /// What another run can go on from.
  var record: Record {
    Record(
      parts: parts, offset: network.offset,
      proof: proven.map { ProofRecord($0) }, nodes: nodes)
  }

  /// Goes on from what another run left: evaluates its network and proves its bound anew.
  ///
  /// - Complexity: that of a proof; the bound is lost if `effort` does not allow it.
  mutating func take(_ record: Record, effort: Certifier.Effort) {
    parts = record.parts
    network = atoms.network(of: parts, offset: record.offset)
    objective = certifier.objective(of: network)
    nodes = record.nodes
    proven = record.proof?.certificate(of: objective, by: certifier, effort: effort)
  }

  /// The best lower bound; before the first proof, what the loss alone can't fall below.
  var lowerBound: Double { proven?.lowerBound ?? floor }

  /// The relative gap to the best lower bound; 1 before the first proof.
  var relativeGap: Double {
    guard let proven else { return 1 }
    return relativeGap(above: proven.lowerBound)
  }

  /// The relative gap of the best network to a number below its objective.
  func relativeGap(above lowerBound: Double) -> Double {
    certifier.relativeGap(objective: objective, lowerBound: lowerBound)
  }

  /// Takes the first of the networks, as their parts, whose objective is as good as the gap asked for can tell, if it is
  /// better.
  mutating func offer(_ candidates: [[Part]], offset: Double, gap: Double) {
    let given = network.offset.map { _ in offset }
    let networks = candidates.map { parts in
      let network = atoms.network(of: parts, offset: given)
      return (parts: parts, network: network, objective: certifier.objective(of: network))
    }
    let least = networks.map(\.objective).min() ?? .infinity
    guard let choice = networks.first(where: { $0.objective <= least * (1 + 0.02 * gap) }),
      choice.objective < objective
    else { return }
    (parts, network, objective) = choice
  }

  /// Takes the network of the given parts if it is better, with or without the short ones.
  mutating func offer(_ parts: [Part], offset: Double, gap: Double) {
    let longest = parts.map { norm($0.vector) }.max() ?? 0
    offer(
      [1e-5, 1e-7, 0].map { level in parts.filter { norm($0.vector) > level * longest } }, offset: offset,
      gap: gap)
  }

  /// Leaves out neurons that the others can stand in for, where that costs nothing.
  ///
  /// - Complexity: O(nm²) for m neurons.
  mutating func prune(gap: Double) {
    let pruned = CaratheodoryPruning.pruned(parts, atoms: atoms)
    guard pruned.count < parts.count else { return }
    let smaller = atoms.network(of: pruned, offset: network.offset)
    let reached = certifier.objective(of: smaller)
    if reached <= objective * (1 + 0.02 * min(gap, 1e-6)) {
      (parts, network, objective) = (pruned, smaller, reached)
    }
  }

  /// Takes a verdict's lower bound if it is better.
  mutating func offer(_ verdict: Certifier.Verdict) {
    nodes += verdict.nodes
    if verdict.certificate.lowerBound > lowerBound || proven == nil { proven = verdict.certificate }
  }

  /// The certificate of the best network with the best proof.
  ///
  /// Without a proof as yet, a short one is made for the given dual point.
  func certificate(dualPoint: [Double], gap: Double, nodeLimit: Int, stop: StopSignal) -> Certificate {
    let closing = stop.closing
    let proof =
      proven
      ?? certifier.certify(
        network, dualPoint: dualPoint, gap: gap, maximumViolators: .max,
        effort: .init(nodeLimit: nodeLimit, isCancelled: { closing.isRaised })
      ).certificate
    return proof.beside(objective: objective)
  }
}

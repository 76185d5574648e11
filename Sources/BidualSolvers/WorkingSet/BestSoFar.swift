import BidualCertificates
import BidualLinear
import BidualModels

/// The best network and the best proven bound that a run has met; they may stem from different rounds.
struct BestSoFar {
  private let certifier: Certifier
  private(set) var network: TwoLayerNetwork
  private(set) var objective: Double
  private let floor: Double
  private var proven: Certificate?
  private(set) var nodes = 0

  init(_ certifier: Certifier) {
    self.certifier = certifier
    let problem = certifier.problem
    network = .zero(
      inputs: problem.design.columns, offset: problem.hasOffset ? problem.constantFit : nil,
      activation: problem.activation)
    objective = certifier.objective(of: network)
    floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
  }

  /// What another run can go on from.
  var record: Record {
    Record(
      network: NetworkParameters(network),
      proof: proven.map { .init(dualPoint: $0.dualPoint, polarBound: $0.polarBound) }, nodes: nodes)
  }

  /// Goes on from what another run left: evaluates its network and proves its bound anew.
  ///
  /// - Complexity: that of a proof; the bound is lost if `effort` does not allow it.
  mutating func take(_ record: Record, effort: Certifier.Effort) {
    network = record.network.network
    objective = certifier.objective(of: network)
    nodes = record.nodes
    guard let proof = record.proof, proof.polarBound.isFinite,
      certifier.proves(proof.dualPoint, polarAtMost: proof.polarBound, effort: effort)
    else { return }
    let lower = certifier.lowerBound(proof.dualPoint, polarBound: proof.polarBound)
    proven = try? Certificate(
      objective: objective, lowerBound: lower.value, scope: certifier.scope, dualPoint: proof.dualPoint,
      polarBound: proof.polarBound, dualScale: lower.scale, reference: certifier.problem.referenceObjective)
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

  /// Takes the master's network if it is better: the one with fewest neurons among those whose objective
  /// is as good as the gap asked for can tell.
  mutating func offer(_ master: Master, rowSpace: RowSpace, gap: Double) {
    let longest = master.blocks.map { norm($0.vector) }.max() ?? 0
    let candidates = [1e-5, 1e-7, 1e-9].map { level in
      let merged = NeuronMerging.merged(
        master.vectors(longerThan: level * longest), rows: master.hyperplanes.unitRows, tolerance: level)
      let pruned = CaratheodoryPruning.pruned(merged, design: master.design)
      return NeuronMerging.network(pruned, rowSpace: rowSpace, like: network, offset: master.offset)
    }
    offer(candidates, gap: gap)
  }

  /// Takes the network of the given vectors, each a neuron, if it is better, with or without the short ones.
  mutating func offer(_ vectors: [Part], offset: Double, gap: Double) {
    let longest = vectors.map { norm($0.vector) }.max() ?? 0
    offer(
      [1e-5, 1e-7, 0].map { level in
        NeuronMerging.network(
          vectors.filter { norm($0.vector) > level * longest }, rowSpace: certifier.rowSpace, like: network,
          offset: offset)
      }, gap: gap)
  }

  /// Takes the network of the given vectors, each a neuron, if it is better.
  mutating func offer(_ neurons: [Part], offset: Double) {
    offer(
      [NeuronMerging.network(neurons, rowSpace: certifier.rowSpace, like: network, offset: offset)], gap: 0)
  }

  /// Leaves out neurons that the others can stand in for, where that costs nothing.
  ///
  /// - Complexity: O(nm²) for m neurons.
  mutating func prune(design: Matrix, gap: Double) {
    let vectors = network.parts(in: certifier.rowSpace)
    let pruned = CaratheodoryPruning.pruned(vectors, design: design)
    guard pruned.count < vectors.count else { return }
    let smaller = NeuronMerging.network(
      pruned, rowSpace: certifier.rowSpace, like: network, offset: network.offset ?? 0)
    let reached = certifier.objective(of: smaller)
    if reached <= objective * (1 + 0.02 * min(gap, 1e-6)) { (network, objective) = (smaller, reached) }
  }

  /// Takes the first of the networks whose objective is as good as the gap asked for can tell, if it is better.
  mutating func offer(_ networks: [TwoLayerNetwork], gap: Double) {
    let candidates = networks.map { (network: $0, objective: certifier.objective(of: $0)) }
    let least = candidates.map(\.objective).min() ?? .infinity
    guard let choice = candidates.first(where: { $0.objective <= least * (1 + 0.02 * gap) }),
      choice.objective < objective
    else { return }
    (network, objective) = choice
  }

  /// Takes a verdict's lower bound if it is better.
  mutating func offer(_ verdict: Certifier.Verdict) {
    nodes += verdict.nodes
    if verdict.certificate.lowerBound > lowerBound || proven == nil { proven = verdict.certificate }
  }

  /// The certificate of the best network with the best proof.
  ///
  /// Without a proof as yet, a short one is made for the given dual point.
  func certificate(dualPoint: [Double], gap: Double, stop: StopSignal) -> Certificate {
    let closing = stop.closing
    let proof =
      proven
      ?? certifier.certify(
        network, dualPoint: dualPoint, gap: gap, maximumViolators: .max,
        effort: .init(nodeLimit: 20_000, isCancelled: { closing.isRaised })
      ).certificate
    return proof.beside(objective: objective)
  }
}

import BidualCertificates
import BidualLinear
import BidualModels

extension Incumbent<[Part]> {
  /// Begins with the best network that has no parts.
  init(_ certifier: Certifier) { self.init(certifier, weights: []) }

  /// Takes the first of the networks, as their parts, whose objective is as good as the gap asked for can tell, if it is
  /// better.
  mutating func offer(_ candidates: [[Part]], of atoms: any NeuronAtoms, offset: Double, gap: Double) {
    let given = network.offset.map { _ in offset }
    let networks = candidates.map { parts in
      let network = atoms.network(of: parts, offset: given)
      return (parts: parts, network: network, objective: certifier.objective(of: network))
    }
    let least = networks.map(\.objective).min() ?? .infinity
    guard let choice = networks.first(where: { $0.objective <= least * (1 + 0.02 * gap) }) else { return }
    take(choice.parts, choice.network, objective: choice.objective, below: objective)
  }

  /// Takes the network of the given parts if it is better, with or without the short ones.
  mutating func offer(_ parts: [Part], of atoms: any NeuronAtoms, offset: Double, gap: Double) {
    let longest = parts.map { norm($0.vector) }.max() ?? 0
    offer(
      [1e-5, 1e-7, 0].map { level in parts.filter { norm($0.vector) > level * longest } }, of: atoms,
      offset: offset, gap: gap)
  }

  /// Leaves out parts that the others can stand in for, where that costs nothing.
  ///
  /// - Complexity: O(nm²) for m parts.
  mutating func prune(_ atoms: any NeuronAtoms, gap: Double) {
    let pruned = CaratheodoryPruning.pruned(weights, atoms: atoms)
    guard pruned.count < weights.count else { return }
    let smaller = atoms.network(of: pruned, offset: network.offset)
    take(
      pruned, smaller, objective: certifier.objective(of: smaller),
      below: (objective * (1 + 0.02 * min(gap, 1e-6))).nextUp)
  }
}

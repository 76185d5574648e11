import BidualLinear
import BidualModels

/// Looks for another network where descent from one is stuck.
protocol NetworkRestarts: Sendable {
  /// A network no worse than `start`, which has met no better one where it is the same.
  func network(from start: JointDescent.Network, seed: UInt64) -> JointDescent.Network
}

/// Restarts by crossing networks: the convex program over the pieces of two of them is at least as good as either, and Gauss–Newton steps lead on.
///
/// Descent alone has to cross the hyperplanes between two networks one after another. Random networks of few neurons, each brought to where
/// its own descent ends, are cheap and end far apart; what they cross to takes the place of the worst.
struct NetworkCrossings<Kind: PiecewiseAtoms & LinearizableAtoms & DecomposableAtoms>: NetworkRestarts {
  /// As posed, and in the coordinates of the row space.
  private let problem: TrainingProblem
  private let reduced: TrainingProblem
  private let atoms: Kind
  private let pieces: Kind.System
  private let descent: GaussNewtonDescent
  private let isCancelled: @Sendable () -> Bool
  /// Random networks and crossings in all.
  private let tries = 100
  /// Random networks among them, which come first.
  private let fresh = 25
  /// Their neurons, in turn: of few, descent leaves the best ones.
  private let widths = [4, 6]
  /// The largest number of networks that are kept.
  private let size = 30
  /// How often a crossing is solved, with the facets that its last solution violated.
  private let rounds = 2
  /// The epochs of Adam that lead to a random network.
  private let epochs = 1000

  /// Restarts for a problem as posed, which is `reduced` in the coordinates of the row space.
  init(
    _ problem: TrainingProblem, reduced: TrainingProblem, atoms: Kind,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.problem = problem
    self.isCancelled = isCancelled
    self.reduced = reduced
    self.atoms = atoms
    pieces = atoms.pieces()
    var descent = GaussNewtonDescent(reduced, atoms: atoms, isCancelled: isCancelled)
    descent.leastProgress = 1e-3
    self.descent = descent
  }

  func network(from start: JointDescent.Network, seed: UInt64) -> JointDescent.Network {
    var networks = [start]
    var random = SeededGenerator(seed: seed)
    for attempt in 0..<tries where !isCancelled() {
      let seed = seed &* UInt64(tries) &+ UInt64(attempt)
      let found =
        attempt < fresh
        ? randomNetwork(seed: seed, width: widths[attempt % widths.count])
        : crossing(networks.randomElement(using: &random)!, networks.randomElement(using: &random)!)
      guard let found, let reached = descended(found, beside: networks[0]),
        !networks.contains(where: { abs($0.objective - reached.objective) <= 1e-6 * reached.objective })
      else { continue }
      let place = networks.firstIndex { $0.objective > reached.objective } ?? networks.count
      networks.insert(reached, at: place)
      if networks.count > size { networks.removeLast() }
    }
    return networks[0]
  }

  /// The network of the vectors that are optimal over the pieces of two, but for facets that few rounds did not enforce; nil for none.
  private func crossing(_ one: JointDescent.Network, _ other: JointDescent.Network) -> JointDescent.Network? {
    let parts = main(one) + main(other)
    guard descent.isAffordable(parts) else { return nil }
    var interiorPoint = InteriorPoint()
    interiorPoint.tolerance = 1e-5
    interiorPoint.isCancelled = isCancelled
    var master = Master(reduced, pieces: pieces)
    for part in parts { master.insert(part) }
    var best: JointDescent.Network?
    for _ in 0..<rounds where !master.isEmpty {
      let solution = master.solve(with: interiorPoint)
      guard !isCancelled(), solution.z.allSatisfy(\.isFinite) else { break }
      let reached = JointDescent.Network(
        pieces.merged(master.parts(above: 1e-7), tolerance: 1e-7), offset: master.offset,
        dualPoint: solution.dualPoint, in: reduced, atoms: atoms)
      if reached.objective < best?.objective ?? .infinity { best = reached }
      guard master.enforceViolatedFacets().count > 0 else { break }
    }
    return best
  }

  /// Where descent from a network ends; nil if it shows on the way that this is far above the best.
  private func descended(_ start: JointDescent.Network, beside best: JointDescent.Network)
    -> JointDescent.Network?
  {
    var (descent, reached) = (descent, start)
    guard descent.isAffordable(start.neurons) else { return nil }
    for (steps, hope) in [(10, 3.0), (20, 1.5), (70, 1.5)] {
      descent.steps = steps
      reached = descent.descend(reached)
      guard reached.objective < hope * best.objective else { return nil }
    }
    reached = reached.simplified(in: reduced, pieces: pieces, atoms: atoms)
    return reached.neurons.isEmpty ? nil : reached
  }

  /// The neurons that are not tiny beside the longest.
  private func main(_ network: JointDescent.Network) -> [Part] {
    let lengths = network.neurons.map { atoms.length(of: $0.vector) }
    let longest = lengths.max() ?? 0
    return zip(network.neurons, lengths).filter { $1 > 1e-3 * longest }.map(\.0)
  }

  /// The network that a short run of Adam leads to; nil where there are no gradients, and for none.
  private func randomNetwork(seed: UInt64, width: Int) -> JointDescent.Network? {
    var options = GradientTraining.Options()
    options.width = width
    options.maximumEpochs = epochs
    options.seed = seed
    guard let training = try? GradientTraining(problem, options: options) else { return nil }
    let stop = StopSignal()
    let network = training.descend(stop: stop) { _ in if isCancelled() { stop.stop() } }.network
    guard let parts = atoms.parts(of: network), !parts.isEmpty else { return nil }
    var found = JointDescent.Network(
      parts, offset: network.offset ?? 0, dualPoint: [], in: reduced, atoms: atoms)
    found.dualPoint = reduced.dualPoint(found.predictions)
    return found
  }
}

import BidualLinear
import BidualModels

/// Looks for another network where descent from one is stuck.
protocol NetworkRestarts: Sendable {
  /// A network no worse than `start`, which has met no better one where it is the same.
  func network(from start: JointDescent.Network, seed: UInt64) -> JointDescent.Network
}

/// Restarts by patterns: the convex program over the pieces of a network and of a random one together, without the cones that hold vectors to
/// their pieces, and Gauss–Newton steps from the ReLU network of its solution.
///
/// Without cones the program is small and quick, and its solution is far from a ReLU network's; but the patterns that it picks are good ones, of which
/// few Gauss–Newton steps make a network. Descent alone has to cross the hyperplanes between two networks
/// one after another.
struct PatternRestarts<Kind: PiecewiseAtoms & LinearizableAtoms & DecomposableAtoms>: NetworkRestarts {
  /// As posed, and in the coordinates of the row space.
  private let problem: TrainingProblem
  private let reduced: TrainingProblem
  private let atoms: Kind
  private let pieces: Kind.System
  private let isCancelled: @Sendable () -> Bool
  /// Random networks tried.
  private let tries = 30
  /// The neurons of each.
  private let width = 8
  /// The epochs of Adam that lead to it.
  private let epochs = 100

  /// Restarts for a problem as posed, which is `reduced` in the coordinates of the row space.
  init(
    _ problem: TrainingProblem, reduced: TrainingProblem, atoms: Kind,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.problem = problem
    self.reduced = reduced
    self.atoms = atoms
    self.isCancelled = isCancelled
    pieces = atoms.pieces()
  }

  func network(from start: JointDescent.Network, seed: UInt64) -> JointDescent.Network {
    var best = start
    var descent = GaussNewtonDescent(reduced, atoms: atoms, isCancelled: isCancelled)
    descent.leastProgress = 1e-3
    for attempt in 0..<tries where !isCancelled() {
      let longest = best.neurons.map { atoms.length(of: $0.vector) }.max() ?? 0
      let kept = best.neurons.filter { atoms.length(of: $0.vector) > 1e-3 * longest }
      guard descent.isAffordable(kept) else { break }
      let neurons = kept + randomParts(seed: seed &* UInt64(tries) &+ UInt64(attempt))
      guard descent.isAffordable(neurons), var reached = relaxed(neurons) else { continue }
      // Most tries lead nowhere, which shows early.
      for (steps, hope) in [(10, 2.0), (20, 1.2), (70, 1)] {
        descent.steps = steps
        reached = descent.descend(reached)
        guard reached.objective < hope * best.objective else { break }
      }
      guard reached.objective < best.objective else { continue }
      best = reached.simplified(in: reduced, pieces: pieces, atoms: atoms)
    }
    return best
  }

  /// The parts of a network that a short run of Adam leads to.
  private func randomParts(seed: UInt64) -> [Part] {
    var options = GradientTraining.Options()
    options.width = width
    options.maximumEpochs = epochs
    options.seed = seed
    guard let training = try? GradientTraining(problem, options: options) else { return [] }
    return atoms.parts(of: training.descend().network) ?? []
  }

  /// The ReLU network of the vectors that are optimal over the parts' pieces without their cones; nil for none, and where the program was not solved.
  ///
  /// Without cones each vector that a part is made of stands alone, and those that are zero are left out.
  private func relaxed(_ parts: [Part]) -> JointDescent.Network? {
    let (n, size) = (reduced.design.rows, pieces.dimension / pieces.units)
    var known = Set<Kind.System.Piece>()
    var members: [(piece: Kind.System.Piece, units: [Int])] = []
    var columns: [Double] = []
    for part in parts {
      let piece = pieces.piece(of: part)
      guard known.insert(piece).inserted else { continue }
      let units = (0..<pieces.units).filter { norm(part.vector[($0 * size)..<(($0 + 1) * size)]) > 0 }
      let all = pieces.columns(of: piece)
      for unit in units { columns += all[(unit * size * n)..<((unit + 1) * size * n)] }
      members.append((piece, units))
    }
    let blocks = members.reduce(0) { $0 + $1.units.count }
    guard blocks > 0 else { return nil }
    let program = ConicProgram(
      problem: reduced, rank: size, blocks: blocks,
      columns: Matrix(rows: blocks * size, columns: n, elements: columns), facets: [],
      facetStart: Array(repeating: 0, count: blocks + 1))
    var interiorPoint = InteriorPoint()
    interiorPoint.tolerance = 1e-5
    interiorPoint.isCancelled = isCancelled
    let solution = interiorPoint.solve(program)
    guard !isCancelled(), solution.z.allSatisfy(\.isFinite) else { return nil }
    var place = 0
    let vectors = members.map { member in
      var vector = [Double](repeating: 0, count: pieces.dimension)
      for unit in member.units {
        vector.replaceSubrange(
          (unit * size)..<((unit + 1) * size), with: solution.z[place..<(place + size)])
        place += size
      }
      return pieces.part(of: member.piece, vector: vector)
    }
    return JointDescent.Network(
      vectors, offset: solution.offset, dualPoint: solution.dualPoint, in: reduced, atoms: atoms)
  }
}

import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels

/// ReLU networks from points of the penalised program, and what the points prove about the given patterns.
struct PenalisedRecovery {
  private let problem: TrainingProblem
  private let patterns: PatternSet
  private let certifier: Certifier
  private let atoms: any EuclideanReLUAtoms
  private let unitRows: Matrix

  init(_ problem: TrainingProblem, patterns: PatternSet, atoms: any EuclideanReLUAtoms, certifier: Certifier)
  {
    self.atoms = atoms
    self.problem = problem
    self.patterns = patterns
    self.certifier = certifier
    unitRows = certifier.rowSpace.coordinates.unitRows
  }

  /// The best network of several points of the program, each with its vectors as they are and projected onto
  /// their cones, and the best bound over the patterns that their residuals or the given dual points prove.
  func best(of points: [[Double]], dualPoints given: [[Double]], _ program: PenalisedProgram)
    -> (network: any Network, certificate: Certificate)
  {
    let zero = problem.constantNetwork()
    var best = (network: zero, objective: certifier.objective(of: zero))
    var dualPoints = [problem.constantDualPoint] + given
    for values in points {
      let offset = problem.hasOffset ? values[program.penalized] : 0
      let free = (0..<program.blocks).map {
        Part(sign: $0 < program.patterns ? 1 : -1, vector: program.vector($0, of: values))
      }
      var predictions: [Double] = []
      var gradient = values
      let all = Array(0..<problem.design.rows)
      _ = program.evaluate(values, rows: all[...], gradient: &gradient, predictions: &predictions)
      dualPoints.append(problem.dualPoint(predictions))
      for vectors in [free, projected(free)] {
        let network = network(vectors, offset: offset)
        let objective = certifier.objective(of: network)
        if objective < best.objective { best = (network, objective) }
      }
    }
    dualPoints.append(problem.dualPoint(best.network.predictions(problem.design)))
    return (best.network, certificate(of: best.network, dualPoints: dualPoints))
  }

  /// Each vector's nearest point in the cone of its pattern.
  private func projected(_ parts: [Part]) -> [Part] {
    let cones = PatternCones(
      certifier.rowSpace.coordinates, patterns: patterns, blocks: parts.count)
    return parts.enumerated().map { block, part in
      Part(sign: part.sign, vector: cones.project(part.vector, block: block, cut: 0).point)
    }
  }

  /// The network of the longest vectors, as many as are best among all, half of them, a quarter and so on: a gradient
  /// method leaves vectors near zero that the program has at zero.
  private func network(_ vectors: [Part], offset: Double) -> any Network {
    let sorted = vectors.filter { norm($0.vector) > 0 }.sorted { norm($0.vector) > norm($1.vector) }
    func network(_ parts: [Part]) -> any Network {
      atoms.network(of: parts, offset: problem.hasOffset ? offset : nil)
    }
    var kept = sorted
    var least = problem.objective(network(sorted))
    var count = sorted.count / 2
    while count > 0 {
      let fewer = Array(sorted.prefix(count))
      let objective = problem.objective(network(fewer))
      if objective <= least { (kept, least) = (fewer, objective) }
      count /= 2
    }
    let merged = NeuronMerging.merged(kept, rows: unitRows)
    return network(CaratheodoryPruning.pruned(merged, atoms: atoms))
  }

  /// The best bound that any of the dual points proves over the patterns. A network whose neurons left their
  /// patterns may be better than the patterns allow.
  private func certificate(of network: any Network, dualPoints: [[Double]]) -> Certificate {
    let blocks = PatternBlocks(
      certifier.rowSpace.coordinates, patterns: patterns, hasCones: true, beta: problem.beta, threads: 1)
    let certificates = dualPoints.compactMap { dualPoint -> Certificate? in
      let feasible = certifier.feasibleDualPoint(dualPoint)
      guard feasible.allSatisfy(\.isFinite) else { return nil }
      let polar = blocks.polar(feasible, rowNorms: problem.design.rowNorms).bound
      let multipliers = blocks.multipliers(feasible, polar: polar * (1 - 0x1p-30))
      return Certifier(problem, patterns: patterns, multipliers: multipliers)
        .certify(network, dualPoint: feasible, polarAccuracy: 0).certificate
    }
    guard let best = certificates.max(by: { $0.lowerBound < $1.lowerBound }) else {
      return Certifier(problem, patterns: patterns, multipliers: [])
        .certify(network, dualPoint: problem.targets.map { _ in 0 }, polarAccuracy: 0).certificate
    }
    return best
  }
}

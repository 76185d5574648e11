import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The three-layer program over the pieces of random sub-networks: EP21's Theorem 1 with its joint constraint, sampled as in Remark 3.
///
/// Convex, and as near to the optimum as the pieces are many. Its optimum is that of these pieces alone; what its dual point proves
/// of all networks the certificate says. Each draw takes its first-layer vectors wⱼ ~ N(0, I), in the coordinates of the row space,
/// the number of units that add evenly, and gives a piece to either sign of the third layer.
package struct SampledSubnetworkTraining: Solver {
  /// What to train.
  package let problem: TrainingProblem
  /// How many sub-networks to draw.
  package let draws: Int
  /// When to stop.
  package let options: WorkingSet.Options
  private let atoms: SubnetworkAtoms

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of three-layer networks with one output.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> SubnetworkAtoms {
    guard let atoms = problem.atoms as? SubnetworkAtoms else {
      throw problem.lacks("the program over sampled sub-networks")
    }
    return atoms
  }

  /// A solver for a problem and so many draws.
  ///
  /// - Throws: `DataError` as `check`, and of kind `badSettings` for no draws, or more than memory holds.
  package init(_ problem: TrainingProblem, draws: Int, options: WorkingSet.Options = .init())
    throws(DataError)
  {
    atoms = try Self.required(problem)
    let unknowns = Double(2 * max(1, draws) * atoms.width * atoms.geometry.rank)
    // The columns, once in the blocks and once in the program, and the normal equations.
    let bytes = 8 * unknowns * (2 * Double(problem.design.rows) + unknowns)
    guard draws > 0, PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badSettings,
        "\(draws) sub-networks drawn take \(PhysicalMemory.text(bytes)) to train on; give a number from 1 on that this machine's memory holds"
      )
    }
    self.problem = problem
    self.draws = draws
    self.options = options
  }

  /// A solver for patterns as they are given for two layers, which must be those of a number of Gaussian gates.
  ///
  /// - Throws: `DataError` as the other one, and of kind `badSettings` for other patterns.
  package init(_ problem: TrainingProblem, patterns: [PatternChoice], options: WorkingSet.Options = .init())
    throws(DataError)
  {
    guard patterns.count == 1, case .source(let source) = patterns[0],
      let gaussian = source as? GaussianGates,
      gaussian.density == 1
    else {
      throw DataError(
        .badSettings,
        "three-layer networks are trained on the pieces of Gaussian draws alone, not on other patterns; give a number of these"
      )
    }
    try self.init(problem, draws: gaussian.draws, options: options)
  }

  /// Trains as `Solver` says; the status `localGapReached` says that the program over the draws is solved to the gap asked for.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let time = stop.firstPart(0.9)
    let certifier = Certifier(problem, threads: options.threads)
    var best = Incumbent<[Part]>(certifier)
    var master = Master(problem.reduced, pieces: SubnetworkPieces(atoms.geometry, units: atoms.width))
    for part in parts() {
      if time.isRaised { break }
      master.insert(part)
    }
    var dualPoint = problem.constantDualPoint
    var status = SolverStatus.iterationLimit
    var round = 0
    if case .pieces(let start)? = checkpoints?.start,
      start.fits(problem, dimension: atoms.width * atoms.geometry.rank), master.adopt(start.pieces)
    {
      (round, dualPoint) = (start.round, start.dualPoint)
      best.take(start.best, of: atoms, effort: options.effort(until: stop))
    }
    func snapshot() -> FixedPieces { FixedPieces(round, master, dualPoint: dualPoint, best: best) }
    // What a run goes on from to end as this one does: a program that ends it is solved again.
    var begun = snapshot()
    while round < options.maximumIterations {
      begun = snapshot()
      checkpoints?.offer(.pieces(begun))
      round += 1
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = min(1e-8, 1e-3 * options.gap)
      interiorPoint.isCancelled = { time.isRaised }
      dualPoint = master.solve(with: interiorPoint).dualPoint
      best.offer(master.recovered(atoms: atoms), of: atoms, offset: master.offset, gap: options.gap)
      progress(best.progress(iteration: round, workingSet: master.blocks.count, unit: .chambers))
      if let ending = stop.status ?? (time.isRaised ? .timeLimit : nil) {
        status = ending
        break
      }
      if master.enforceViolatedFacets().count == 0 {
        status = .localGapReached
        break
      }
    }
    checkpoints?.leave(.pieces(status.isStop ? snapshot() : begun))
    best.prune(atoms, gap: options.gap)
    let certificate = best.certificate(
      dualPoint: certifier.feasibleDualPoint(dualPoint), gap: options.gap,
      nodeLimit: options.closingNodeLimit,
      stop: stop)
    return TrainingOutcome(
      network: best.network, certificate: certificate,
      status: certificate.relativeGap <= options.gap ? .solved : status, method: .givenPatterns,
      workingSet: master.blocks.count, iterations: round, rank: atoms.geometry.rank, chambers: nil)
  }

  /// A part inside each piece that is drawn.
  private func parts() -> [Part] {
    var random = SeededGenerator(seed: options.seed)
    return (0..<draws).flatMap { _ in
      let family = Int.random(in: SubnetworkSigns.families(width: atoms.width), using: &random)
      let vector = (0..<(atoms.width * atoms.geometry.rank)).map { _ in random.nextGaussian() }
      return [1.0, -1].map { Part(sign: $0, vector: vector, family: family) }
    }
  }
}

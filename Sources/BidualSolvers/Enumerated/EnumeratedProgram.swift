import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The program of PE20 (8) with all chambers of the data at once: exact, for data with few of them.
///
/// Facet rows are still added as they are violated, so that each solve stays small. The working set does
/// the same job without a list of chambers; this is the method of the paper and a check on the default.
package struct EnumeratedProgram: Solver {
  /// What to train.
  package let problem: TrainingProblem
  /// When to stop.
  package let options: WorkingSet.Options
  /// The largest number of chambers to accept.
  package let chamberLimit: Int

  private let atoms: any EuclideanReLUAtoms

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of ReLU networks under weight decay.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> any EuclideanReLUAtoms {
    guard let atoms = problem.atoms as? any EuclideanReLUAtoms else {
      throw problem.lacks("the program over all chambers")
    }
    return atoms
  }

  /// A solver for a problem and at most `chamberLimit` chambers.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options, chamberLimit: Int = 2_000)
    throws(DataError)
  {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
    self.chamberLimit = chamberLimit
  }

  /// Solves the program and certifies its network. Stopped before the chambers are listed it answers as a working set
  /// that was stopped at once.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  /// - Throws: `DataError` of kind `badData` if there are too many chambers.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> TrainingOutcome {
    let tree: ChamberTree
    do {
      tree = try Arrangement(atoms.geometry.hyperplanes.rows)
        .chambers(limit: chamberLimit, isCancelled: { stop.isRaised })
    } catch .cancelled {
      return try WorkingSet(problem, options: options).train(stop: stop, progress: progress)
    } catch {
      throw DataError(error)
    }
    let certifier = Certifier(problem, threads: options.threads)
    let hyperplanes = atoms.geometry.hyperplanes
    var master = Master(problem, pieces: ReLUPieces(atoms.geometry))
    if atoms.geometry.rank > 0 {
      for chamber in 0..<tree.count {
        let pattern = tree.pattern(chamber)
        let sides = (0..<hyperplanes.count).map { pattern[$0] ? Int8(1) : -1 }
        for sign in [1.0, -1.0] {
          _ = master.insert(.init(sign: sign, sides: sides), near: tree.interiorPoint(chamber))
        }
      }
    }
    var best = Incumbent<[Part]>(certifier)
    var dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
    var iteration = 0
    if case .pieces(let start)? = checkpoints?.start, start.fits(problem, dimension: atoms.geometry.rank),
      master.adopt(start.pieces)
    {
      (iteration, dualPoint) = (start.round, start.dualPoint)
      best.take(start.best, of: atoms, effort: options.effort(until: stop))
    }
    func snapshot() -> FixedPieces { FixedPieces(iteration, master, dualPoint: dualPoint, best: best) }
    // What a run goes on from to end as this one does: a program that ends it is solved again.
    var begun = snapshot()
    while iteration < options.maximumIterations, !master.isEmpty, !stop.isRaised {
      begun = snapshot()
      checkpoints?.offer(.pieces(begun))
      iteration += 1
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = min(1e-8, 1e-3 * options.gap)
      interiorPoint.isCancelled = { stop.isRaised }
      dualPoint = certifier.feasibleDualPoint(master.solve(with: interiorPoint).dualPoint)
      best.offer(master.recovered(atoms: atoms), of: atoms, offset: master.offset, gap: options.gap)
      let violated = master.enforceViolatedFacets().count
      progress(best.progress(iteration: iteration, workingSet: master.blocks.count, unit: .chambers))
      if violated == 0 { break }
    }
    checkpoints?.leave(.pieces(stop.isRaised ? snapshot() : begun))
    best.offer(
      certifier.certify(
        best.network, dualPoint: dualPoint, gap: options.gap,
        effort: options.effort(until: stop)))
    let status: SolverStatus =
      if best.relativeGap <= options.gap { .solved } else if let ending = stop.status {
        ending
      } else if iteration == options.maximumIterations { .iterationLimit } else { .insufficientProgress }
    return TrainingOutcome(
      network: best.network,
      certificate: best.certificate(
        dualPoint: dualPoint, gap: options.gap, nodeLimit: options.closingNodeLimit, stop: stop),
      status: status,
      method: .enumerated, workingSet: master.blocks.count, iterations: iteration, rank: atoms.geometry.rank,
      chambers: tree.count)
  }
}

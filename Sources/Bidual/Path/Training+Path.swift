import BidualCertificates
import BidualLinear
import BidualModels
import BidualSolvers

extension Training {
  /// At which values of β a path proves what its networks are worth.
  public enum PathProofs: Sendable, Equatable {
    /// At each.
    case all
    /// At the largest, the one in the middle and the smallest; elsewhere networks are trained until the gap is small by local pricing.
    case some
    /// At none; networks are trained until the gap is small by local pricing.
    case none

    func holds(at index: Int, of count: Int) -> Bool {
      switch self {
      case .all: true
      case .some: index == 0 || index == count / 2 || index == count - 1
      case .none: false
      }
    }
  }

  /// Trains for many values of β, the largest first, each run from the network of the one before; the setting `beta` plays no part.
  ///
  /// - Parameters:
  ///   - proofs: where to prove the gap. Where not, methods that don't search neurons prove all the same.
  ///   - stop: ends the path early. Of a time limit each β gets an equal share of what is left.
  ///   - checkpoint: where to keep what is done, and whether to go on from that; nowhere by default. Of values of β that are done what
  ///     was proven is proven anew, and no more.
  ///   - progress: called with the place of each β that is done.
  /// - Throws: as `fit`.
  /// - Complexity: some times that of `fit` for the smallest β.
  public func path(
    _ dataset: Dataset, classes: ClassLabels? = nil, betas grid: BetaGrid = .fractions(),
    proofs: PathProofs = .all, stop: StopSignal = StopSignal(), checkpoint: CheckpointPolicy? = nil,
    progress: (Int, Result) -> Void = { _, _ in }
  ) throws(DataError) -> RegularizationPath {
    try check(.objective)
    return try BLAS.singleThreaded { () throws(DataError) in
      let posed = try PosedPath(self, dataset, classes, stop: stop)
      let kept = try checkpoint.map { policy throws(DataError) in
        try KeptPath(policy, of: self, on: dataset, betas: grid, proofs: proofs)
      }
      let betaMax = grid.isRelative ? try posed.betaMax(known: kept?.betaMax, stop: stop) : nil
      let betas = try grid.values(betaMax: betaMax ?? 0)
      // A β_max that was cut short is no scale for a path to go on with.
      let isWhole = betaMax == nil || kept?.betaMax != nil || !stop.isRaised
      var results: [Result] = []
      try posed.run(betas, betaMax: betaMax, proofs: proofs, stop: stop, kept: isWhole ? kept : nil) {
        index, result in
        results.append(result)
        progress(index, result)
      }
      let band = CertifiedBand(
        posed.problem,
        points: results.map {
          .init(beta: $0.model.beta, network: $0.model.sampleNetwork, certificate: $0.certificate)
        })
      return RegularizationPath(results: results, betas: betas, betaMax: betaMax, band: band)
    }
  }
}

/// Data and settings posed for runs at many β.
struct PosedPath {
  private let training: Training
  private let dataset: Dataset
  private let classes: ClassLabels?
  private let preprocessing: Preprocessing
  /// The problem, at no β in particular.
  let problem: TrainingProblem

  init(_ training: Training, _ dataset: Dataset, _ classes: ClassLabels?, stop: StopSignal)
    throws(DataError)
  {
    self.training = training
    self.dataset = dataset
    self.classes = classes
    let plain: TrainingProblem
    (preprocessing, plain) = try training.pose(dataset, classes)
    problem = try training.specialised(plain, stop)
  }

  /// β_max of the data.
  func betaMax(known: Double? = nil, stop: StopSignal) throws(DataError) -> Double {
    try training.betaMax(of: problem, known: known, stop: stop)
  }

  /// Trains at each β in turn, and hands over what is found until `stop` is raised.
  func run(
    _ betas: [Double], betaMax: Double? = nil, proofs: Training.PathProofs, stop: StopSignal,
    kept: KeptPath? = nil, _ take: (_ index: Int, Training.Result) throws(DataError) -> Void
  ) throws(DataError) {
    var neighbour: RunState?
    var course = kept?.start(of: betas.count) ?? KeptPath.Course()
    for (index, beta) in betas.enumerated() {
      let problem = try problem.replacing(beta: beta)
      let solver = solver(isProving: proofs.holds(at: index, of: betas.count))
      try solver.kind.check(problem)
      guard kept == nil || solver.resumes else { throw .noCheckpoints }
      let share = stop.firstPart(1 / Double(betas.count - index))
      let checkpoints =
        kept?.checkpoints(of: course, at: index, near: neighbour, betaMax: betaMax)
        ?? Checkpoints(near: neighbour)
      let outcome = try solver.make(problem, betaMax, share)
        .train(stop: share, checkpoints: checkpoints, progress: { _ in })
        .alongAllDirections(in: problem, gap: training.gap)
      course.end(at: index, with: checkpoints.end)
      neighbour = course.ended[index] ?? neighbour
      try take(
        index,
        training.result(
          outcome, of: problem, dataset: dataset, preprocessing: preprocessing, classes: classes,
          betaMax: nil))
      if stop.isRaised { return }
    }
  }

  /// The exact method, or where no proof is asked for the local one, if there is one for the problem.
  private func solver(isProving: Bool) -> SolverChoice {
    guard !isProving, training.method == .exact else { return training.solver(for: problem.atoms) }
    var local = training
    local.method = .local
    let choice = local.solver(for: problem.atoms)
    do throws(DataError) {
      try choice.kind.check(problem)
      return training.patterns.isAdaptive ? choice : training.solver(for: problem.atoms)
    } catch {
      return training.solver(for: problem.atoms)
    }
  }
}

import BidualCertificates
import BidualLinear
import BidualModels

extension GradientTraining: Solver {
  /// It can.
  package static var resumes: Bool { true }

  /// Descends, and proves what little the network's own residual can prove in a short time.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let run = descend(stop: stop, checkpoints: checkpoints) { epoch in
      progress(
        TrainingProgress(
          iteration: epoch.epoch, workingSet: options.width, unit: .neurons, objective: epoch.objective,
          lowerBound: floor,
          nodes: 0))
    }
    let dualPoint = problem.dualPoint(run.network.predictions(problem.design))
    let affordable = min(20_000, 20_000_000 / (certifier.rowSpace.coordinates.elements.count + 1))
    let closing = stop.closing
    let verdict = certifier.certify(
      run.network, dualPoint: dualPoint, polarAccuracy: 1e-2,
      effort: .init(nodeLimit: affordable, isCancelled: { closing.isRaised }))
    return TrainingOutcome(
      network: run.network, certificate: verdict.certificate, status: run.status, method: .gradient,
      workingSet: options.width, iterations: run.epochs, rank: problem.atoms.geometry.designRank,
      chambers: nil)
  }
}

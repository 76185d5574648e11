import BidualModels

/// The means of the neurons' turn of a working set: what prices directions, and what moves all neurons together.
package struct NeuronSearch {
  let pricing: NeuronPricing
  var descent: JointDescent
  /// Steps of a linear model instead of descent, for problems on which these are quick.
  var gaussNewton: GaussNewtonDescent?
  /// What lets neurons join before such steps.
  var lasso: NeuronLasso?
  /// Such steps after descent.
  var finish: GaussNewtonDescent?
  /// The program over the network's own patterns, for where descent creeps.
  var ownPatterns: OwnPatterns?
  /// For where descent is stuck.
  var restarts: (any NetworkRestarts)?

  /// The search for atoms by an ascent of them.
  init(
    _ problem: TrainingProblem, atoms: any DescentAtoms, ascent: any DirectionAscent,
    options: WorkingSet.Options, isCancelled: @escaping @Sendable () -> Bool
  ) {
    pricing = NeuronPricing(problem, atoms: atoms, ascent: ascent)
    descent = JointDescent(
      problem: problem, atoms: atoms, threads: options.threads, precision: options.precision,
      isCancelled: isCancelled)
  }
}

import BidualLinear
import BidualModels
import BidualSolvers

extension NetworkAssessment {
  /// Assesses the network of a model, trained anywhere.
  ///
  ///     let problem = try model.problem(on: dataset)
  ///     let assessment = try NetworkAssessment(of: model, in: problem)
  ///     print(assessment.certificate.objective, assessment.certificate.lowerBound)
  ///
  /// - Parameters:
  ///   - problem: the model's on a data set, perhaps with another β.
  ///   - gap: how tight the lower bound should be, relative to the best network found.
  ///   - threads: the number of threads.
  /// - Throws: `DataError` of kind `badSettings` for a gap or threads that are not positive, of kind `badData` for networks that
  ///   nothing but their own training assesses: under the ℓ₁ norm, gated, or interpolating.
  /// - Complexity: that of training.
  public init(
    of model: Model, in problem: TrainingProblem, gap: Double = 1e-4, threads: Int = 1,
    stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) {
    guard gap.isFinite, gap > 0 else {
      throw DataError(.badSettings, "the gap is \(gap); give a positive number such as 1e-4")
    }
    guard threads > 0 else { throw DataError(.badSettings, "there are \(threads) threads; give at least 1") }
    var options = WorkingSet.Options()
    options.gap = gap
    options.threads = threads
    self = try BLAS.singleThreaded { [options] () throws(DataError) in
      try NetworkAssessment(
        of: model.sampleNetwork, in: problem, options: options, stop: stop, progress: progress)
    }
  }
}

import Bidual

/// Convex training on the patterns of small networks beside stochastic gradient descent (PE20, Figures 4 and 7–9).
struct Study {
  /// A measured run.
  struct Row {
    let method: String
    let objective: Double
    /// The gap to the proven bound, and over which networks that holds; nil where nothing was proven.
    let gap: (value: Double, scope: String)?
    /// Root mean square error or accuracy on the samples held out.
    let score: Double
    let neurons: Int
    let seconds: Double
  }

  let problem: TrainingProblem
  let data: SplitData
  /// The neurons of the networks that SGD trains, and that patterns are taken from.
  let neurons: Int
  let seed: UInt64
  /// Passes over the samples that a run of SGD may take.
  let epochs: Int
  /// Called with each row when it is there.
  let report: (Row) -> Void

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }

  private func score(_ network: any Network) -> Double {
    let predictions = network.predictions(data.heldOut)
    let pairs = zip(predictions, data.heldOutTargets)
    let count = Double(predictions.count)
    return problem.loss.targetKind == .sign
      ? Double(pairs.count { ($0 > 0) == ($1 > 0) }) / count
      : (pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / count).squareRoot()
  }

  private func row(_ method: String, _ outcome: TrainingOutcome, _ seconds: Double) -> Row {
    Row(
      method: method, objective: outcome.certificate.objective,
      gap: (outcome.certificate.relativeGap, outcome.certificate.scope.rawValue),
      score: score(outcome.network), neurons: outcome.network.neurons, seconds: seconds)
  }

  /// The optimum over the patterns of the choices; the time of finding the patterns counts.
  func convex(_ method: String, _ choices: [PatternChoice]) throws {
    var outcome: TrainingOutcome?
    var patterns = 0
    let seconds = try seconds {
      let collection = try PatternChoice.collection(choices, for: problem, seed: seed)
      patterns = collection.count
      outcome = try PatternTraining(problem, patterns: collection).train()
    }
    if let outcome { report(row("\(method), \(patterns) patterns", outcome, seconds)) }
  }

  /// Training without a proof, in so many rounds at most.
  func local(rounds: Int) throws {
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.maximumIterations = rounds
    options.seed = seed
    var outcome: TrainingOutcome?
    let seconds = try seconds { outcome = try WorkingSet(problem, options: options).train() }
    if let outcome { report(row("local", outcome, seconds)) }
  }

  /// SGD from several random starts, each with the learning rate that ends lowest of several; the time is that of
  /// the best rate alone.
  ///
  /// - Returns: the networks.
  func descent(runs: Int) throws -> [TwoLayerNetwork] {
    var networks: [TwoLayerNetwork] = []
    for run in 0..<runs {
      var options = GradientTraining.Options()
      options.rule = .plain
      options.width = neurons
      options.batchSize = 32
      options.schedule = .cosine
      options.evaluationInterval = 10
      options.seed = seed + UInt64(run)
      options.maximumEpochs = epochs * Self.rates.count
      let outcome = try LearningRateSearch(problem, options: options, rates: Self.rates).train()[0]
      networks += [outcome.network].compactMap(\.twoLayer)
      report(
        Row(
          method: "SGD \(run + 1), rate \(outcome.learningRate)", objective: outcome.objective, gap: nil,
          score: score(outcome.network), neurons: outcome.network.neurons,
          seconds: outcome.trace.last?.seconds ?? 0))
    }
    return networks
  }

  /// One more than the search has by itself: on some data the largest of those is the best.
  private static let rates = [1] + LearningRateSearch.rates(for: .plain)
}

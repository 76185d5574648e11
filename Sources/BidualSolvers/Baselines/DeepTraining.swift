import BidualLinear
import BidualModels

/// A gradient method on parallel networks of any depth,
///
///     Σᵢ ωᵢℓ(f(xᵢ), yᵢ) + β/2 Σₖ(Pₖ² + γₖ²)        Pₖ = ‖αₖ‖Πₗ‖Wₗₖ‖
///
/// of `DeepNetwork` (EP21, eq. 2), from random weights. It proves nothing: beyond three layers no search is known that bounds what
/// is best, and this is the measure that such a search would be held against.
///
/// Data, weights, loss, β and the offset are those of a problem, whose architecture is not asked. Rates multiply the gradient of the
/// objective divided by n, as in `GradientTraining`. One thread.
package struct DeepTraining: Sendable {
  /// How to train.
  package struct Options: Sendable {
    /// The number L of layers.
    package var depth = 3
    /// The number m of units of a hidden layer.
    package var width = 2
    /// The number K of sub-networks.
    package var subnetworks = 10
    /// The method.
    package var rule = UpdateRule.adam()
    /// The learning rate that the run begins with.
    package var learningRate = 1e-2
    /// How it changes.
    package var schedule = LearningRateSchedule.constant
    /// Samples a step, drawn without replacement in an order that is new in each epoch; nil for all.
    package var batchSize: Int?
    /// The largest number of epochs, passes over the samples.
    package var maximumEpochs = 1000
    /// Epochs from one evaluation of the objective to the next.
    package var evaluationInterval = 1
    /// The seed of the first weights and of the order of the samples.
    package var seed: UInt64 = 0

    /// The defaults: Adam on all samples at once.
    package init() {}
  }

  /// What to train on.
  package let problem: TrainingProblem
  /// How.
  package let options: Options

  /// A gradient method for a problem's data.
  ///
  /// - Throws: `DataError` of kind `badSettings` for options that make no run, and for problems of several outputs or without
  ///   slopes to follow; of kind `badData` for more weights than memory holds.
  package init(_ problem: TrainingProblem, options: Options = Options()) throws(DataError) {
    self.problem = problem
    self.options = options
    guard problem.outputs == 1 else {
      throw DataError(
        .badSettings, "deep networks have one output here, not \(problem.outputs); train one an output")
    }
    guard problem.loss.hasSlope else {
      throw DataError(
        .badSettings, "the \(problem.loss.name) loss has no slopes to follow; give another loss")
    }
    try options.validate()
    // Weights, slopes, moments and copies, and the responses of all layers.
    let (d, n) = (Double(problem.design.columns), Double(problem.design.rows))
    let (m, l, k) = (Double(options.width), Double(options.depth), Double(options.subnetworks))
    let bytes = 8 * k * (6 * m * (d + l * m) + n * l * m)
    guard PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "\(options.subnetworks) sub-networks of \(options.depth) layers of \(options.width) units take "
          + "\(PhysicalMemory.text(bytes)) to train, more than this machine's memory; give fewer")
    }
  }

  /// The network that a run begins with: entries of a layer of variance 1/(what it reads), those of γ of variance 1/K.
  private func initialNetwork(_ random: inout SeededGenerator) -> DeepNetwork {
    let shape = DeepShape(
      inputs: problem.design.columns, depth: options.depth, width: options.width,
      subnetworks: options.subnetworks, hasOffset: problem.hasOffset)
    var weights = [Double](repeating: 0, count: shape.count)
    for k in 0..<shape.subnetworks {
      for layer in shape.layers {
        let spread = 1 / Double(max(1, shape.units(ofLayer: layer - 1))).squareRoot()
        for place in shape.place(ofLayer: layer, subnetwork: k) {
          weights[place] = spread * random.nextGaussian()
        }
      }
      weights[shape.head(k)] = random.nextGaussian() / Double(shape.subnetworks).squareRoot()
    }
    return DeepNetwork(shape, weights: weights)
  }

  /// The objective of a network after balancing.
  package func objective(_ network: DeepNetwork) -> Double {
    problem.lossValue(network.predictions(problem.design)) + problem.beta * network.balancedDecay
  }

  /// Trains until a limit, `stop` or weights that are no numbers end the run; the best network met is the answer, which is never worse
  /// than the best constant.
  ///
  /// - Complexity: O(nK(md + Lm²)) an epoch.
  package func descend(
    stop: StopSignal = StopSignal(), progress: (BaselineProgress) -> Void = { _ in }
  ) -> DeepOutcome {
    BLAS.singleThreaded { run(stop: stop, progress: progress) }
  }

  private func run(stop: StopSignal, progress: (BaselineProgress) -> Void) -> DeepOutcome {
    let clock = ContinuousClock.now
    let n = problem.design.rows
    var random = SeededGenerator(seed: options.seed)
    var network = initialNetwork(&random)
    var state = UpdateState(options.rule, count: network.weights.count)
    var slope = [Double](repeating: 0, count: network.weights.count)
    var batches = MiniBatches(samples: n, generator: random)
    let gradient = DeepGradient(problem: problem)
    let batchSize = max(1, min(options.batchSize ?? n, n))
    var best = DeepNetwork(
      network.shape.with(subnetworks: 0), weights: problem.hasOffset ? problem.constantFits : [])
    var least = objective(best)
    var trace: [BaselineProgress] = []
    var status = SolverStatus.iterationLimit
    var pace = LearningPace(options.schedule, limit: options.maximumEpochs)
    while true {
      let epoch = batches.epoch
      let isEnd = epoch == options.maximumEpochs || stop.isRaised
      if isEnd || epoch % options.evaluationInterval == 0 {
        let value = objective(network)
        guard value.isFinite else {
          status = .diverged
          break
        }
        if value < least { (best, least) = (network, value) }
        let seconds = (ContinuousClock.now - clock) / .seconds(1)
        trace.append(BaselineProgress(epoch: epoch, objective: value, seconds: seconds))
        pace.note(value)
        progress(trace[trace.count - 1])
      }
      if isEnd {
        if epoch < options.maximumEpochs { status = stop.ending }
        break
      }
      let rate = options.learningRate * pace.factor(epoch: epoch)
      while !batches.isAtEnd {
        let rows = Array(batches.next(batchSize))
        _ = gradient.evaluate(network, rows: rows, gradient: &slope)
        for place in slope.indices { slope[place] /= Double(rows.count) }
        network.addDecay(problem.beta / Double(n), to: &slope)
        state.step(&network.weights, gradient: slope, rate: rate)
      }
      batches.endEpoch()
    }
    let answer = best.balanced
    return DeepOutcome(network: answer, objective: objective(answer), status: status, trace: trace)
  }
}

extension DeepTraining.Options {
  fileprivate func validate() throws(DataError) {
    guard depth >= 2 else {
      throw DataError(.badSettings, "the number of layers is \(depth); give at least 2")
    }
    let counts = [
      ("width", width), ("number of sub-networks", subnetworks), ("batch size", batchSize ?? 1),
      ("number of epochs", maximumEpochs), ("evaluation interval", evaluationInterval),
    ]
    for (name, count) in counts where count < 1 {
      throw DataError(.badSettings, "the \(name) is \(count); give at least 1")
    }
    guard learningRate.isFinite, learningRate > 0 else {
      throw DataError(
        .badSettings, "the learning rate is \(learningRate); give a positive number such as 0.01")
    }
    try schedule.validate()
    try rule.validate()
  }
}

import BidualLinear
import BidualModels

/// Training as everybody does it: a gradient method on the non-convex objective
///
///     Σᵢ ωᵢℓ(f(xᵢ), yᵢ) + β/2 Σⱼ(‖uⱼ‖² + ‖αⱼ‖²)
///
/// of a network of a given width, from random weights (PE20, eq. 2; for parallel three-layer networks EP21, eq. 3, in the
/// smooth form of `NetworkParameters`). It is the measure of what exact
/// training is worth, and a source of activation patterns; it proves nothing. For a loss with kinks the
/// gradients are subgradients.
///
/// Rates multiply the gradient of the objective divided by n, so that they do not depend on the number of
/// samples. Gradient descent is `.plain` without a batch size; with one it is stochastic gradient descent.
package struct GradientTraining: Sendable {
  /// How to train.
  package struct Options: Sendable {
    /// The method.
    package var rule = UpdateRule.adam()
    /// The number of neurons.
    package var width = 200
    /// The learning rate that the run begins with.
    package var learningRate = 1e-2
    /// How it changes.
    package var schedule = LearningRateSchedule.constant
    /// How the first weights are drawn.
    package var start = InitialWeights.gaussian
    /// Samples a step, drawn without replacement in an order that is new in each epoch; nil for all.
    package var batchSize: Int?
    /// The largest number of epochs, passes over the samples.
    package var maximumEpochs = 10_000
    /// Epochs from one evaluation of the objective to the next.
    package var evaluationInterval = 1
    /// Epochs to wait for progress before the run ends; nil for as long as it takes.
    package var patience: Int?
    /// The share by which the objective must fall within `patience` epochs.
    package var leastProgress = 1e-6
    /// The objective at which the run ends.
    package var target: Double?
    /// The seed of the first weights and of the order of the samples.
    package var seed: UInt64 = 0
    /// Threads; the same number gives the same bytes.
    package var threads = 1
    /// The arithmetic of the products over the samples.
    package var precision = Precision.double

    /// The defaults: Adam on all samples at once.
    package init() {}
  }

  /// What to train.
  package let problem: TrainingProblem
  /// How.
  package let options: Options

  /// Problems of ReLU networks and linear convolutions under weight decay, with a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) {
    guard problem.atoms is any BalancedAtoms, problem.loss.hasSlope else {
      throw problem.lacks("a gradient method")
    }
  }

  /// A gradient method for a problem.
  ///
  /// - Throws: `DataError` of kind `badSettings` for options that make no run, and for problems without slopes to
  ///   follow: other activations than the ReLU, another norm than ℓ₂, and interpolation; of kind `badData` for numbers
  ///   that the precision can't hold, and for more neurons than memory holds for these data.
  package init(_ problem: TrainingProblem, options: Options = Options()) throws(DataError) {
    self.problem = problem
    self.options = options
    try Self.check(problem)
    try problem.require(options.precision)
    try options.validate()
    let units = problem.atoms.subnetworkUnits ?? 1
    let (m, d) = (Double(options.width * units), Double(problem.neuronRows.columns))
    // Weights, slopes, moments and copies, and for each thread slopes and the heights of a few samples.
    let bytes =
      8 * m
      * ((d + Double(problem.headWeights)) * (8 + Double(options.threads)) + 16 * Double(options.threads))
    guard PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "\(options.width) neurons take \(PhysicalMemory.text(bytes)) to train, more than this machine's memory; give fewer"
      )
    }
  }

  /// The network that a run begins with, drawn layer by layer (`InitialWeights`); of a linear convolution its filters with their heads, as
  /// layers.
  package func initialNetwork() -> TwoLayerNetwork {
    var random = SeededGenerator(seed: options.seed)
    return initialNetwork(&random)
  }

  /// The same as weights.
  private func initialParameters(_ random: inout SeededGenerator) -> NetworkParameters {
    guard let m = problem.atoms.subnetworkUnits else {
      let network = initialNetwork(&random)
      return NetworkParameters(
        width: network.neurons, units: nil, inputs: network.inputs, outputs: network.outputs,
        hasOffset: problem.hasOffset,
        values: network.hidden.elements + network.output
          + Array(repeating: 0, count: problem.hasOffset ? problem.outputs : 0))
    }
    let (k, d, c) = (options.width, problem.neuronRows.columns, problem.outputs)
    let layers =
      options.start.draw(k * m * d, inputs: d, using: &random)
      + options.start.draw(k * m, inputs: m, using: &random)
      + options.start.draw(k * c, inputs: k, using: &random)
    return NetworkParameters(
      width: k, units: m, inputs: d, outputs: c, hasOffset: problem.hasOffset,
      values: layers + Array(repeating: 0, count: problem.hasOffset ? c : 0))
  }

  private func initialNetwork(_ random: inout SeededGenerator) -> TwoLayerNetwork {
    let (m, d, c) = (options.width, problem.neuronRows.columns, problem.headWeights)
    let hidden = options.start.draw(m * d, inputs: d, using: &random)
    let output = options.start.draw(m * c, inputs: m, using: &random)
    return TwoLayerNetwork(
      hidden: Matrix(rows: m, columns: d, elements: hidden), output: output, outputs: c,
      offsets: problem.hasOffset && c == problem.outputs ? Array(repeating: 0, count: c) : [])
  }

  /// Trains until a limit, the target, a lack of progress or `stop` ends the run.
  ///
  /// - Parameters:
  ///   - checkpoints: where the run begins and what becomes of its states. A run that goes on from a state ends with the bytes of one that
  ///     was never interrupted.
  ///   - progress: called at each evaluation.
  ///   - watch: called at each evaluation with the weights of the moment, at the cost of a copy.
  /// - Complexity: O(nmd) an epoch.
  package func descend(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (BaselineProgress) -> Void = { _ in }, watch: ((BaselineMoment) -> Void)? = nil
  ) -> BaselineOutcome {
    let clock = ContinuousClock.now
    let n = problem.design.rows
    var random = SeededGenerator(seed: options.seed)
    var parameters = initialParameters(&random)
    let gradient = NetworkGradient(
      problem, width: options.width, threads: options.threads, precision: options.precision)
    var slope = [Double](repeating: 0, count: parameters.count)
    var state = UpdateState(options.rule, count: parameters.count)
    var batches = MiniBatches(samples: n, generator: random)
    let batchSize = min(options.batchSize ?? n, n)
    var best = BestNetwork(problem)
    var trace: [BaselineProgress] = []
    var status = SolverStatus.iterationLimit
    if case .gradient(let start)? = checkpoints?.start, start.fits(self) {
      (batches, parameters, state, trace) = (start.batches, start.parameters, start.updates, start.trace)
      best = BestNetwork(problem, record: start.best)
    }
    let earlier = trace.last?.seconds ?? 0
    var pace = LearningPace(options.schedule, limit: options.maximumEpochs)
    for entry in trace { pace.note(entry.objective) }

    /// What the run goes on from.
    func snapshot() -> RunState {
      .gradient(
        Snapshot(
          batches: batches, parameters: parameters, updates: state, best: best.record, trace: trace))
    }

    /// One step along the gradient of `count` samples.
    func step(count: Int, rate: Double) {
      let decay = problem.beta / Double(n)
      slope.withUnsafeMutableBufferPointer { slope in
        for k in slope.indices { slope[k] /= Double(count) }
        if let start = slope.baseAddress { _ = parameters.addDecay(decay, to: start) }
      }
      state.step(&parameters.values, gradient: slope, rate: rate)
    }

    run: while true {
      let epoch = batches.epoch
      let isLast = epoch >= options.maximumEpochs && batches.isAtStart
      let isDue = isLast || (batches.isAtStart && epoch % options.evaluationInterval == 0)
      checkpoints?.offer(snapshot())
      if batchSize == n || isDue {
        let loss =
          batchSize == n
          ? slope.withUnsafeMutableBufferPointer {
            gradient.evaluate(parameters, gradient: $0.baseAddress)
          } : gradient.evaluate(parameters)
        let objective = loss + problem.beta * parameters.balancedDecay
        guard objective.isFinite else {
          status = .diverged
          break
        }
        best.offer(parameters, objective: objective, epoch: epoch, leastProgress: options.leastProgress)
        // A run that goes on from the end of an epoch has the epoch's entry already.
        if isDue, trace.last?.epoch != epoch {
          let seconds = earlier + (ContinuousClock.now - clock) / .seconds(1)
          trace.append(BaselineProgress(epoch: epoch, objective: objective, seconds: seconds))
          pace.note(objective)
          progress(trace[trace.count - 1])
          watch?(
            BaselineMoment(
              epoch: epoch, seconds: seconds, loss: loss, penalty: problem.beta * parameters.decay,
              rate: options.learningRate * pace.factor(epoch: epoch),
              network: problem.balancedNetwork(of: parameters)))
        }
        if let ending = ending(best, epoch: epoch) {
          status = ending
          break
        }
      }
      if isLast { break }
      if stop.isRaised {
        status = stop.ending
        break
      }
      let rate = options.learningRate * pace.factor(epoch: epoch)
      if batchSize == n {
        step(count: n, rate: rate)
      } else {
        while !batches.isAtEnd {
          let rows = batches.next(batchSize)
          rows.withUnsafeBufferPointer { rows in
            slope.withUnsafeMutableBufferPointer {
              _ = gradient.evaluate(parameters, rows: rows, gradient: $0.baseAddress!)
            }
          }
          step(count: rows.count, rate: rate)
          checkpoints?.offer(snapshot())
          if stop.isRaised {
            status = stop.ending
            checkpoints?.leave(snapshot())
            best.offer(parameters, evaluatedBy: gradient)
            break run
          }
        }
      }
      batches.endEpoch()
    }
    if batches.isAtStart, status != .diverged { checkpoints?.leave(snapshot()) }
    let network = best.network
    return BaselineOutcome(
      network: network, objective: problem.objective(network), status: status, trace: trace,
      learningRate: options.learningRate)
  }

  /// Why the run should end here, if it should.
  private func ending(_ best: BestNetwork, epoch: Int) -> SolverStatus? {
    if let target = options.target, best.objective <= target { return .targetReached }
    if let patience = options.patience, epoch - best.lastProgress >= patience { return .insufficientProgress }
    return nil
  }
}

extension GradientTraining.Options {
  fileprivate func validate() throws(DataError) {
    let counts = [
      ("width", width), ("batch size", batchSize ?? 1), ("number of epochs", maximumEpochs),
      ("evaluation interval", evaluationInterval), ("patience", patience ?? 1),
      ("number of threads", threads),
    ]
    for (name, count) in counts where count < 1 {
      throw DataError(.badSettings, "the \(name) is \(count); give at least 1")
    }
    guard learningRate.isFinite, learningRate > 0 else {
      throw DataError(
        .badSettings, "the learning rate is \(learningRate); give a positive number such as 0.01")
    }
    guard leastProgress.isFinite, leastProgress >= 0, target?.isFinite ?? true else {
      throw DataError(
        .badSettings, "the least progress and the target must be finite; give numbers from 0 on")
    }
    try schedule.validate()
    try rule.validate()
  }
}

import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// A run of `VectorTraining`: what it knows, and the rounds it takes.
struct VectorTrainingRun {
  private let options: WorkingSet.Options
  private let certifier: Certifier
  private let reduced: TrainingProblem
  private let atoms: VectorReLUAtoms
  private var geometry: Geometry { atoms.geometry }
  private let pricing: VectorPricing
  /// Ends the search for networks.
  private let time: StopSignal
  /// Ends the run.
  private let whole: StopSignal
  private var starts: StartingPoints
  /// In the coordinates of the row space.
  private var weights: NetworkParameters
  /// Their objective and dual point.
  private var value: Double
  private var dualPoint: [Double]
  /// The best network, by what the certifier finds, with its weights in the coordinates of the row space.
  private var best: Incumbent<NetworkParameters>
  /// Rounds begun.
  private(set) var round = 0
  /// The relative gap if pricing had found the polar.
  private var localGap: Double?
  /// Whether the local gap is that of the harder search.
  private var isConfirmed = false
  /// The smallest so far, and the rounds since it fell last.
  private var leastGap = Double.infinity
  private var stalled = 0

  init(_ problem: TrainingProblem, atoms: VectorReLUAtoms, options: WorkingSet.Options, stop: StopSignal) {
    self.options = options
    whole = stop
    let time = stop.firstPart(0.9)
    self.time = time
    certifier = Certifier(problem, threads: options.threads)
    reduced = problem.reduced
    self.atoms = atoms
    pricing = VectorPricing(atoms, threads: options.threads, isCancelled: { time.isRaised })
    starts = StartingPoints(rank: atoms.geometry.rank, seed: options.seed)
    weights = NetworkParameters(
      .zero(
        inputs: reduced.neuronRows.columns, outputs: reduced.outputs,
        offsets: reduced.hasOffset ? reduced.constantFits : []))
    best = Incumbent(certifier, weights: weights)
    let constant = reduced.constantPredictions
    value = reduced.lossValue(constant)
    dualPoint = reduced.constantDualPoint
  }

  /// Whether the aim is reached.
  var isSettled: Bool {
    switch options.aim {
    case .proof: best.relativeGap <= options.gap
    case .localGap: isConfirmed && localGap ?? .infinity <= options.gap
    }
  }

  /// What another run can go on from.
  var snapshot: VectorTraining.Snapshot {
    VectorTraining.Snapshot(
      round: round, starts: starts, weights: weights, value: value, dualPoint: dualPoint, best: best.weights,
      proof: best.proof, nodes: best.nodes, localGap: localGap, isConfirmed: isConfirmed,
      leastGap: leastGap, stalled: stalled)
  }

  /// Goes on from another run's state, if it fits the problem.
  mutating func restore(_ start: VectorTraining.Snapshot) {
    guard start.fits(reduced) else { return }
    (round, starts) = (start.round, start.starts)
    (weights, value, dualPoint) = (start.weights, start.value, start.dualPoint)
    (localGap, isConfirmed) = (start.localGap, start.isConfirmed)
    (leastGap, stalled) = (start.leastGap, start.stalled)
    offer(start.best)
    best.restore(start.proof, nodes: start.nodes, effort: options.effort(until: whole))
  }

  /// Begins with the network that a run at another β ended with, if it fits the problem and is better than none.
  mutating func begin(near other: VectorTraining.Snapshot) {
    guard other.fits(reduced) else { return }
    adopt(other.weights)
  }

  /// Begins with what a short run of Adam leads to, where time is limited and no proof in reach: rounds let few neurons join at a time,
  /// and with many outputs or directions hundreds may be wanted.
  ///
  /// - Parameter problem: as posed.
  mutating func open(_ problem: TrainingProblem) {
    guard whole.hasDeadline, WideOpening.isWorthwhile(units: 1, rank: geometry.rank, options: options),
      let network = WideOpening.network(
        problem, seed: options.seed, threads: options.threads, share: 0.25, stop: time),
      let neurons = atoms.architecture.neurons(of: network)
    else { return }
    adopt(NetworkParameters(neurons.reduced(to: geometry.rowSpace)).balanced())
  }

  /// Takes the next round; returns why the run ends, if it does before its aim is reached.
  mutating func advance(_ progress: (TrainingProgress) -> Void) -> SolverStatus? {
    round += 1
    isConfirmed = false
    let dualPoint = certifier.feasibleDualPoint(self.dualPoint)
    var directions = price(dualPoint)
    let gap = gap(dualPoint, directions.first?.value ?? 0)
    localGap = gap
    stalled = gap < 0.7 * leastGap ? 0 : stalled + 1
    leastGap = min(leastGap, gap)
    if time.isRaised { return end(joining: directions, dualPoint) }
    let pays = directions.first.map { $0.value > reduced.beta * (1 + 1e-12) } ?? false
    // Where nothing pays and the gap is wide all the same, the network is not yet the best of its own directions.
    let isStalled = stalled > (pays ? 20 : 8)
    if options.aim == .localGap, gap <= options.gap || isStalled {
      directions = refutations(dualPoint) + directions
      localGap = self.gap(dualPoint, directions.reduce(0) { max($0, $1.value) })
      // Without all directions the gap may be too small.
      isConfirmed = !time.isRaised
      report(progress)
      if time.isRaised { return stopped }
      if isSettled { return nil }
      if isStalled { return .insufficientProgress }
    } else if options.aim == .proof, gap <= 0.5 * options.gap || isStalled {
      let verdict = prove(dualPoint, progress)
      report(progress)
      if isSettled { return nil }
      if whole.isRaised { return stopped }
      let found = pricing.climbed(
        dualPoint, from: verdict.violators.map { .init(vector: $0.direction, value: $0.value) },
        above: reduced.beta * (1 + 1e-12), limit: 20)
      directions = found + directions
      guard !isStalled, pays || !found.isEmpty else {
        return verdict.isComplete || !found.isEmpty ? .insufficientProgress : .proofLimit
      }
    }
    improve(with: directions, dualPoint)
    report(progress)
    return nil
  }

  /// The answer.
  func outcome(_ status: SolverStatus) -> TrainingOutcome {
    TrainingOutcome(
      network: best.network,
      certificate: best.certificate(
        dualPoint: dualPoint, gap: options.gap, nodeLimit: options.closingNodeLimit, stop: whole),
      status: status,
      method: options.aim == .localGap ? .local : best.network.neurons == 0 ? .zeroNetwork : .workingSet,
      workingSet: best.network.neurons, iterations: round, rank: geometry.rank, chambers: nil,
      localGap: localGap)
  }

  private var stopped: SolverStatus { whole.ending }

  /// Local maxima of the polar above β, found from the network's neurons and random starts.
  private mutating func price(_ dualPoint: [Double]) -> [VectorPricing.Direction] {
    pricing.maxima(
      of: dualPoint, from: starts.around((0..<weights.width).map { Array(weights.hidden($0)) }),
      above: reduced.beta, limit: pricing.climbs ? 20 : 40, steps: pricing.climbs ? 15 : min(15, 2 * round))
  }

  /// A harder search, for directions that refute a small gap: more starts, and climbs from the best of their ends.
  private mutating func refutations(_ dualPoint: [Double]) -> [VectorPricing.Direction] {
    pricing.maxima(of: dualPoint, from: starts.random(256), above: reduced.beta, limit: 20)
  }

  /// The relative gap if nothing had a larger polar value than `largest` and the network's own neurons.
  private func gap(_ dualPoint: [Double], _ largest: Double) -> Double {
    var polar = max(largest, 1e-300)
    if weights.width > 0 {
      let units = Matrix((0..<weights.width).map { weights.hidden($0).map(\.self).normalized })
      polar = pricing.gains(dualPoint, units).rowNorms.reduce(polar) { max($0, $1) }
    }
    let lower = certifier.lowerBound(dualPoint, polarBound: polar).value
    return max(0, best.relativeGap(above: lower))
  }

  /// Joins directions, descends, and takes what is better.
  private mutating func improve(with directions: [VectorPricing.Direction], _ dualPoint: [Double]) {
    let joined = weights.joined(by: fresh(directions.prefix(pricing.climbs ? 10 : 40), dualPoint))
    var descent = VectorDescent(problem: reduced)
    descent.threads = options.threads
    descent.isCancelled = { [time] in time.isRaised }
    let isAffordable = VectorNewton.isAffordable(reduced, neurons: joined.width)
    if isAffordable {
      descent.levels = stalled % 4 == 3 ? [1e-3, 1e-5, 0] : [0.01, 0]
    } else if round < 5 {
      // More neurons are worth more than the last digits of few.
      descent.steps = 40 * round
    }
    // Near the end quasi-Newton steps, which go by the objective alone, have little left to tell.
    let isNear = isAffordable && localGap ?? 1 < 1e-3 && stalled % 2 == 0
    var reached = isNear ? joined : descent.descended(from: joined)
    reached = reached.balanced().simplified(geometry.hyperplanes)
    if isAffordable, !time.isRaised {
      var newton = VectorNewton(problem: reduced, hyperplanes: geometry.hyperplanes)
      newton.isCancelled = { [time] in time.isRaised }
      reached = newton.polished(reached).balanced().simplified(geometry.hyperplanes)
    }
    adopt(pruned(reached))
  }

  /// The network without neurons that others can stand in for, where finding them costs little beside training.
  private func pruned(_ network: NetworkParameters) -> NetworkParameters {
    let width = network.width
    guard Double(width * width) * Double(reduced.targets.count) <= 1e9 else { return network }
    let heights = geometry.coordinates.timesTransposed(network.network.hidden)
    let responses = atoms.pooling.pooled(heights.elements.map { max(0, $0) }, width: width)
    return network.pruned(
      Matrix(rows: responses.count / max(1, width), columns: width, elements: responses))
  }

  /// Neurons of directions that pay, so long that together they lower the objective at first order.
  private func fresh(_ directions: some Collection<VectorPricing.Direction>, _ dualPoint: [Double])
    -> [(hidden: [Double], output: [Double])]
  {
    let paying = directions.filter { $0.value > reduced.beta }
    guard !paying.isEmpty else { return [] }
    let units = Matrix(paying.map(\.vector))
    let gains = pricing.gains(dualPoint, units)
    return paying.indices.map { index in
      let heights = geometry.coordinates.times(paying[index].vector)
      let responses = atoms.pooling.pooled(heights.map { max(0, $0) })
      let size = responses.indices.reduce(0) {
        $0 + reduced.weights[$1] * responses[$1] * responses[$1]
      }
      let length = (paying[index].value - reduced.beta) / max(size * Double(paying.count), 1e-300)
      let root = length.squareRoot()
      return (
        paying[index].vector.map { root * $0 }, Array(gains.row(index)).normalized.map { root * $0 }
      )
    }
  }

  private mutating func adopt(_ reached: NetworkParameters) {
    let objective = WeightDecayObjective(reduced, width: reached.width, threads: options.threads)
    let value = objective.evaluate(reached)
    // Where the objective can't tell any more, the later weights have the better dual point.
    guard value < self.value + 1e-13 * abs(self.value) else { return }
    (weights, self.value) = (reached, value)
    dualPoint = reduced.dualPoint(objective.predictions)
    offer(reached)
  }

  /// Takes a network as the answer if it is better.
  private mutating func offer(_ candidate: NetworkParameters) {
    best.offer(candidate, as: atoms.architecture.network(candidate.network(in: geometry.rowSpace)))
  }

  /// At the end of the time: a few neurons, if there were none.
  private mutating func end(joining directions: [VectorPricing.Direction], _ dualPoint: [Double])
    -> SolverStatus
  {
    if weights.width == 0 { adopt(weights.joined(by: fresh(directions.prefix(4), dualPoint))) }
    return stopped
  }

  private mutating func prove(_ dualPoint: [Double], _ progress: (TrainingProgress) -> Void)
    -> Certifier.Verdict
  {
    var told = best.lowerBound
    let verdict = certifier.certify(
      best.network, dualPoint: dualPoint, gap: options.gap, effort: options.effort(until: whole)
    ) { bound, count in
      guard bound > told else { return }
      told = bound
      report(progress, lowerBound: bound, nodes: best.nodes + count)
    }
    best.offer(verdict)
    return verdict
  }

  private func report(
    _ progress: (TrainingProgress) -> Void, lowerBound: Double? = nil, nodes: Int? = nil
  ) {
    progress(
      TrainingProgress(
        iteration: round, workingSet: best.network.neurons, unit: .neurons, objective: best.objective,
        lowerBound: lowerBound ?? best.lowerBound, nodes: nodes ?? best.nodes, localGap: localGap))
  }
}

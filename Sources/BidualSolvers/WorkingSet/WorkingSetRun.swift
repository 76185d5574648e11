import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// A run of `WorkingSet`: what it knows, and the turns it takes.
struct WorkingSetRun<Kind: PiecewiseAtoms> {
  typealias Turn = WorkingSet.Snapshot.Turn

  /// Up to this rank the chambers around a network are few enough for the program to converge in some rounds, so that its
  /// turn comes early.
  private let lowRank = 6

  private let options: WorkingSet.Options
  private let time: StopSignal
  private let whole: StopSignal
  private let certifier: Certifier
  /// The problem in the coordinates of the row space.
  private let reduced: TrainingProblem
  private let atoms: Kind
  private let ascent: any PieceAscent<Kind.System.Piece>
  /// Nil for problems whose neurons can't be moved by slopes.
  private var search: NeuronSearch?
  private var master: Master<Kind.System>
  private var turn = Turn.neurons
  private var starts: StartingPoints
  /// The best network in the coordinates of the row space, with the latest dual point.
  private var network: JointDescent.Network
  private var sharpness = Sharpness()
  /// The descent that is under way.
  private var course: JointDescent.Course?
  private var tolerance: Double
  /// The best network and the best proof.
  private(set) var best: Incumbent<[Part]>
  /// Rounds begun.
  private(set) var round = 0
  /// The relative gap if local search had found the polar; nil as long as it was not asked.
  private(set) var localGap: Double?
  /// Whether the local gap is that of the harder search.
  private var isConfirmed = false

  /// A run that has met no network but the best constant.
  ///
  /// - Parameters:
  ///   - time: ends the search for networks.
  ///   - whole: ends the run.
  init(
    _ problem: TrainingProblem, atoms: Kind, options: WorkingSet.Options, time: StopSignal, whole: StopSignal
  ) {
    self.options = options
    self.atoms = atoms
    self.time = time
    self.whole = whole
    certifier = Certifier(problem, threads: options.threads)
    reduced = problem.reduced
    let isCancelled = { @Sendable in time.isRaised }
    let pieces = atoms.pieces()
    ascent = pieces.ascent(threads: options.threads, isCancelled: isCancelled)
    search = atoms.neuronSearch(
      reduced, posed: problem, options: options, isCancelled: isCancelled)
    master = Master(reduced, pieces: pieces)
    starts = StartingPoints(rank: pieces.dimension, seed: options.seed)
    network = JointDescent.Network(withoutNeuronsIn: reduced)
    tolerance = min(1e-8, 1e-3 * options.gap)
    best = Incumbent(certifier)
    if search == nil { beginChambers() }
  }

  /// Whether the aim is reached.
  var isSettled: Bool {
    switch options.aim {
    case .proof: round > 0 && best.relativeGap <= options.gap
    case .localGap: isConfirmed && localGap ?? .infinity <= options.gap
    }
  }

  /// How many coordinates the rows have.
  var rank: Int { atoms.geometry.rank }

  /// How much the run holds: chambers with their signs, or neurons if it was never the chambers' turn.
  var size: Int { master.isEmpty ? network.neurons.count : master.blocks.count }

  /// Whether a round is under way, between two levels of its descent.
  var isMidRound: Bool { course != nil }

  /// What another run can go on from.
  var snapshot: WorkingSet.Snapshot {
    let (pieces, dropped) = master.records
    return WorkingSet.Snapshot(
      round: round, turn: turn, tolerance: tolerance, starts: starts, network: network, sharpness: sharpness,
      course: course, localGap: localGap, isConfirmed: isConfirmed, pieces: pieces, dropped: dropped,
      best: PartsRecord(best))
  }

  /// Goes on from another run's state, if it fits the problem.
  mutating func restore(_ start: WorkingSet.Snapshot) {
    guard start.fits(certifier.problem, reduced: reduced, dimension: master.pieces.dimension) else { return }
    (round, turn, tolerance, starts) = (start.round, start.turn, start.tolerance, start.starts)
    (network, sharpness, course) = (start.network, start.sharpness, start.course)
    (localGap, isConfirmed) = (start.localGap, start.isConfirmed)
    master.restore(start.pieces, dropped: start.dropped)
    best.take(start.best, of: atoms, effort: effort)
  }

  /// Begins with the network that a run at another β ended with, if it fits the problem and is better than none.
  mutating func begin(near other: WorkingSet.Snapshot) {
    guard other.fits(certifier.problem, reduced: reduced, dimension: master.pieces.dimension) else { return }
    var start = JointDescent.Network(
      other.network.neurons, offset: other.network.offset, dualPoint: [], in: reduced, atoms: atoms)
    start.dualPoint = reduced.dualPoint(start.predictions)
    adopt(start)
  }

  /// Begins with the network that the atoms' opening leads to, if there is one.
  mutating func open() {
    guard search != nil, let (parts, offset) = atoms.opening(certifier.problem, options: options, stop: time)
    else { return }
    var start = JointDescent.Network(
      parts, offset: offset ?? 0, dualPoint: [], in: reduced, atoms: atoms)
    start.dualPoint = reduced.dualPoint(start.predictions)
    adopt(start)
  }

  /// The certificate of the best network with the best proof; a last short one if there is none.
  func certificate() -> Certificate {
    best.certificate(
      dualPoint: certifier.feasibleDualPoint(network.dualPoint), gap: options.gap,
      nodeLimit: options.closingNodeLimit, stop: whole)
  }

  /// Ends the run: a few neurons if there was no time for any, and none that the others can do without.
  mutating func close() {
    if let pricing = search?.pricing, network.neurons.isEmpty, time.isRaised {
      let dualPoint = certifier.feasibleDualPoint(network.dualPoint)
      adopt(pricing.network(network, joinedBy: pricing.firstDirections(at: dualPoint, from: &starts)))
    }
    best.prune(atoms, gap: options.gap)
  }

  /// Takes the next round, or takes up the one that is under way.
  ///
  /// - Returns: why the run ends, if it does before its aim is reached.
  mutating func advance(_ checkpoints: Checkpoints?, _ progress: (TrainingProgress) -> Void) -> SolverStatus?
  {
    if course == nil {
      round += 1
      isConfirmed = false
    }
    switch turn {
    case .neurons:
      guard let search else { preconditionFailure("without a search for neurons it is never their turn") }
      return neuronTurn(search, checkpoints, progress)
    case .chambers(let gaps, let start): return chamberTurn(gaps, start, progress)
    }
  }

  // MARK: The neurons' turn

  private mutating func neuronTurn(
    _ search: NeuronSearch, _ checkpoints: Checkpoints?, _ progress: (TrainingProgress) -> Void
  ) -> SolverStatus? {
    let pricing = search.pricing
    var descent = search.descent
    descent.levels = sharpness.levels + (atoms.subnetworkUnits == nil || !sharpness.isFine ? [] : [0])
    let lasso = isLinearised(search, network.neurons) ? search.lasso : nil
    if course == nil {
      if let lasso, !network.neurons.isEmpty {
        let weighed = lasso.weighed(network)
        adopt(weighed)
        network.dualPoint = weighed.dualPoint
      }
      let dualPoint = certifier.feasibleDualPoint(network.dualPoint)
      var directions =
        lasso == nil
        ? pricing.directions(at: dualPoint, around: network.neurons, from: &starts)
        : pricing.someDirections(at: dualPoint, around: network.neurons, from: &starts)
      var gap = localGap(dualPoint, directions)
      if gap <= options.gap, !time.isRaised {
        directions = pricing.refutations(of: directions, at: dualPoint, from: &starts)
        gap = localGap(dualPoint, directions)
      }
      // Without all directions the gap may be too small.
      if time.isRaised {
        if network.neurons.isEmpty { adopt(pricing.network(network, joinedBy: directions)) }
        return nil
      }
      localGap = gap
      if gap <= options.gap {
        isConfirmed = true
        guard options.aim == .proof else {
          report(progress)
          return nil
        }
        // A dual point of the program proves more than one of a descent.
        if isAffordable {
          report(progress)
          beginChambers()
          return nil
        }
        let verdict = prove(dualPoint, progress)
        if isSettled || time.isRaised || verdict.violators.isEmpty {
          report(progress)
          return isSettled || time.isRaised ? nil : .proofLimit
        }
        directions = verdict.violators + directions
      } else if sharpness.isExhausted {
        report(progress)
        return .insufficientProgress
      }
      let joined =
        lasso?.network(network, joinedBy: directions, from: &starts)
        ?? pricing.network(network, joinedBy: directions)
      if !isLinearised(search, joined.neurons) {
        course = descent.course(joined.neurons, offset: joined.offset)
      }
      adopt(joined)
    }
    let before = network.objective
    if course == nil, let reached = search.gaussNewton?.descend(network) {
      adopt(reached.simplified(in: reduced, pieces: master.pieces, atoms: atoms))
    }
    while course != nil, !time.isRaised, descent.advance(&course!) {
      if !time.isRaised { checkpoints?.offer(.workingSet(snapshot)) }
    }
    if let reached = course?.best, reached.objective < network.objective {
      adopt(reached.simplified(in: reduced, pieces: master.pieces, atoms: atoms))
    }
    course = nil
    if let finish = search.finish, !time.isRaised, finish.isAffordable(network.neurons) {
      adopt(finish.descend(network).simplified(in: reduced, pieces: master.pieces, atoms: atoms))
    }
    func gained() -> Double { (before - network.objective) / max(network.objective, 1e-300) }
    if let program = search.ownPatterns, gained() < 3e-2, localGap ?? 0 > 0.1, !time.isRaised,
      program.isAffordable(network.neurons)
    {
      let reached = program.network(from: network, stop: time)
      adopt(reached.simplified(in: reduced, pieces: master.pieces, atoms: atoms))
    }
    if let restarts = search.restarts, gained() < 1e-3, !time.isRaised {
      adopt(restarts.network(from: network, seed: options.seed &+ UInt64(round)))
    }
    report(progress)
    // A round that was cut short says nothing of what a whole one gains.
    guard !time.isRaised else { return nil }
    let gain = gained()
    sharpness.note(gain: gain)
    if gain < 1e-2, sharpness.isSpent || rank <= lowRank, isAffordable { beginChambers() }
    return nil
  }

  /// Whether a network of these neurons is moved by steps of a linear model.
  private func isLinearised(_ search: NeuronSearch, _ neurons: [Part]) -> Bool {
    search.gaussNewton?.isAffordable(neurons) == true
  }

  // MARK: The chambers' turn

  /// Whether the program over the network's chambers is small enough to pay: it takes some dozens of factorisations.
  private var isAffordable: Bool {
    let n = Double(reduced.design.rows)
    let q = Double((2 * network.neurons.count + 40) * master.pieces.dimension)
    return min(q * q * q / 3, n * n * q + n * n * n / 3) <= 2e9 && q * n <= 2e7
  }

  private mutating func beginChambers() {
    turn = .chambers(gaps: [], start: network.objective)
    for part in network.neurons { master.insert(part) }
  }

  private mutating func chamberTurn(
    _ gaps: [Double], _ start: Double, _ progress: (TrainingProgress) -> Void
  ) -> SolverStatus? {
    if !master.isEmpty {
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = tolerance
      interiorPoint.isCancelled = { [time] in time.isRaised }
      let solution = master.solve(with: interiorPoint)
      best.offer(master.recovered(atoms: atoms), of: atoms, offset: master.offset, gap: options.gap)
      let merged = master.pieces.merged(master.parts(above: 1e-7), tolerance: 1e-7)
      adopt(
        JointDescent.Network(
          merged, offset: master.offset, dualPoint: solution.dualPoint, in: reduced, atoms: atoms))
      if time.isRaised { return nil }
      network.dualPoint = solution.dualPoint
    }
    let dualPoint = certifier.feasibleDualPoint(network.dualPoint)
    let violated = master.enforceViolatedFacets()
    // Values up to this one are not asked for.
    let margin = reduced.beta * (1 + 0.3 * options.gap)
    let maxima = ascent.maxima(
      of: dualPoint, from: starts.around(master.parts().map(\.vector)),
      above: margin, limit: 40)
    var added = admit(maxima)
    for part in violated.strayed where master.insert(part) { added += 1 }
    master.dropIdle(after: 4)
    if time.isRaised { return nil }
    let gap = localGap(
      dualPoint, [PolarMaximizer(direction: [], sign: 1, value: maxima.first?.value ?? margin)])
    localGap = gap
    turn = .chambers(gaps: gaps + [min(gap, 1)], start: start)
    let isStuck = added == 0 && violated.count == 0
    // A proof costs many rounds: it waits for a dual point with room to spare, or for one that gets no better.
    let isHopeful = gap <= 0.35 * options.gap || (gap <= options.gap && gaps.last ?? 1 <= options.gap)
    guard isHopeful || isStuck else {
      report(progress)
      if gaps.count >= 2, gap > 0.5 * gaps[gaps.count - 2], search != nil, !sharpness.isExhausted {
        endChambers(start)
      }
      return nil
    }
    if options.aim == .localGap {
      report(progress)
      // The neurons' harder search confirms the gap or names what is missing.
      if search != nil, !isStuck || !sharpness.isExhausted {
        endChambers(start)
        return nil
      }
      isConfirmed = true
      return isSettled ? nil : .insufficientProgress
    }
    let verdict = prove(dualPoint, progress)
    report(progress)
    if isSettled || time.isRaised { return nil }
    added += admit(ascent.climb(dualPoint, from: verdict.violators))
    guard added == 0 && violated.count == 0 else { return nil }
    // The master holds all that is known, so its own accuracy is what is missing.
    if tolerance > 1e-12, !verdict.violators.isEmpty || verdict.isComplete {
      tolerance *= 1e-2
      return nil
    }
    return verdict.isComplete || !verdict.violators.isEmpty ? .insufficientProgress : .proofLimit
  }

  private mutating func endChambers(_ start: Double) {
    turn = .neurons
    sharpness.reopen(gain: (start - network.objective) / max(network.objective, 1e-300))
  }

  private mutating func admit(_ maxima: [PieceMaximum<Kind.System.Piece>]) -> Int {
    maxima.count { master.insert($0.piece, near: $0.direction) }
  }

  // MARK: What both share

  /// Takes a network if it is better; it is offered as an answer at once.
  private mutating func adopt(_ other: JointDescent.Network) {
    guard other.objective < network.objective else { return }
    network = other
    best.offer([other.neurons], of: atoms, offset: other.offset, gap: 0)
  }

  /// Proves what can be proven, and tells on the way how far that is.
  private mutating func prove(_ dualPoint: [Double], _ progress: (TrainingProgress) -> Void)
    -> Certifier.Verdict
  {
    var told = best.lowerBound
    let verdict = certifier.certify(
      best.network, dualPoint: dualPoint, gap: options.gap, effort: effort
    ) { lowerBound, nodes in
      guard lowerBound > told else { return }
      told = lowerBound
      report(progress, lowerBound: lowerBound, nodes: best.nodes + nodes)
    }
    best.offer(verdict)
    return verdict
  }

  /// A proof may take all the time that is left.
  private var effort: Certifier.Effort { options.effort(until: whole) }

  /// The relative gap if the largest of the directions' values, or of the network's own neurons', were the polar.
  ///
  /// With the neurons among the atoms that the dual point is scaled for, weak duality makes it non-negative up to
  /// rounding.
  private func localGap(_ dualPoint: [Double], _ directions: [PolarMaximizer]) -> Double {
    let polar = directions.reduce(atoms.largestValue(of: network.neurons, at: dualPoint)) {
      max($0, $1.value)
    }
    let lower = certifier.lowerBound(dualPoint, polarBound: polar).value
    return max(0, best.relativeGap(above: lower))
  }

  private func report(
    _ progress: (TrainingProgress) -> Void, lowerBound: Double? = nil, nodes: Int? = nil
  ) {
    progress(
      TrainingProgress(
        iteration: round, workingSet: size, unit: master.isEmpty ? .neurons : .chambers,
        objective: best.objective,
        lowerBound: lowerBound ?? best.lowerBound, nodes: nodes ?? best.nodes, localGap: localGap))
  }
}

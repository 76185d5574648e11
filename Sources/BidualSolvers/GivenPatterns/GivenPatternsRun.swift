import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The rounds of `GivenPatterns` and the best that they have met.
final class GivenPatternsRun {
  /// A point of the program.
  struct Point {
    var blocks: [(block: Int, vector: [Double])] = []
    var offset = 0.0
    var objective = Double.infinity
  }
  /// A bound with its proof.
  struct Bound {
    var value = -Double.infinity
    var dualPoint: [Double] = []
    var polar = Double.infinity
    var multipliers: [ConeMultipliers] = []
  }

  private let problem: TrainingProblem
  private let options: GivenPatterns.Options
  private let certifier: Certifier
  private let program: ProximalProgram
  private let rowNorms: [Double]
  private let patterns: PatternSet
  private var dualPoint: [Double]
  private var current: ProximalProgram.Evaluation?
  private(set) var rounds = 0
  /// Rounds since the gap fell last.
  private var idle = 0
  private(set) var best = Point()
  private(set) var bound = Bound()

  init(_ given: GivenPatterns) {
    problem = given.problem
    options = given.options
    patterns = given.patterns
    certifier = Certifier(problem)
    dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
    program = ProximalProgram(
      problem,
      blocks: PatternBlocks(
        certifier.rowSpace.coordinates, pooling: problem.atoms.pooling, patterns: given.patterns,
        hasCones: given.form == .relu, beta: problem.beta, threads: options.threads),
      dualPoint: dualPoint)
    rowNorms = problem.neuronRows.rowNorms
    bound = Bound(value: certifier.lowerBound(dualPoint, polarBound: .infinity).value, dualPoint: dualPoint)
    offerZero(program.centre.offset)
  }

  private var blocks: PatternBlocks { program.blocks }

  /// Newton steps so far.
  var steps: Int { program.steps }

  /// The relative gap between the best point and the best bound.
  var gap: Double { certifier.relativeGap(objective: best.objective, lowerBound: bound.value) }

  /// Why the rounds end here; nil where another one follows. There is one in any case.
  func ending(_ stop: StopSignal) -> SolverStatus? {
    guard rounds > 0 else { return nil }
    if gap <= options.gap { return .solved }
    if stop.isRaised { return stop.ending }
    if idle >= 8 { return .insufficientProgress }
    return rounds >= options.maximumIterations || steps >= options.maximumSteps ? .iterationLimit : nil
  }

  /// Minimises the dual function of the next round to an accuracy that grows with the rounds. A round that is cut short
  /// before its first evaluation leaves nothing to advance to.
  func minimise(isCancelled: () -> Bool, isCutShort: @Sendable () -> Bool) {
    rounds += 1
    let round = rounds
    current = program.minimise(
      from: dualPoint,
      accuracy: { now in
        // The objective errs by about ‖V‖ times the residual.
        max(0.01 * options.gap, min(0.2 * program.movement(now), pow10(-round + 1)))
      },
      negligible: 1e-15 * best.objective,
      isCancelled: { program.steps >= options.maximumSteps || isCancelled() }, isCutShort: isCutShort)
    if let current { dualPoint = current.dualPoint }
  }

  private func pow10(_ exponent: Int) -> Double {
    exponent < -13 ? 1e-13 : (0..<(-exponent)).reduce(1.0) { power, _ in 0.1 * power }
  }

  /// Takes the round's minimiser as the next centre, records its objective and its bound, and lengthens σ.
  func advance(isCutShort: @Sendable () -> Bool) {
    guard let now = current else { return }
    let before = gap
    program.advance(to: now)
    let offset = program.centre.offset
    let predictions = now.fitted.map { $0 + offset }
    let objective =
      problem.lossValue(predictions) + problem.beta * now.steps.reduce(0) { $0 + norm($1.vector) }
    if objective < best.objective {
      best = Point(blocks: now.steps, offset: offset, objective: objective)
    }
    var joined = record(at: now.dualPoint, isCutShort: isCutShort)
    if gap > options.gap {
      joined += record(at: problem.dualPoint(predictions), isCutShort: isCutShort)
    }
    // Blocks that have just joined come to their size sooner in short rounds.
    program.sigma *= joined > 0 ? 1.5 : 3
    idle = joined > 0 || gap < 0.9 * before ? 0 : idle + 1
  }

  /// Offers the best multiple of one block's vector: what a run has to show that was cut short before its first step. Where that
  /// takes more than two seconds there is nothing to show.
  func offerOneBlock() {
    let last = StopSignal(timeLimit: .seconds(2))
    guard let (block, point) = blocks.strongest(dualPoint, isCancelled: { last.isRaised }),
      norm(point) > problem.beta
    else { return }
    let unit = point.normalized
    let responses = blocks.predictions([(block, unit)])
    let base = problem.constantFit
    func predictions(_ length: Double) -> [Double] { responses.map { base + length * $0 } }
    // The slope of a convex function of the length.
    func slope(_ length: Double) -> Double {
      problem.beta - dot(problem.dualPoint(predictions(length)), responses)
    }
    var (low, high) = (0.0, program.reach / max(norm(responses), .leastNormalMagnitude))
    for _ in 0..<60 where slope(high) < 0 { (low, high) = (high, 2 * high) }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    let objective = problem.lossValue(predictions(low)) + problem.beta * low
    guard objective < best.objective else { return }
    best = Point(blocks: [(block, unit.map { low * $0 })], offset: base, objective: objective)
  }

  private func offerZero(_ base: Double) {
    let objective = problem.lossValue(Array(repeating: base, count: problem.targets.count))
    if objective < best.objective { best = Point(blocks: [], offset: base, objective: objective) }
  }

  /// Records the bound of a dual point; says how many blocks joined those at work.
  @discardableResult
  private func record(at dualPoint: [Double], isCutShort: @Sendable () -> Bool) -> Int {
    let feasible = certifier.feasibleDualPoint(dualPoint)
    guard feasible.allSatisfy(\.isFinite) else { return 0 }
    let space = certifier.rowSpace
    let hidden = zip(feasible, problem.atoms.deviation).reduce(0) { $0 + abs($1.0) * $1.1 }
    let found = blocks.polar(feasible, rowNorms: rowNorms, isCancelled: isCutShort)
    let polar = found.bound * space.stretch * (1 + 0x1p-40) + hidden * 1.001
    let value = certifier.lowerBound(feasible, polarBound: polar).value
    if value > bound.value {
      bound = Bound(
        value: value, dualPoint: feasible, polar: polar,
        multipliers: blocks.multipliers(feasible, polar: polar / space.stretch * (1 - 0x1p-30)))
    }
    return found.joined
  }

  /// The state between two rounds.
  ///
  /// - Parameter isFinal: whether no round is to follow, so that what the blocks remember may be left out.
  func snapshot(isFinal: Bool = false) -> GivenPatterns.Snapshot {
    GivenPatterns.Snapshot(
      patterns: VectorConeTraining.Snapshot.digest(of: patterns), rounds: rounds, idle: idle,
      dualPoint: dualPoint, course: program.course, memory: isFinal ? nil : blocks.memory,
      best: .init(best), bound: .init(bound))
  }

  /// Goes on from a state of a run over the same patterns, if it is one.
  func restore(_ start: GivenPatterns.Snapshot) {
    guard start.fits(problem, patterns: patterns, blocks: blocks) else { return }
    (rounds, idle, dualPoint) = (start.rounds, start.idle, start.dualPoint)
    program.course = start.course
    if let memory = start.memory { blocks.restore(memory) }
    best = start.best.point
    bound = start.bound.bound(by: certifier)
  }

  /// The best point and bound.
  func solution(_ status: SolverStatus) -> GivenPatternsSolution {
    let space = certifier.rowSpace
    return GivenPatternsSolution(
      parts: best.blocks.map {
        (blocks.pattern($0.block), Part(sign: blocks.sign($0.block), vector: $0.vector))
      }, space: space, offset: best.offset, objective: best.objective, lowerBound: bound.value,
      dualPoint: bound.dualPoint, polarBound: bound.polar, multipliers: bound.multipliers, rank: space.rank,
      status: status, iterations: rounds, steps: steps)
  }
}

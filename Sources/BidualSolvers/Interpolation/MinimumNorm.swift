import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// The network of least penalty through all targets: the limit β → 0 of training (the "neural gauge", PE20 §2.1),
///
///     minimise  ½Σ(‖u‖² + α²)  subject to  f(xᵢ) = yᵢ;   dual: maximise ⟨V, y⟩ subject to κ(V) ≤ 1
///
/// Found by an exact penalty: as soon as the bound M of a sample's slope exceeds the largest |Vᵢ|, training with
/// the absolute loss of weight M meets all targets, and its dual point is one of the limit. M rises until it does. The
/// last rounding is taken off by least squares on the neurons' own patterns.
package struct MinimumNorm: Sendable {
  /// The data; its loss and β are not used.
  package let problem: TrainingProblem
  /// How.
  package let options: WorkingSet.Options
  private let maximumRounds = 8
  /// How near the targets are to be met, relative to the largest.
  private let accuracy = 2e-9

  private let atoms: any EuclideanReLUAtoms

  /// A solver for the targets of a problem of ReLU networks under weight decay.
  ///
  /// - Throws: `DataError` of kind `badSettings` for other architectures.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = WorkingSet.Options())
    throws(DataError)
  {
    guard let atoms = problem.atoms as? any EuclideanReLUAtoms else {
      throw problem.lacks(
        "interpolation",
        remedy:
          "interpolate with two-layer networks of one output under the l2 norm, or train at a small beta instead"
      )
    }
    self.atoms = atoms
    self.problem = problem
    self.options = options
  }

  /// An interpolating network, with the problem (of `InterpolationLoss` and β = 1) that its certificate is of.
  package struct Result: Sendable {
    /// The problem: all networks that come as close to the targets as this one.
    package let problem: TrainingProblem
    /// The network and its certificate.
    package let outcome: TrainingOutcome
  }

  /// Interpolates until the gap is proven or a limit or `stop` ends the run.
  ///
  /// - Throws: `DataError` of kind `badData` if no network meets the targets, naming two samples that rule
  ///   one another out where there are such.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    throws(DataError) -> Result
  {
    try check(Interpolability(problem))
    var inner = options
    inner.gap = min(1e-6, 1e-2 * options.gap)
    var beta = try firstBeta(stop: stop)
    var best: Result?
    for round in 1...maximumRounds {
      // β = 1/M with weights of 1 is the same problem, divided by M.
      let penalized = try problem.unweighted.replacing(loss: AbsoluteLoss(), beta: beta)
      let solved = try WorkingSet(penalized, options: inner).train(stop: stop)
      let dualPoint = solved.certificate.dualPoint.map { $0 / beta }
      let result = try judge(
        polished(solved.network), dualPoint: dualPoint, like: solved, round: round,
        stop: stop)
      if best.map({ isBetter(result, than: $0) }) ?? result.outcome.certificate.objective.isFinite {
        best = result
      }
      if let best {
        progress(
          TrainingProgress(
            iteration: round, workingSet: solved.workingSet, unit: .chambers,
            objective: best.outcome.certificate.objective,
            lowerBound: best.outcome.certificate.lowerBound, nodes: 0))
        if best.outcome.status == .solved || stop.isRaised { return best }
      }
      beta = max(0.1 * beta, 1e-100)
      inner.gap *= 0.3
    }
    guard let best else {
      throw DataError(
        .badData, "the targets could not be interpolated to working precision; rescale the data")
    }
    return best
  }

  /// 1/M for an M ten times the largest entry of the targets' own dual point, y scaled into feasibility.
  private func firstBeta(stop: StopSignal) throws(DataError) -> Double {
    let squared = try problem.unweighted.replacing(loss: SquaredLoss(), beta: 1)
    let residual = squared.constantDualPoint
    let largest = residual.reduce(0) { max($0, abs($1)) }
    let longest = atoms.geometry.coordinates.rowNorms.max() ?? 0
    let scale = squared.betaMax(seed: options.seed, threads: options.threads, stop: stop)
    // Where the targets are a constant, the scale of the inputs is all there is.
    let ratio = largest > 1e-12 * norm(problem.targets) ? scale / largest : longest
    return min(max(0.1 * ratio, 1e-100), 1e100)
  }

  /// Whether a network comes nearer the targets, or as near as asked for and to its proof as well.
  private func isBetter(_ result: Result, than other: Result) -> Bool {
    let wanted = accuracy * problem.targets.reduce(0) { max($0, abs($1)) }
    let misses = [result, other].map { max($0.problem.loss.parameter ?? 0, wanted) }
    return misses[0] == misses[1]
      ? result.outcome.certificate.relativeGap < other.outcome.certificate.relativeGap
      : misses[0] < misses[1]
  }

  private func check(_ interpolability: Interpolability) throws(DataError) {
    if let (a, b) = interpolability.conflict {
      throw DataError(
        .badData,
        a == b
          ? "row \(a + 1): all inputs are zero but the target is \(problem.targets[a]), and every network predicts 0 there; drop the row, or use a bias"
          : "rows \(a + 1) and \(b + 1): the inputs are equal or multiples of one another but the targets (\(problem.targets[a]) and \(problem.targets[b])) are not: no network interpolates both; drop one or use a loss"
      )
    }
    guard interpolability.isPossible else {
      throw DataError(
        .badData,
        "no network interpolates the targets: rows with opposite inputs have targets that no linear function explains; use a loss"
      )
    }
  }

  /// The result for a network, with the tolerance that it needs.
  private func judge(
    _ network: any Network, dualPoint: [Double], like solved: TrainingOutcome, round: Int,
    stop: StopSignal
  ) throws(DataError) -> Result {
    let misses = zip(network.predictions(problem.design), problem.targets).map { abs($0 - $1) }
    let size = problem.targets.reduce(0) { max($0, abs($1)) }
    var tolerance = 2 * (misses.max() ?? 0) + 1e-14 * size
    var limit = try problem(tolerance: tolerance)
    // The certificate charges predictions for their rounding, which grows with the weights.
    for _ in 0..<20 where !Certifier(limit).objective(of: network).isFinite {
      tolerance *= 2
      limit = try problem(tolerance: tolerance)
    }
    let verdict = Certifier(limit, threads: options.threads).certify(
      network, dualPoint: dualPoint, gap: options.gap,
      effort: options.effort(until: stop))
    let status: SolverStatus =
      verdict.certificate.relativeGap <= options.gap && tolerance <= accuracy * size
      ? .solved : stop.status ?? .iterationLimit
    return Result(
      problem: limit,
      outcome: TrainingOutcome(
        network: network, certificate: verdict.certificate, status: status, method: .minimumNorm,
        workingSet: solved.workingSet, iterations: round, rank: solved.rank, chambers: nil))
  }

  /// The problem whose networks come within `tolerance` of every target.
  private func problem(tolerance: Double) throws(DataError) -> TrainingProblem {
    guard let loss = try? InterpolationLoss(tolerance: tolerance) else {
      throw DataError(
        .badData, "the targets could not be interpolated: the networks overflow; rescale the data")
    }
    return try problem.unweighted.replacing(loss: loss, beta: 1)
  }

  /// Moves the neurons, each on its own pattern, by the least that takes off what the network misses.
  private func polished(_ network: any Network) -> any Network {
    let n = problem.targets.count
    let r = atoms.geometry.rank
    var network = network
    for _ in 0..<20 where network.neurons > 0 {
      guard var parts = atoms.parts(of: network) else { break }
      let rest = zip(problem.targets, network.predictions(problem.design)).map { $0 - $1 }
      let heights = atoms.geometry.coordinates.timesTransposed(Matrix(parts.map(\.vector)))
      let unknowns = parts.count * r + (network.offset == nil ? 0 : 1)
      // ∂f/∂v of a part's vector v, sample by sample.
      var slopes = Matrix(rows: n, columns: unknowns)
      for i in 0..<n {
        for j in parts.indices where heights[i, j] > 0 {
          for k in 0..<r { slopes[i, j * r + k] = parts[j].sign * atoms.geometry.coordinates[i, k] }
        }
        if network.offset != nil { slopes[i, unknowns - 1] = 1 }
      }
      guard let values = SingularValues(of: slopes), let largest = values.values.first, largest > 0 else {
        break
      }
      var step = [Double](repeating: 0, count: unknowns)
      for (k, value) in values.values.enumerated() where value > 1e-9 * largest {
        let along = dot(values.left.column(k), rest) / value
        for c in 0..<unknowns { step[c] += along * values.rightTransposed[k, c] }
      }
      for j in parts.indices {
        for k in 0..<r { parts[j].vector[k] += step[j * r + k] }
      }
      let moved = atoms.network(of: parts, offset: network.offset.map { $0 + (step.last ?? 0) })
      let better = zip(problem.targets, moved.predictions(problem.design)).map { abs($0 - $1) }.max() ?? 0
      guard better < rest.map(abs).max() ?? 0 else { break }
      network = moved
    }
    return network
  }
}

import BidualCertificates
import BidualLinear
import BidualModels

/// Training of circular linear convolutions to a proven global optimum: PE20 (14) as a group lasso in the real Fourier basis,
///
///     min  ℓ(Σₖ X(aₖ·cosₖ + bₖ·sinₖ) + b) + β Σₖ √(aₖ² + bₖ²)
///
/// over the frequencies k from 0 to ⌊d/2⌋, by the interior point on those that are needed: a frequency joins when its polar value is
/// above β. There are finitely many, so that this ends.
package struct CircularConvolutionTraining: UninterruptedSolver {
  private let problem: TrainingProblem
  private let options: WorkingSet.Options
  /// How many frequencies may join at a time.
  private let batch = 16

  /// Problems of circular convolutions with a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) {
    guard problem.atoms is CircularConvolutionAtoms, problem.loss.hasSlope else {
      throw problem.lacks("the group lasso over frequencies")
    }
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    try Self.check(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains as `Solver` says.
  ///
  /// - Complexity: O(nd²) once, and a round O(np² + p³) a step for p frequencies.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let frequencies = Frequencies(length: problem.design.columns)
    let spectrum = frequencies.waves.timesTransposed(problem.design)
    let certifier = Certifier(problem, threads: options.threads)
    var best = Incumbent<Void>(certifier)
    var dualPoint = problem.constantDualPoint
    var working: [Int] = []
    var interiorPoint = InteriorPoint()
    interiorPoint.tolerance = min(1e-8, 1e-3 * options.gap)
    interiorPoint.isCancelled = { stop.isRaised }
    var round = 0
    var status: SolverStatus?
    while status == nil {
      round += 1
      let verdict = certifier.certify(
        best.network, dualPoint: dualPoint, polarAccuracy: 0, effort: options.effort(until: stop))
      best.offer(verdict)
      progress(best.progress(iteration: round, workingSet: working.count))
      let missing = verdict.violators.filter { $0.value > problem.beta && !working.contains($0.family) }
      if best.relativeGap <= options.gap {
        status = .solved
      } else if stop.isRaised {
        status = stop.status
      } else if round >= options.maximumIterations {
        status = .iterationLimit
      } else if missing.isEmpty {
        // All that is needed is there: the program's own accuracy is what lacks.
        if interiorPoint.tolerance < 1e-13 { status = .insufficientProgress }
        interiorPoint.tolerance *= 0.01
      }
      guard status == nil else { break }
      working += missing.prefix(batch).map(\.family)
      let solution = interiorPoint.solve(program(working, spectrum))
      dualPoint = solution.dualPoint
      best.offer(network(solution, working, frequencies))
    }
    return TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: dualPoint, gap: options.gap),
      status: status ?? .insufficientProgress, method: .frequencies, workingSet: working.count,
      iterations: round, rank: problem.atoms.geometry.designRank, chambers: nil)
  }

  /// The group lasso over some frequencies; the sine of one that is its own mirror is a column of zeros.
  private func program(_ working: [Int], _ spectrum: Matrix) -> ConicProgram {
    let rows = working.flatMap { k in spectrum.row(2 * k) + spectrum.row(2 * k + 1) }
    return ConicProgram(
      problem: problem, rank: 2, blocks: working.count,
      columns: Matrix(rows: 2 * working.count, columns: spectrum.columns, elements: rows), facets: [],
      facetStart: Array(repeating: 0, count: working.count + 1))
  }

  /// The network of a solution, a filter a frequency: of g = √(a² + b²) and c = ‖cos‖ the filter is √g/c·cos and its head
  /// (a·cos + b·sin)/(c√g), both of length √g, whose convolution is a·cos + b·sin.
  private func network(
    _ solution: ConicSolution, _ working: [Int], _ frequencies: Frequencies
  ) -> any Network {
    let groups = working.indices.map { place in
      let (cosine, sine) = (solution.z[2 * place], solution.z[2 * place + 1])
      return (cosine: cosine, sine: frequencies.isOwnMirror(working[place]) ? 0 : sine)
    }
    let lengths = groups.map { norm([$0.cosine, $0.sine]) }
    let largest = lengths.max() ?? 0
    var (hidden, heads): ([Double], [Double]) = ([], [])
    for (place, k) in working.enumerated() where lengths[place] > 1e-8 * largest {
      let root = lengths[place].squareRoot()
      let size = frequencies.size(k)
      hidden += frequencies.wave(k, cosine: root / size, sine: 0)
      heads += frequencies.wave(
        k, cosine: groups[place].cosine / (root * size), sine: groups[place].sine / (root * size))
    }
    let length = frequencies.length
    return CircularConvolutionalNetwork(
      TwoLayerNetwork(
        hidden: Matrix(rows: length > 0 ? hidden.count / length : 0, columns: length, elements: hidden),
        output: heads, outputs: length, activation: .linear),
      offsets: problem.hasOffset ? [solution.offset] : [])
  }
}

extension CircularConvolutionAtoms: PricedAtoms {
  /// The polar itself, in floating point.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    oracle(threads: threads).bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0))
      .maximizers.first?.value ?? 0
  }
}

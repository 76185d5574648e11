import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The copositive program of SEPP21 in its relaxed form, (19), or for spike-free data (20), which has one pattern; for the squared loss.
///
/// First-layer weights are read off the program's blocks (`CopositivePiece.factors`), the second layer is the best one for these,
/// and all descend to the nearest stationary point where that is needed. The program's residual is the dual point. Where
/// chambers have more than four facets the relaxation need not be tight; the certificate tells.
/// A cross-check of `VectorTraining` for data with few chambers.
package struct CopositiveTraining: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options

  /// Problems of two-layer ReLU networks with several outputs and without offsets, with the squared loss.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = VectorReLUAtoms.unpooled(of: problem), problem.loss.isHalfSquare, !problem.hasOffset
    else {
      throw problem.lacks("the copositive program, of several outputs without offsets,")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Solves the program and certifies its network. Stopped before the chambers are listed it answers with the network without
  /// neurons.
  ///
  /// - Throws: `DataError` of kind `badData` if there are too many chambers.
  /// - Complexity: O(N³) a Newton step for N = P·r(r + 1)/2 unknowns in P chambers.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    throws(DataError) -> TrainingOutcome
  {
    let geometry = atoms.geometry
    let time = stop.firstPart(0.9)
    let pieces = try CopositivePieces(geometry, weights: problem.weights, isCancelled: { time.isRaised })
    let certifier = Certifier(problem, threads: options.threads)
    var best = Incumbent<Void>(certifier)
    var dualPoint = problem.constantDualPoint
    let program = CopositiveProgram(problem, pieces: pieces.pieces, order: geometry.rank)
    let solution = program.solve(
      accuracy: min(1e-6, 0.05 * options.gap), isCancelled: { time.isRaised })
    if let state = solution?.state {
      dualPoint = weighted(state.residual)
      for network in networks(of: pieces.pieces, state.blocks) { best.offer(network) }
    }
    best.offer(prove(best.network, dualPoint, certifier, stop))
    if best.relativeGap > options.gap, !time.isRaised, let network = best.network.twoLayer {
      let reached = VectorStationaryPoint(problem, atoms, options: options).reached(from: network, stop: time)
      best.offer(reached)
      best.offer(prove(best.network, dualPoint, certifier, stop))
      if best.relativeGap > options.gap {
        best.offer(
          prove(best.network, problem.dualPoint(reached.predictions(problem.design)), certifier, stop))
      }
    }
    progress(best.progress(iteration: 1, workingSet: best.network.neurons))
    var outcome = TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: dualPoint, gap: options.gap),
      status: best.relativeGap <= options.gap ? .solved : stop.status ?? .insufficientProgress,
      method: best.network.neurons == 0 ? .zeroNetwork : .copositive, workingSet: best.network.neurons,
      iterations: 1, rank: geometry.rank, chambers: pieces.chambers)
    outcome.relaxedBound = solution?.bound
    return outcome
  }

  private func prove(
    _ network: any Network, _ dualPoint: [Double], _ certifier: Certifier, _ stop: StopSignal
  ) -> Certifier.Verdict {
    certifier.certify(
      network, dualPoint: dualPoint, gap: options.gap, effort: options.effort(until: stop))
  }

  /// √Ω times a residual of rows that are multiplied by √Ω.
  private func weighted(_ residual: Matrix) -> [Double] {
    residual.elements.indices.map {
      problem.weights[$0 / problem.outputs].squareRoot() * residual.elements[$0]
    }
  }

  /// The networks of the blocks, with and without their short neurons.
  private func networks(of pieces: [CopositivePiece], _ blocks: [Matrix]) -> [TwoLayerNetwork] {
    let neurons = zip(pieces, blocks).flatMap { piece, block in piece.factors(of: block) }
    let longest = neurons.reduce(0) { max($0, norm($1)) }
    return [1e-2, 1e-3, 1e-4, 0].compactMap { share in
      network(neurons.filter { norm($0) > share * longest })
    }
  }

  /// The network with the best second layer, Aᵀ(AAᵀ + βI)⁻¹Y, for a first one with responses A.
  ///
  /// - Complexity: O(n²(m + c) + n³).
  private func network(_ neurons: [[Double]]) -> TwoLayerNetwork? {
    guard !neurons.isEmpty else { return nil }
    let (n, c) = (problem.design.rows, problem.outputs)
    let roots = problem.weights.map { $0.squareRoot() }
    let hidden = Matrix(neurons)
    var responses = atoms.geometry.coordinates.timesTransposed(hidden)
    for i in 0..<n {
      for j in neurons.indices { responses[i, j] = roots[i] * max(0, responses[i, j]) }
    }
    var gram = responses.timesTransposed(responses)
    for i in 0..<n { gram[i, i] += problem.beta }
    guard BLAS.choleskyFactor(n: n, &gram.elements) else { return nil }
    var solution = Matrix(
      rows: n, columns: c, elements: problem.targets.indices.map { roots[$0 / c] * problem.targets[$0] })
    BLAS.triangularSolve(n: n, factor: gram.elements, columns: c, x: &solution.elements)
    BLAS.triangularSolve(transpose: true, n: n, factor: gram.elements, columns: c, x: &solution.elements)
    let output = responses.transposedTimes(solution)
    return NetworkParameters(
      hidden: neurons, output: neurons.indices.map { Array(output.row($0)) }, offsets: [],
      inputs: hidden.columns, outputs: c
    ).balanced().network(in: atoms.geometry.rowSpace)
  }
}

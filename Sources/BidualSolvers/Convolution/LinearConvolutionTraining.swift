import BidualCertificates
import BidualLinear
import BidualModels

/// Training of linear convolutions to a proven global optimum: the nuclear-norm program of PE20 (12), min ℓ(Σₖ Xₖzₖ) + β‖[z₁ … z_K]‖_*;
/// with several outputs zₖ is a matrix (19).
///
/// With filters enough the factors U and A of Z = UᵀA have no local minimum that is not one of Z, so a quasi-Newton method goes down
/// over both; a loss with kinks is rounded off less and less. What is reached, the certifier proves: κ(V) is a largest singular value.
package struct LinearConvolutionTraining: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: LinearConvolutionAtoms
  private let options: WorkingSet.Options
  /// Quasi-Newton steps from one proof to the next.
  private let steps = 500

  /// Problems of linear convolutions with a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> LinearConvolutionAtoms {
    guard let atoms = problem.atoms as? LinearConvolutionAtoms, problem.loss.hasSlope else {
      throw problem.lacks("the nuclear-norm program of convolutions")
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

  /// Trains as `Solver` says.
  ///
  /// - Complexity: O(nKhc) a step for K patches of h numbers and c outputs.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let objective = LinearConvolutionObjective(problem.reduced, places: atoms.pooling.rows)
    var best = Incumbent<Void>(certifier)
    var point = objective.start(seed: options.seed)
    var gradient = point
    var method = LimitedMemoryDescent()
    method.maximumSteps = steps
    method.leastProgress = 1e-15
    method.isCancelled = { stop.isRaised }
    var round = 0
    var status: SolverStatus?
    for curvature in curvatures where status == nil {
      objective.curvature = curvature
      var before = Double.infinity
      while status == nil {
        round += 1
        let reached = method.minimize(&point) { objective.evaluate($0, &$1) }.value
        _ = objective.evaluate(point, &gradient)
        best.offer(network(objective, point))
        best.offer(
          certifier.certify(
            best.network, dualPoint: objective.dualPoint, polarAccuracy: 0,
            effort: options.effort(until: stop)))
        progress(best.progress(iteration: round, workingSet: objective.width))
        if best.relativeGap <= options.gap {
          status = .solved
        } else if stop.isRaised {
          status = stop.status
        } else if round >= options.maximumIterations {
          status = .iterationLimit
        }
        if before - reached <= 1e-13 * abs(reached) { break }
        before = reached
      }
    }
    return TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: objective.dualPoint, gap: options.gap),
      status: status ?? .insufficientProgress,
      method: .nuclearNorm, workingSet: objective.width, iterations: round, rank: atoms.geometry.rank,
      chambers: nil)
  }

  /// How far the loss is rounded off, one time after another.
  private var curvatures: [Double] {
    var levels: [Double] = []
    for exponent in 0..<12 {
      let curvature = RoundedKinks.lossCurvature(problem, level: 0.1 / Double(1 << (2 * exponent)))
      if levels.last != curvature { levels.append(curvature) }
    }
    return levels
  }

  /// The network of weights in balance: with Zᵀ = Σ σₖaₖuₖᵀ its filters are √σₖ·uₖ and their heads √σₖ·aₖ.
  private func network(_ objective: LinearConvolutionObjective, _ point: [Double]) -> any Network {
    let patches = atoms.convolution.patches
    let offsets = problem.hasOffset ? Array(point.suffix(problem.outputs)) : []
    var (hidden, heads): ([Double], [Double]) = ([], [])
    var count = 0
    if let values = SingularValues(of: objective.product(point)), let largest = values.values.first {
      for (k, value) in values.values.enumerated() where value > 1e-10 * largest {
        let root = value.squareRoot()
        hidden += values.rightTransposed.row(k).map { root * $0 }
        heads += values.left.column(k).map { root * $0 }
        count += 1
      }
    }
    return LinearConvolutionalNetwork(
      TwoLayerNetwork(
        hidden: atoms.geometry.rowSpace.lifted(
          Matrix(rows: count, columns: atoms.geometry.rank, elements: hidden)), output: heads,
        outputs: objective.weights, activation: .linear), patches: patches, offsets: offsets)
  }
}

extension LinearConvolutionAtoms: PricedAtoms {
  /// The polar itself, in floating point.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    oracle(threads: threads).bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0))
      .maximizers.first?.value ?? 0
  }
}

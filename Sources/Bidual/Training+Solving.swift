import BidualArrangements
import BidualLinear
import BidualModels
import BidualSolvers

/// Which solver the settings ask for, and with what options.
extension Training {
  /// The solver for problems with such atoms.
  func solver(for atoms: any Atoms) -> SolverChoice {
    let choice = unlimitedSolver(for: atoms)
    guard let limit = subnetworkLimit, !method.isGradient, method != .penalised else { return choice }
    return SolverChoice(kind: NarrowTraining.self, after: choice) {
      problem, betaMax, stop throws(DataError) in
      try NarrowTraining(
        problem, limit: limit, options: options, after: try choice.make(problem, betaMax, stop))
    }
  }

  private func unlimitedSolver(for atoms: any Atoms) -> SolverChoice {
    switch method {
    case .exact: exactSolver(for: atoms)
    case .clifford:
      SolverChoice { problem throws(DataError) in try CliffordLasso(problem, options: options) }
    case .local:
      localSolver(for: atoms)
    case .frankWolfe:
      SolverChoice { problem throws(DataError) in
        try FrankWolfe(problem, options: options, steps: steps)
      }
    case .copositive:
      SolverChoice { problem throws(DataError) in try CopositiveTraining(problem, options: options) }
    case .cuttingPlane:
      SolverChoice { problem throws(DataError) in try CuttingPlane(problem, options: options) }
    case .svd:
      SolverChoice { problem throws(DataError) in try SoftThresholdedSVD(problem, options: options) }
    case .ergenPilanci13:
      SolverChoice { problem throws(DataError) in try ErgenPilanci13(problem, options: options) }
    case .penalised where atoms.subnetworkUnits != nil:
      SolverChoice { problem throws(DataError) in
        guard patterns.isAdaptive else {
          throw problem.lacks("the penalised program over patterns that are given")
        }
        return try PenalisedSubnetworkTraining(
          problem, subnetworks: subnetworkLimit ?? 40, options: penalisedOptions)
      }
    case .penalised:
      SolverChoice(kind: PenalisedTraining.self) { problem, _, stop throws(DataError) in
        try penalised(problem, stop: stop)
      }
    case .gd, .sgd, .momentum, .adam:
      SolverChoice { problem throws(DataError) in
        try GradientTraining(problem, options: gradientOptions)
      }
    }
  }

  private func localSolver(for atoms: any Atoms) -> SolverChoice {
    var options = options
    options.aim = .localGap
    let choice =
      (atoms as? any SolvableAtoms)?.localSolver(options: options)
      ?? SolverChoice { [options] problem throws(DataError) in try WorkingSet(problem, options: options) }
    return SolverChoice(kind: choice.kind, after: choice) { problem, betaMax, stop throws(DataError) in
      guard problem.loss.hasSlope else { throw problem.lacks("local training") }
      return try choice.make(problem, betaMax, stop)
    }
  }

  private func exactSolver(for atoms: any Atoms) -> SolverChoice {
    if let choice = (atoms as? any SolvableAtoms)?.exactSolver(over: patterns, options: options) {
      return choice
    }
    if let atoms = atoms as? any PatternedAtoms, atoms.outputs > 1 {
      return SolverChoice(kind: VectorPatternTraining.self) { problem, _, _ throws(DataError) in
        try VectorPatternTraining(problem, options: patternOptions)
      }
    }
    if atoms is any PatternedAtoms {
      return SolverChoice(kind: PatternTraining.self) { problem, _, _ throws(DataError) in
        try PatternTraining(problem, options: patternOptions)
      }
    }
    switch patterns {
    case .adaptive:
      return SolverChoice(kind: ExactTraining.self) { problem, betaMax, _ throws(DataError) in
        try ExactTraining(problem, options: options, betaMax: betaMax)
      }
    case .all:
      return SolverChoice(kind: EnumeratedProgram.self) { problem, _, _ throws(DataError) in
        try EnumeratedProgram(problem, options: options)
      }
    case .given(let choices):
      return SolverChoice(kind: PatternTraining.self) { problem, _, stop throws(DataError) in
        let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
        return try PatternTraining(problem, patterns: collection, options: patternOptions)
      }
    }
  }

  var options: WorkingSet.Options {
    var options = WorkingSet.Options()
    options.gap = gap
    options.maximumIterations = maximumIterations
    options.seed = seed
    options.threads = threads
    options.precision = precision
    if !provesInTheEnd { options.closingNodeLimit = 0 }
    return options
  }

  private func penalised(_ problem: TrainingProblem, stop: StopSignal) throws(DataError) -> PenalisedTraining
  {
    let choices: [PatternChoice]
    switch patterns {
    case .given(let given): choices = given
    case .all: choices = [.source(GivenGates(rows: try chamberGates(problem, stop: stop)))]
    case .adaptive: choices = [.source(GaussianGates(draws: 100))]
    }
    let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
    return try PenalisedTraining(problem, patterns: collection.packed, options: penalisedOptions)
  }

  private var penalisedOptions: PenalisedTraining.Options {
    var options = PenalisedTraining.Options()
    let schedule = options.descent.schedule
    options.descent = gradientOptions
    options.descent.rule = descent.rule
    options.descent.schedule = schedule
    options.conePenalty = descent.conePenalty
    options.gap = gap
    return options
  }

  /// The gates of the given patterns, or one inside every chamber of the data.
  func gates(_ problem: TrainingProblem, stop: StopSignal) throws(DataError) -> Matrix {
    var choices: [PatternChoice]
    if case .given(let given) = patterns {
      choices = given
    } else {
      choices = [.source(GivenGates(rows: try chamberGates(problem, stop: stop)))]
    }
    let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
    return Matrix(collection.gates.compactMap(\.self))
  }

  /// A gate inside every chamber of the data.
  private func chamberGates(_ problem: TrainingProblem, stop: StopSignal) throws(DataError) -> Matrix {
    do {
      let tree = try Arrangement(problem.design).chambers(limit: 20_000, isCancelled: { stop.isRaised })
      return Matrix((0..<tree.count).map(tree.interiorPoint))
    } catch {
      throw DataError(.badData, "the gates of all chambers: \(error); or give gates with the patterns")
    }
  }

  private var patternOptions: GivenPatterns.Options {
    var options = GivenPatterns.Options()
    options.gap = gap
    options.threads = threads
    return options
  }

  private var gradientOptions: GradientTraining.Options {
    var options = GradientTraining.Options()
    options.rule = method == .adam ? .adam() : method == .momentum ? .momentum() : .plain
    options.width = descent.width
    options.learningRate = descent.learningRate
    options.batchSize = method == .gd ? nil : descent.batchSize
    options.maximumEpochs = descent.epochs
    options.seed = seed
    options.threads = threads
    options.precision = precision
    return options
  }
}

import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers

/// Trains ReLU networks to a proven global optimum: the front door of the library.
///
///     let dataset = try CSVReader().table(path: "houses.csv").dataset(target: "price")
///     let training = Training(beta: .ratio(0.1), gap: 1e-4, bias: true, standardize: true)
///     let trained = try training.fit(dataset)
///     print(trained.certificate.objective, trained.certificate.lowerBound)
///     print(trained.model.predictions(dataset.features))
///     try ModelFile.write(trained.model, to: "model.json")
public struct Training: Sendable {
  /// How strongly weights are penalised.
  public enum Beta: Sendable, Equatable {
    /// β itself.
    case value(Double)
    /// A fraction of β_max, the smallest β with which the zero network is optimal.
    case ratio(Double)
  }

  /// Which activation patterns the program may use.
  public typealias Patterns = TrainingPatterns

  /// How to find the network.
  public enum Method: String, Sendable, CaseIterable {
    /// Closed forms where they apply, else `WorkingSet`: neurons first, then the convex program over their
    /// chambers, then the proof. Exact in the end, and of use at every moment.
    case exact
    /// The lasso over a Clifford dictionary: exact under the ℓ₁ norm, close under ℓ₂.
    case clifford
    /// `exact` without its proof: ends where the gap is small by local pricing, for high rank.
    case local
    /// Frank and Wolfe's method for several outputs, with the squared loss: exact, slow, and a cross-check.
    case frankWolfe = "frank-wolfe"
    /// The copositive program of the first layer, for several outputs, the squared loss and few chambers: a cross-check.
    case copositive
    /// Cutting planes on the dual, for several outputs, the squared loss and few samples: a cross-check.
    case cuttingPlane = "cutting-plane"
    /// The soft-thresholded SVD of the targets, for whitened samples and several outputs: exact where it is allowed.
    case svd
    /// The program for three layers as EP21 prints it, (13), for study: it has the optimum of two layers.
    case ergenPilanci13 = "ergen-pilanci-13"
    /// A gradient method on the convex program over given patterns, its cones as a penalty
    /// (`PenalisedTraining`); without patterns given, over those of 100 Gaussian gates.
    case penalised
    /// Gradient descent on the non-convex objective.
    case gd
    /// Stochastic gradient descent, on mini-batches.
    case sgd
    /// Mini-batches with momentum.
    case momentum
    /// Adam on mini-batches.
    case adam

    /// Whether it is a gradient method on the non-convex objective.
    public var isGradient: Bool {
      switch self {
      case .gd, .sgd, .momentum, .adam: true
      default: false
      }
    }
  }

  /// How the gradient methods run.
  public struct Descent: Sendable {
    /// The number of neurons, or of sub-networks.
    public var width = 100
    /// The learning rate.
    public var learningRate = 1e-2
    /// Samples a step; all for gradient descent.
    public var batchSize = 64
    /// Passes over the samples.
    public var epochs = 1000
    /// How the penalised method turns gradients into steps; the others have it in their names.
    public var rule = UpdateRule.adam()
    /// The weight ρ of the penalised method's cones; nil for one that suits the loss.
    public var conePenalty: Double?

    /// The defaults.
    public init() {}
  }

  /// The loss; by default squared.
  public var loss: any Loss
  /// How much more the rows of some classes count than those of others; by default all count alike. Rows count so for everything that counts rows by their weights.
  public var classWeights: ClassWeights?
  /// The penalty; by default a tenth of β_max.
  public var beta: Beta
  /// The relative gap to prove; by default 10⁻⁴.
  public var gap: Double
  /// Whether a column of ones is appended; by default not.
  public var bias: Bool
  /// Whether the network has an output offset that no penalty holds; by default not.
  public var intercept: Bool
  /// Whether features are standardised; by default not.
  public var standardize: Bool
  /// Which whitening of the (standardised) features, if any; by default none.
  public var whiten: Preprocessing.Whitening.Kind?
  /// How the penalty measures the first layer; by default by ℓ₂, which is weight decay.
  public var norm: FirstLayerNorm
  /// How to find the network; by default exactly.
  public var method: Method
  /// The patterns; by default found adaptively.
  public var patterns: Patterns
  /// The architecture; by default the two-layer ReLU network.
  public var architecture: Architecture
  /// The largest number of sub-networks of a three-layer network, for all but the gradient methods, by default any number; for the penalised
  /// method how many are drawn, by default 40.
  public var subnetworkLimit: Int?
  /// How the gradient methods run.
  public var descent: Descent
  /// How the method `frankWolfe` sets its coefficients; by default all of them in each round.
  public var steps: FrankWolfeSteps
  /// The seed of random starts; by default 0.
  public var seed: UInt64
  /// Threads; by default 1. The same number gives the same bytes.
  public var threads: Int
  /// The largest number of rounds; by default 1000.
  public var maximumIterations: Int
  /// The arithmetic of products over the samples in the gradient methods and in the descent of neurons of the exact
  /// and the local method; by default double. All else, and every certificate, is computed in double.
  public var precision: Precision
  /// The largest number of principal directions of the data, or of the patches of a convolution, that training keeps to; by default
  /// nil, for all. What the data are beside them, the certificate charges for.
  public var rank: Int?
  /// Whether runs that end without a proof make a short one; the fits of a cross-validation need none.
  var provesInTheEnd = true

  /// Training with the given settings.
  public init(
    loss: any Loss = SquaredLoss(), beta: Beta = .ratio(0.1), gap: Double = 1e-4, bias: Bool = false,
    intercept: Bool = false, standardize: Bool = false, whiten: Preprocessing.Whitening.Kind? = nil,
    norm: FirstLayerNorm = .l2, method: Method = .exact, patterns: Patterns = .adaptive,
    architecture: Architecture = .twoLayer, descent: Descent = Descent(),
    steps: FrankWolfeSteps = .corrective, seed: UInt64 = 0, threads: Int = 1, maximumIterations: Int = 1000,
    precision: Precision = .double, classWeights: ClassWeights? = nil, rank: Int? = nil
  ) {
    self.loss = loss
    self.classWeights = classWeights
    self.beta = beta
    self.gap = gap
    self.bias = bias
    self.intercept = intercept
    self.standardize = standardize
    self.whiten = whiten
    self.norm = norm
    self.method = method
    self.patterns = patterns
    self.architecture = architecture
    self.descent = descent
    self.steps = steps
    self.seed = seed
    self.threads = threads
    self.maximumIterations = maximumIterations
    self.precision = precision
    self.rank = rank
  }

  /// A trained model with its certificate.
  public struct Result: Sendable {
    /// The model.
    public let model: Model
    /// What is proven about it.
    public let certificate: Certificate
    /// β_max of the data; nil where β was given, so that there was no need to look for it.
    public let betaMax: Double?
    /// Status and figures of the run.
    public let outcome: TrainingOutcome
    /// Seconds that the runs took from whose checkpoints this one went on.
    public internal(set) var earlierSeconds = 0.0
  }

  /// Trains on `dataset`.
  ///
  /// - Parameters:
  ///   - classes: what the targets ±1 stand for, to be kept in the model.
  ///   - stop: ends the run early, by a time limit or by request; the result is then honest about its gap.
  ///   - checkpoint: where to leave checkpoints, and whether to go on from one; none by default.
  ///   - progress: called once a round.
  /// - Throws: `DataError` of kind `badSettings` for settings that make no run; of kind `badData` for data that make no
  ///   problem, and for a checkpoint that is damaged or of another run; of kind `cannotWrite` for one that can't be
  ///   written, before training.
  /// - Complexity: Guides/scaling.md has measurements.
  public func fit(
    _ dataset: Dataset, classes: ClassLabels? = nil, stop: StopSignal = StopSignal(),
    checkpoint: CheckpointPolicy? = nil, progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> Result {
    try check(.objective)
    // One level of threads: Bidual runs its own above single-threaded matrix products.
    return try BLAS.singleThreaded { () throws(DataError) in
      try fit(dataset, classes, stop, checkpoint, progress)
    }
  }

  private func fit(
    _ dataset: Dataset, _ classes: ClassLabels?, _ stop: StopSignal, _ checkpoint: CheckpointPolicy?,
    _ progress: (TrainingProgress) -> Void
  ) throws(DataError) -> Result {
    let (preprocessing, plain) = try pose(dataset, classes)
    let unscaled = try specialised(plain, stop)
    let solver = solver(for: unscaled.atoms)
    try solver.kind.check(unscaled)
    var run: CheckpointedRun?
    if let checkpoint {
      run = try CheckpointedRun(checkpoint, of: self, solver: solver, on: dataset)
    }
    var betaMax: Double?
    if case .ratio = beta { betaMax = try self.betaMax(of: unscaled, known: run?.betaMax, stop: stop) }
    let problem = try unscaled.replacing(beta: try strength(betaMax))
    // A β_max that was cut short is no scale for a run to go on with.
    let isWhole = betaMax == nil || run?.betaMax != nil || !stop.isRaised
    let outcome = try solver.make(problem, betaMax, stop)
      .train(
        stop: stop, checkpoints: isWhole ? run?.checkpoints(betaMax: betaMax) : nil, progress: progress
      ).alongAllDirections(in: problem, gap: gap)
    var result = try result(
      outcome, of: problem, dataset: dataset, preprocessing: preprocessing, classes: classes, betaMax: betaMax
    )
    result.earlierSeconds = run?.earlierSeconds ?? 0
    return result
  }

  /// Finds the network of least penalty through all targets; loss and β are not used.
  ///
  /// - Throws: `DataError` of kind `badSettings` for settings that make no run; of kind `badData` for data that make no
  ///   problem, or targets that no network meets.
  public func interpolate(
    _ dataset: Dataset, stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> Result {
    try check(.interpolation)
    return try BLAS.singleThreaded { () throws(DataError) in
      let (preprocessing, plain) = try pose(dataset, nil)
      let problem = try specialised(plain, stop)
      let solved = try MinimumNorm(problem, options: options).train(stop: stop, progress: progress)
      return try result(
        solved.outcome, of: solved.problem, dataset: dataset, preprocessing: preprocessing, classes: nil,
        betaMax: nil)
    }
  }

  /// The problem that the data and the settings make, with β = 1.
  func pose(_ dataset: Dataset, _ classes: ClassLabels?) throws(DataError) -> (Preprocessing, TrainingProblem)
  {
    guard classes == nil || architecture.places == 1 else {
      throw DataError(
        .badSettings,
        "classes are those of whole images, but there are targets for each place of the filter; give columns of numbers, or pool the places"
      )
    }
    var dataset = dataset
    if let weights = try classWeights(of: dataset, classes), let classes {
      dataset = try dataset.weighing(classes, by: weights)
    }
    let preprocessing = try Preprocessing(
      fitting: dataset.features, weights: dataset.weights, standardize: standardize, whiten: whiten,
      bias: bias)
    let (targets, weights) = try dataset.posed(for: loss, classes: classes)
    let problem = try TrainingProblem(
      design: preprocessing.design(for: dataset.features), targets: targets,
      outputs: dataset.outputs, weights: weights, loss: loss, beta: 1, hasOffset: intercept,
      places: architecture.places)
    return (preprocessing, problem)
  }

  /// A problem with the data for the networks that the settings ask for.
  func specialised(_ plain: TrainingProblem, _ stop: StopSignal) throws(DataError) -> TrainingProblem {
    let problem = try plain.replacing(architecture: try architecture.make(self, plain, stop))
    return try rank.map { rank throws(DataError) in try problem.truncated(toRank: rank) } ?? problem
  }

  /// The weight of each class for the rows of a data set; nil where all rows count alike.
  func classWeights(of dataset: Dataset, _ classes: ClassLabels?) throws(DataError) -> [Double]? {
    guard let classWeights else { return nil }
    guard let classes else {
      throw DataError(.badSettings, "class weights are for targets that are classes; leave them out")
    }
    return try classWeights.values(for: classes, of: dataset)
  }

  /// An outcome with the model that its network makes.
  func result(
    _ outcome: TrainingOutcome, of problem: TrainingProblem, dataset: Dataset, preprocessing: Preprocessing,
    classes: ClassLabels?, betaMax: Double?
  ) throws(DataError) -> Result {
    let model = try Model(
      featureNames: dataset.featureNames, targetNames: dataset.targetNames, preprocessing: preprocessing,
      architecture: problem.architecture, network: problem.architecture.wholeNetwork(outcome.network),
      loss: problem.loss.name,
      lossParameter: problem.loss.parameter,
      beta: problem.beta, classes: classes, weightsName: dataset.weightsName,
      classWeights: try classWeights(of: dataset, classes), rowOffsetName: dataset.rowOffsetName,
      encoding: dataset.encoding)
    return Result(model: model, certificate: outcome.certificate, betaMax: betaMax, outcome: outcome)
  }

  /// β_max, which is known or worked out.
  func betaMax(of problem: TrainingProblem, known: Double?, stop: StopSignal) throws(DataError) -> Double {
    let betaMax = known ?? problem.betaMax(seed: seed, threads: threads, stop: stop)
    guard betaMax > 0 else {
      throw DataError(
        .badData,
        "no network fits anything here: beta_max is 0, because all inputs or all targets are zero; check the columns"
      )
    }
    return betaMax
  }

  private func strength(_ betaMax: Double?) throws(DataError) -> Double {
    switch beta {
    case .value(let value): value
    case .ratio(let ratio): ratio * (betaMax ?? 0)
    }
  }
}

import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers

/// Trains two-layer ReLU networks to a proven global optimum: the front door of the library.
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
  public enum Patterns: String, Sendable, CaseIterable {
    /// All chambers, found as they are needed: exact, and the default. Problems with a closed form are
    /// solved by that (`ClosedForms`).
    case adaptive
    /// All chambers, enumerated at once: exact, for small data.
    case all
  }

  /// The loss; by default squared.
  public var loss: any Loss
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
  /// The patterns; by default found adaptively.
  public var patterns: Patterns
  /// The seed of random starts; by default 0.
  public var seed: UInt64
  /// Threads; by default 1. The same number gives the same bytes.
  public var threads: Int
  /// The largest number of rounds; by default 1000.
  public var maximumIterations: Int

  /// Training with the given settings.
  public init(
    loss: any Loss = SquaredLoss(), beta: Beta = .ratio(0.1), gap: Double = 1e-4, bias: Bool = false,
    intercept: Bool = false, standardize: Bool = false, whiten: Preprocessing.Whitening.Kind? = nil,
    patterns: Patterns = .adaptive, seed: UInt64 = 0, threads: Int = 1, maximumIterations: Int = 1000
  ) {
    self.loss = loss
    self.beta = beta
    self.gap = gap
    self.bias = bias
    self.intercept = intercept
    self.standardize = standardize
    self.whiten = whiten
    self.patterns = patterns
    self.seed = seed
    self.threads = threads
    self.maximumIterations = maximumIterations
  }

  /// A trained model with its certificate.
  public struct Result: Sendable {
    /// The model.
    public let model: Model
    /// What is proven about it.
    public let certificate: Certificate
    /// β_max of the data.
    public let betaMax: Double
    /// Status and figures of the run.
    public let outcome: TrainingOutcome
  }

  /// Trains on `dataset`.
  ///
  /// - Parameters:
  ///   - classes: what the targets ±1 stand for, to be kept in the model.
  ///   - stop: ends the run early, by a time limit or by request; the result is then honest about its gap.
  ///   - progress: called once a round.
  /// - Throws: `DataError` of kind `badData` for settings or data that make no problem.
  /// - Complexity: Guides/scaling.md has measurements.
  public func fit(
    _ dataset: Dataset, classes: ClassLabels? = nil, stop: StopSignal = StopSignal(),
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> Result {
    try validate()
    // One level of threads: Bidual runs its own above single-threaded matrix products.
    BLAS.setThreads(1)
    let preprocessing = try Preprocessing(
      fitting: dataset.features, standardize: standardize, whiten: whiten, bias: bias)
    let design = preprocessing.design(for: dataset.features)
    let unscaled = try TrainingProblem(
      design: design, targets: dataset.targets, weights: dataset.weights, loss: loss, beta: 1,
      hasOffset: intercept)
    let betaMax = unscaled.betaMax(seed: seed, threads: threads, stop: stop)
    let problem = try unscaled.replacing(beta: try resolve(betaMax))
    var options = WorkingSet.Options()
    options.gap = gap
    options.maximumIterations = maximumIterations
    options.seed = seed
    options.threads = threads
    let outcome: TrainingOutcome
    switch patterns {
    case .adaptive:
      outcome =
        ClosedForms(problem, options: options).train(betaMax: betaMax, stop: stop, progress: progress)
        ?? WorkingSet(problem, options: options).train(stop: stop, progress: progress)
    case .all:
      do {
        outcome = try EnumeratedProgram(problem, options: options).train(stop: stop, progress: progress)
      } catch ArrangementError.cancelled {
        // Nothing was solved: the stopped working set still answers with an honest certificate.
        outcome = WorkingSet(problem, options: options).train(stop: stop, progress: progress)
      } catch ArrangementError.tooManyChambers(let limit) {
        throw DataError(
          .badData,
          "the data have more than \(limit) chambers, too many to list at once; use the adaptive patterns, which are exact too"
        )
      } catch {
        throw DataError(.badData, "the chambers of the data: \(error)")
      }
    }
    let model = try Model(
      featureNames: dataset.featureNames, targetName: dataset.targetName, preprocessing: preprocessing,
      network: outcome.network, loss: loss.name, lossParameter: loss.parameter, beta: problem.beta,
      classes: classes, weightsName: dataset.weightsName)
    return Result(model: model, certificate: outcome.certificate, betaMax: betaMax, outcome: outcome)
  }

  private func resolve(_ betaMax: Double) throws(DataError) -> Double {
    switch beta {
    case .value(let value): return value
    case .ratio(let ratio):
      guard betaMax > 0 else {
        throw DataError(
          .badData,
          "no network fits anything here: beta_max is 0, because all inputs or all targets are zero; check the columns"
        )
      }
      return ratio * betaMax
    }
  }

  private func validate() throws(DataError) {
    let strength: Double
    switch beta {
    case .value(let value): strength = value
    case .ratio(let value): strength = value
    }
    guard strength.isFinite, strength > 0 else {
      throw DataError(.badData, "beta is \(strength); give a positive number")
    }
    guard gap.isFinite, gap > 0 else {
      throw DataError(.badData, "the gap is \(gap); give a positive number such as 1e-4")
    }
    guard threads > 0, maximumIterations > 0 else {
      throw DataError(.badData, "threads and iterations must be positive; give at least 1")
    }
  }
}

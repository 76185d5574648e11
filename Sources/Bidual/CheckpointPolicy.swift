import BidualIO
import BidualModels
import BidualSolvers

/// Where a run of `Training` leaves checkpoints, how often, and whether it goes on from one.
public struct CheckpointPolicy: Sendable {
  /// The file, which is replaced as a whole each time.
  public var path: String
  /// The least time from one checkpoint to the next: what a run that dies may lose.
  public var interval: Duration
  /// Whether the run goes on from the file, if there is one.
  public var resumes: Bool
  /// Told of a checkpoint that could not be written; the run goes on without it.
  public var onFailure: @Sendable (DataError) -> Void

  /// A policy; by default a checkpoint every 30 seconds, and a run that begins afresh.
  public init(
    path: String, every interval: Duration = .seconds(30), resumes: Bool = false,
    onFailure: @escaping @Sendable (DataError) -> Void = { _ in }
  ) {
    self.path = path
    self.interval = interval
    self.resumes = resumes
    self.onFailure = onFailure
  }
}

extension Training {
  /// All settings that shape the course of a run: not those that only say when it ends, nor the threads.
  var checkpointSettings: [CheckpointSubject.Setting] {
    let strength =
      switch beta {
      case .value(let value): "\(value)"
      case .ratio(let ratio): "\(ratio) of beta_max"
      }
    return [.init("beta", strength)] + settingsBesideBeta
  }

  /// Those of them that are not β.
  var settingsBesideBeta: [CheckpointSubject.Setting] {
    [
      .init("loss", loss.name + (loss.parameter.map { "(\($0))" } ?? "")),
      .init("bias", "\(bias)"), .init("intercept", "\(intercept)"), .init("standardize", "\(standardize)"),
      .init("whiten", whiten?.rawValue ?? "none"), .init("norm", norm.rawValue),
      .init("method", method.rawValue), .init("architecture", architecture.rawValue + architecture.choices),
      .init("seed", "\(seed)"), .init("precision", precision.rawValue),
    ]
      // Unset where there are none, as in checkpoints from before there were any.
      + (classWeights.map { [.init("class weights", $0.description)] } ?? [])
      + (rank.map { [.init("rank", "\($0)")] } ?? [])
      + (patterns.digest.map { [.init("patterns", $0)] } ?? [])
      + (method.isGradient
        ? [
          .init("width", "\(descent.width)"), .init("learning rate", "\(descent.learningRate)"),
          .init("batch size", method == .gd ? "all" : "\(descent.batchSize)"),
        ] : [])
      + (method == .penalised
        ? [
          .init("learning rate", "\(descent.learningRate)"), .init("batch size", "\(descent.batchSize)"),
          .init("rule", "\(descent.rule)"), .init("epochs", "\(descent.epochs)"),
          .init("cone penalty", descent.conePenalty.map { "\($0)" } ?? "by the loss"),
          .init("sub-networks", subnetworkLimit.map { "\($0)" } ?? "by default"),
        ] : [])
  }
}

/// The checkpoints of one run: what it goes on from, and the file that its states go to.
struct CheckpointedRun {
  private let interval: Duration
  private let kept: KeptState<RunState>

  /// Reads what the run goes on from, and finds out whether checkpoints can be written.
  ///
  /// - Throws: `DataError` of kind `badData` or `cannotWrite`.
  init(
    _ policy: CheckpointPolicy, of training: Training, solver: SolverChoice, on dataset: Dataset
  ) throws(DataError) {
    guard solver.resumes else { throw .noCheckpoints }
    interval = policy.interval
    kept = try KeptState(policy, about: CheckpointSubject(dataset, settings: training.checkpointSettings))
  }

  /// β_max of the data, if a run before this one found it.
  var betaMax: Double? { kept.betaMax }

  /// Seconds that the runs before this one took.
  var earlierSeconds: Double { kept.earlierSeconds }

  /// The solver's side.
  func checkpoints(betaMax: Double?) -> Checkpoints {
    Checkpoints(every: interval, from: kept.start) { kept.save($0, betaMax: betaMax) }
  }
}

extension Training.Patterns {
  /// What they are, in a few words; nil for the default.
  fileprivate var digest: String? {
    switch self {
    case .adaptive: nil
    case .all: "all"
    // Gates may be many numbers.
    case .given(let choices): "given, " + Digest.text(of: Array("\(choices)".utf8)[...])
    }
  }
}

extension DataError {
  /// What asking for checkpoints of a method without them meets.
  static var noCheckpoints: DataError {
    DataError(
      .badSettings,
      "there are no checkpoints for this method; train without, or use the local, the penalised or a gradient method"
    )
  }
}

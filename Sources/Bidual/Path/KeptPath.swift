import BidualIO
import BidualModels
import BidualSolvers

/// The checkpoints of a path: the states with which the runs at its values of β ended, and that of the run under way.
struct KeptPath {
  /// How far a path is.
  struct Course: Codable, Sendable {
    /// The states with which runs ended, the largest β first; nil for those that end at one go.
    private(set) var ended: [RunState?] = []
    /// The state of the next one, if it has begun.
    fileprivate(set) var current: RunState?

    /// Notes the end of a run; that of one which was taken up after its end changes nothing.
    mutating func end(at index: Int, with state: RunState?) {
      guard index == ended.count else { return }
      ended.append(state)
      current = nil
    }
  }

  private let interval: Duration
  private let kept: KeptState<Course>

  /// Reads what the path goes on from, and finds out whether checkpoints can be written.
  ///
  /// - Throws: `DataError` of kind `badData` or `cannotWrite`.
  init(
    _ policy: CheckpointPolicy, of training: Training, on dataset: Dataset, betas: BetaGrid,
    proofs: Training.PathProofs
  ) throws(DataError) {
    interval = policy.interval
    kept = try KeptState(
      policy,
      about: CheckpointSubject(
        dataset,
        settings: training.settingsBesideBeta
          + [
            .init("gap", "\(training.gap)"), .init("values of beta", betas.description),
            .init("proofs", "\(proofs)"),
          ]))
  }

  /// β_max of the data, if a path before this one found it.
  var betaMax: Double? { kept.betaMax }

  /// Where a path over so many values of β begins.
  func start(of count: Int) -> Course? { kept.start.flatMap { $0.ended.count <= count ? $0 : nil } }

  /// Checkpoints of the run at a place of the path, which goes on from its state or begins near the end of another run.
  func checkpoints(of course: Course, at index: Int, near neighbour: RunState?, betaMax: Double?)
    -> Checkpoints
  {
    guard index >= course.ended.count else {
      return Checkpoints(every: .seconds(Int32.max), from: course.ended[index], near: neighbour) { _ in }
    }
    return Checkpoints(every: interval, from: course.current, near: neighbour) { state in
      var course = course
      course.current = state
      kept.save(course, betaMax: betaMax)
    }
  }
}

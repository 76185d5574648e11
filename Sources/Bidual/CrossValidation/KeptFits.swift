import BidualIO
import BidualModels
import Synchronization

/// The folds of a cross-validation that are done, kept in a file from which the next run goes on.
public final class KeptFits: Sendable {
  private struct State {
    var fits: [FoldFit]
    var lastSave = ContinuousClock.now
  }

  /// The values of β for all rows of the run that the file is from; nil where there is none.
  public let grid: [Double]?
  private let interval: Duration
  private let kept: KeptState<CrossValidation.Part>
  private let state: Mutex<State>

  /// Reads what a cross-validation goes on from, and finds out whether the file can be written.
  ///
  /// - Throws: `DataError` of kind `badData` or `cannotWrite`.
  public init(_ policy: CheckpointPolicy, of validation: CrossValidation, on dataset: Dataset)
    throws(DataError)
  {
    interval = policy.interval
    kept = try KeptState(policy, about: validation.subject(dataset))
    if let start = kept.start { try validation.check(start, path: policy.path, on: dataset) }
    grid = kept.start?.grid
    state = Mutex(State(fits: kept.start?.fits ?? []))
  }

  /// Seconds that the runs before this one took.
  public var earlierSeconds: Double { kept.earlierSeconds }

  /// The fit without a fold, if it is done.
  func fit(_ place: (split: Int, fold: Int)) -> FoldFit? {
    state.withLock { $0.fits.first { $0.split == place.split && $0.fold == place.fold } }
  }

  /// Takes a fit, and writes all if the file is an interval old; from any thread.
  func take(_ fit: FoldFit, grid: [Double]) {
    state.withLock { state in
      state.fits.append(fit)
      guard ContinuousClock.now - state.lastSave >= interval else { return }
      kept.save(CrossValidation.Part(grid: grid, fits: state.fits))
      state.lastSave = .now
    }
  }

  /// Writes all that is done.
  func save(grid: [Double]) {
    state.withLock { kept.save(CrossValidation.Part(grid: grid, fits: $0.fits)) }
  }
}

import Synchronization

/// A request to stop, from a deadline or from another thread, which long computations ask now and then.
public final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)
  private let start: ContinuousClock.Instant
  private let deadline: ContinuousClock.Instant?
  private let whole: StopSignal?

  /// A signal that fires by itself after `timeLimit`, or never.
  ///
  /// - Parameter whole: the signal of a computation that this one is a part of, whose stop is a stop here too.
  public init(timeLimit: Duration? = nil, within whole: StopSignal? = nil) {
    let now = ContinuousClock.now
    start = now
    deadline = timeLimit.map { now + $0 }
    self.whole = whole
  }

  /// Asks for a stop.
  public func stop() {
    requested.store(true, ordering: .relaxed)
  }

  /// Whether a stop was asked for, by anyone.
  public var isRaised: Bool { wasRequested || isPastDeadline }

  /// Whether `stop()` was called.
  public var wasRequested: Bool { requested.load(ordering: .relaxed) || whole?.wasRequested ?? false }

  /// Whether the time limit has passed.
  public var isPastDeadline: Bool {
    (deadline.map { ContinuousClock.now >= $0 } ?? false) || (whole?.isPastDeadline ?? false)
  }

  /// The signal for a part of the computation that leaves a share of the time limit, if there is one, to the rest.
  func leaving(share: Double) -> StopSignal {
    StopSignal(
      timeLimit: deadline.map { ($0 - start) * (1 - share) - (ContinuousClock.now - start) }, within: self)
  }

  /// The signal for what is still to be done when this one may have fired, such as a last short proof: this
  /// one, or if it has fired one that fires soon.
  var closing: StopSignal { isRaised ? StopSignal(timeLimit: .seconds(0.1)) : self }

  /// The status of a run that it ends; nil as long as it has not fired.
  var status: SolverStatus? { wasRequested ? .stoppedByCaller : isPastDeadline ? .timeLimit : nil }
}

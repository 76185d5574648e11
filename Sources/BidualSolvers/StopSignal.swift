import Synchronization

/// A request to stop, from a deadline or from another thread, which long computations ask now and then.
public final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)
  private let deadline: ContinuousClock.Instant?

  /// A signal that fires by itself after `timeLimit`, or never.
  public init(timeLimit: Duration? = nil) {
    deadline = timeLimit.map { ContinuousClock.now + $0 }
  }

  /// Asks for a stop.
  public func stop() {
    requested.store(true, ordering: .relaxed)
  }

  /// Whether a stop was asked for, by anyone.
  public var isRaised: Bool { wasRequested || isPastDeadline }

  /// Whether `stop()` was called.
  public var wasRequested: Bool { requested.load(ordering: .relaxed) }

  /// Whether the time limit has passed.
  public var isPastDeadline: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

  /// The status of a run that it ends; nil as long as it has not fired.
  var status: SolverStatus? { wasRequested ? .stoppedByCaller : isPastDeadline ? .timeLimit : nil }
}

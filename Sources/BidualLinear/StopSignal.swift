import Synchronization

/// A request to stop, from a deadline, a limit on memory or another thread, which long computations ask now and then.
public final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)
  private let deadline: ContinuousClock.Instant?
  private let memory: MemoryLimit?
  private let whole: StopSignal?

  /// A signal that fires by itself after `timeLimit` or beyond a limit on memory, or never.
  ///
  /// - Parameter whole: the signal of a computation that this one is a part of, whose stop is a stop here too.
  public init(timeLimit: Duration? = nil, memory: MemoryLimit? = nil, within whole: StopSignal? = nil) {
    deadline = timeLimit.map { ContinuousClock.now + $0 }
    self.memory = memory
    self.whole = whole
  }

  /// Asks for a stop.
  public func stop() {
    requested.store(true, ordering: .relaxed)
  }

  /// Whether a stop was asked for, by anyone.
  public var isRaised: Bool { wasRequested || isPastDeadline || isOverMemory }

  /// Whether `stop()` was called.
  public var wasRequested: Bool { requested.load(ordering: .relaxed) || whole?.wasRequested ?? false }

  /// Whether the time limit has passed.
  public var isPastDeadline: Bool {
    (deadline.map { ContinuousClock.now >= $0 } ?? false) || (whole?.isPastDeadline ?? false)
  }

  /// Whether the process held more memory than the limit.
  public var isOverMemory: Bool { memory?.isPassed ?? false || whole?.isOverMemory ?? false }

  /// A signal for the first part of what this one limits: it fires with this one, or once a share of the time that
  /// is left now has passed.
  package func firstPart(_ share: Double) -> StopSignal {
    StopSignal(timeLimit: timeLeft.map { $0 * share }, within: self)
  }

  /// Whether a time limit ends it, if nothing else does.
  package var hasDeadline: Bool { timeLeft != nil }

  /// The seconds to the deadline, if there is one; 0 once it has passed.
  package var secondsLeft: Double? { timeLeft.map { $0 / .seconds(1) } }

  /// The time to the deadline, if there is one; nothing once it has passed.
  private var timeLeft: Duration? {
    let own = deadline.map { max(.zero, $0 - ContinuousClock.now) }
    guard let outer = whole?.timeLeft else { return own }
    return own.map { min($0, outer) } ?? outer
  }

  /// The signal for what is still to be done when this one may have fired, such as a last short proof: this
  /// one, or if it has fired one that fires soon.
  package var closing: StopSignal { isRaised ? StopSignal(timeLimit: .seconds(0.05)) : self }
}

import Synchronization

/// A limit on the memory that the process holds, which a `StopSignal` watches.
///
/// What is held is looked up at most a hundred times a second, so that it may be asked for anywhere. What is allocated between two
/// looks goes beyond the limit.
public final class MemoryLimit: Sendable {
  /// The limit, in bytes.
  public let bytes: Double
  private let start = ContinuousClock.now
  private let lastLook = Atomic<Int>(-1)
  private let wasPassed = Atomic<Bool>(false)

  /// A limit of so many bytes.
  public init(bytes: Double) { self.bytes = bytes }

  /// Whether the process held more when it was looked up. That stays so: freed memory does not undo a stop.
  public var isPassed: Bool {
    guard !wasPassed.load(ordering: .relaxed) else { return true }
    let look = Int((ContinuousClock.now - start) / .milliseconds(10))
    guard lastLook.load(ordering: .relaxed) != look else { return false }
    lastLook.store(look, ordering: .relaxed)
    guard PhysicalMemory.resident > bytes else { return false }
    wasPassed.store(true, ordering: .relaxed)
    return true
  }
}

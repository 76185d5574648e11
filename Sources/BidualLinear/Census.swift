import Synchronization

/// How often the geometry of designs is worked out while a piece of code runs: it is dear, and once is enough.
package final class Census: Sendable {
  /// What is counted.
  package enum Work: Hashable, Sendable {
    /// A singular value decomposition of a design.
    case decomposition
    /// Sorting rows by the hyperplanes they share.
    case merge
    /// A bound of a largest singular value.
    case spectralNorm
    /// A test for spike-freeness.
    case spikeFreeness
  }

  @TaskLocal private static var current: Census?
  private let counts = Mutex<[Work: Int]>([:])

  private init() {}

  /// What `body` worked out, on the thread that calls it.
  package static func of(_ body: () throws -> Void) rethrows -> [Work: Int] {
    let census = Census()
    try $current.withValue(census) { try body() }
    return census.counts.withLock { $0 }
  }

  /// Counts a piece of work.
  package static func note(_ work: Work) {
    current?.counts.withLock { $0[work, default: 0] += 1 }
  }
}

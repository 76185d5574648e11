import Dispatch
import Synchronization

/// A group of threads in the place of processes: what runs on it runs on several machines, but for the way between them.
package struct ThreadGroup: ProcessGroup {
  /// Which of the threads this is, from 0 on.
  package let rank: Int
  /// How many threads there are.
  package var count: Int { meeting.count }
  private let meeting: Meeting

  /// The results of `body` on `count` threads, each with its place in the group.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadGroup) -> Result
  ) -> [Result] {
    let meeting = Meeting(count)
    let results = Mutex([Result?](repeating: nil, count: count))
    let done = DispatchGroup()
    for rank in 0..<count {
      // A queue of its own is a thread of its own, which may wait for the others.
      DispatchQueue(label: "bidual.rank.\(rank)").async(group: done) {
        let result = body(ThreadGroup(rank: rank, meeting: meeting))
        results.withLock { $0[rank] = result }
      }
    }
    done.wait()
    return results.withLock { $0.compactMap(\.self) }
  }

  /// The bytes that rank 0 gives.
  package func broadcast(_ bytes: [UInt8]) -> [UInt8] { meeting.exchange(rank == 0 ? bytes : [], rank)[0] }

  /// Leaves word for the others.
  package func interrupt() { meeting.interrupt() }

  /// Whether word was left.
  package var isInterrupted: Bool { meeting.isInterrupted }

  /// The bytes of all ranks in order, at rank 0.
  package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    let all = meeting.exchange(bytes, rank)
    return rank == 0 ? all : []
  }
}

/// Where threads leave what they bring until all have come.
private final class Meeting: Sendable {
  private struct Table {
    var brought: [[UInt8]]
    var arrived = 0
    /// What all brought last. No one brings anything anew before having taken it.
    var last: [[UInt8]] = []
    var isInterrupted = false
  }

  private let table: Mutex<Table>
  private let wakes: [DispatchSemaphore]
  var count: Int { wakes.count }

  init(_ count: Int) {
    table = Mutex(Table(brought: Array(repeating: [], count: count)))
    wakes = (0..<count).map { _ in DispatchSemaphore(value: 0) }
  }

  func interrupt() { table.withLock { $0.isInterrupted = true } }

  var isInterrupted: Bool { table.withLock { $0.isInterrupted } }

  /// What all have brought, once they have.
  func exchange(_ bytes: [UInt8], _ rank: Int) -> [[UInt8]] {
    let isLast = table.withLock { table in
      table.brought[rank] = bytes
      table.arrived += 1
      guard table.arrived == count else { return false }
      table.arrived = 0
      table.isInterrupted = false
      table.last = table.brought
      return true
    }
    if isLast {
      for other in 0..<count where other != rank { wakes[other].signal() }
    } else {
      wakes[rank].wait()
    }
    return table.withLock { $0.last }
  }
}

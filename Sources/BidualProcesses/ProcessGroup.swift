/// Processes that compute together: one alone, threads in the place of processes, or the ranks of an MPI run.
///
/// All processes of a group call its methods in the same order; each call waits for all others.
package protocol ProcessGroup: Sendable {
  /// Which of the processes this is, from 0 on.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }

  /// The bytes that rank 0 gives, at every rank; what others give is left alone.
  func broadcast(_ bytes: [UInt8]) -> [UInt8]

  /// The bytes of all ranks in order, at rank 0; nothing elsewhere.
  func gather(_ bytes: [UInt8]) -> [[UInt8]]
}

extension ProcessGroup {
  /// The entrywise sums of all ranks' numbers at every rank, added in order of rank: the same bytes in every run.
  ///
  /// - Complexity: O(values·ranks) at rank 0.
  package func sum(_ values: [Double]) -> [Double] {
    var message = Message()
    message.append(values)
    var total: [Double] = []
    for (rank, bytes) in gather(message.bytes).enumerated() {
      var part = Message(bytes)
      let numbers: [Double] = part.list()
      precondition(numbers.count == values.count, "all ranks add up as many numbers")
      total = rank == 0 ? numbers : zip(total, numbers).map { $0 + $1 }
    }
    var sums = Message()
    sums.append(total)
    var answer = Message(broadcast(sums.bytes))
    return answer.list()
  }
}

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

  /// The bytes that rank 0 gives this rank; what others give is left alone.
  func scatter(_ parts: [[UInt8]]) -> [UInt8]

  /// At rank 0: lets the others know that what they do until all meet next is not wanted any more.
  func interrupt()

  /// Whether rank 0 said so since all met last; from any thread.
  var isInterrupted: Bool { get }
}

extension ProcessGroup {
  /// All parts go to all ranks.
  package func scatter(_ parts: [[UInt8]]) -> [UInt8] {
    var message = Message()
    for part in parts { message.append(part) }
    var told = Message(broadcast(message.bytes))
    for _ in 0..<rank { let _: [UInt8] = told.list() }
    return told.list()
  }

  /// The entrywise sums of all ranks' numbers at rank 0, added in order of rank: the same bytes in every run; nothing elsewhere.
  ///
  /// - Complexity: O(values·ranks) at rank 0.
  @discardableResult package func total(_ values: [Double]) -> [Double] {
    var message = Message()
    message.append(values)
    var total: [Double] = []
    for (rank, bytes) in gather(message.bytes).enumerated() {
      var part = Message(bytes)
      let numbers: [Double] = part.list()
      precondition(numbers.count == values.count, "all ranks add up as many numbers")
      if rank == 0 {
        total = numbers
      } else {
        for place in total.indices { total[place] += numbers[place] }
      }
    }
    return total
  }

  /// The places of this rank's share of so many in a row, of as equal size as can be.
  package func share(of count: Int, at rank: Int) -> Range<Int> {
    (count * rank / self.count)..<(count * (rank + 1) / self.count)
  }
}

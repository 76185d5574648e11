import BidualProcesses
import Testing

/// Groups of processes: one alone, and threads in their place.
@Suite struct ProcessGroupTests {
  @Test(arguments: [1, 2, 3, 8]) func everyRankHasItsPlace(count: Int) {
    let places = ThreadGroup.run(count) { ($0.rank, $0.count) }
    #expect(places.map { $0.0 } == Array(0..<count))
    #expect(places.allSatisfy { $0.1 == count })
  }

  @Test(arguments: [1, 2, 5]) func rankZeroTellsTheOthersAndHearsThem(count: Int) {
    let heard = ThreadGroup.run(count) { group in
      (0..<200).map { round -> [[UInt8]] in
        let told = group.broadcast(group.rank == 0 ? [UInt8(round)] : [99])
        return [told] + group.gather([UInt8(group.rank), UInt8(round)])
      }
    }
    for (rank, rounds) in heard.enumerated() {
      for (round, messages) in rounds.enumerated() {
        #expect(messages[0] == [UInt8(round)])
        let gathered = rank == 0 ? (0..<count).map { [UInt8($0), UInt8(round)] } : []
        #expect(Array(messages.dropFirst()) == gathered)
      }
    }
  }

  /// Floating point tells the order of a sum.
  @Test func sumsAreInOrderOfRank() {
    let parts = [1e16, 1, -1e16, 1]
    let sums = ThreadGroup.run(4) { group in group.sum([parts[group.rank], Double(group.rank)]) }
    #expect(sums.allSatisfy { $0 == [((parts[0] + parts[1]) + parts[2]) + parts[3], 6] })
  }

  @Test func aProcessAloneTalksToItself() {
    let group = SingleProcess()
    #expect(group.rank == 0 && group.count == 1)
    #expect(group.broadcast([1, 2]) == [1, 2] && group.gather([3]) == [[3]])
    #expect(group.sum([0.5, -1]) == [0.5, -1])
  }

  @Test func messagesAreReadAsTheyWereWritten() {
    var message = Message()
    message.append(UInt8(7))
    message.append([1.5, -.infinity])
    message.append([Int32]())
    message.append(-3)
    var read = Message(message.bytes)
    #expect(read.next() == UInt8(7))
    #expect(read.list() == [1.5, -.infinity])
    #expect(read.list() == [Int32]())
    #expect(read.next() == -3)
  }
}

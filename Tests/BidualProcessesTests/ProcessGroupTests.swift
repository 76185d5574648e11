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
    let sums = ThreadGroup.run(4) { group in group.total([parts[group.rank], Double(group.rank)]) }
    #expect(sums == [[((parts[0] + parts[1]) + parts[2]) + parts[3], 6], [], [], []])
  }

  @Test(arguments: [1, 2, 5]) func everyRankGetsItsPart(count: Int) {
    let parts = (0..<count).map { [UInt8](repeating: UInt8($0), count: $0) }
    #expect(ThreadGroup.run(count) { group in group.scatter(group.rank == 0 ? parts : []) } == parts)
  }

  @Test(arguments: [1, 3, 8]) func sharesMakeUpAll(count: Int) {
    let shares = ThreadGroup.run(count) { group in group.share(of: 20, at: group.rank) }
    #expect(shares.flatMap(Array.init) == Array(0..<20))
    #expect(shares.allSatisfy { (20 / count...20 / count + 1).contains($0.count) })
  }

  /// Word is for what is done now, and for nothing that is done later.
  @Test func othersHearThatTheirWorkIsNotWanted() {
    let heard = ThreadGroup.run(3) { group -> [Bool] in
      (0..<50).map { round in
        _ = group.broadcast([])
        if group.rank == 0, round % 2 == 0 { group.interrupt() }
        while group.rank > 0, round % 2 == 0, !group.isInterrupted {}
        let isInterrupted = group.isInterrupted
        _ = group.gather([])
        return isInterrupted
      }
    }
    #expect(heard.allSatisfy { $0 == (0..<50).map { $0 % 2 == 0 } })
  }

  @Test func aProcessAloneTalksToItself() {
    let group = SingleProcess()
    #expect(group.rank == 0 && group.count == 1)
    #expect(group.broadcast([1, 2]) == [1, 2] && group.gather([3]) == [[3]])
    #expect(group.scatter([[4]]) == [4] && group.total([0.5, -1]) == [0.5, -1])
  }

  /// The first byte of a message says whose it is.
  @Test func messagesGoToTheirService() {
    final class Adding: RankService {
      static let letter = UInt8(ascii: "a")
      func take(_ message: inout Message, in group: some ProcessGroup) {
        group.total([message.next() * Double(group.rank)])
      }
    }
    let totals = ThreadGroup.run(3) { group -> [Double] in
      guard group.rank == 0 else {
        HelpingRanks.serve(group, by: [Adding()])
        return []
      }
      let totals = (1...3).map { factor -> Double in
        var message = Message(to: Adding.self)
        message.append(Double(factor))
        _ = group.broadcast(message.bytes)
        return group.total([0])[0]
      }
      HelpingRanks.dismiss(group)
      return totals
    }
    #expect(totals == [[3, 6, 9], [], []])
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

import BidualLinear
import Foundation
import Testing

@testable import BidualSolvers

@Suite struct MiniBatchesTests {
  /// An epoch holds each sample once, in an order that is its own unless all come at once.
  @Test(arguments: [1, 3, 7, 10, 25]) func epochsHoldEachSampleOnce(size: Int) {
    var batches = MiniBatches(samples: 10, generator: SeededGenerator(seed: 1))
    var orders: [[Int]] = []
    for epoch in 0..<3 {
      #expect(batches.isAtStart && batches.epoch == epoch)
      var order: [Int] = []
      while !batches.isAtEnd {
        let rows = batches.next(size)
        #expect(rows.count == min(size, 10 - order.count))
        order += rows
      }
      #expect(order.sorted() == Array(0..<10))
      orders.append(order)
      batches.endEpoch()
    }
    #expect(Set(orders).count == (size < 10 ? 3 : 1))
    #expect(size < 10 || orders[0] == Array(0..<10))
  }

  /// A state from a file goes on as the one that was written.
  @Test func statesGoOn() throws {
    var batches = MiniBatches(samples: 9, generator: SeededGenerator(seed: 2))
    _ = batches.next(4)
    var other = try JSONDecoder().decode(MiniBatches.self, from: JSONEncoder().encode(batches))
    #expect(other.fits(samples: 9) && !other.fits(samples: 8))
    for _ in 0..<10 {
      #expect(batches.next(4) == other.next(4))
      if batches.isAtEnd {
        batches.endEpoch()
        other.endEpoch()
      }
    }
    #expect(batches.epoch == other.epoch && batches.epoch > 1)
  }
}

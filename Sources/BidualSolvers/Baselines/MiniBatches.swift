import BidualLinear

/// The samples of one epoch after another, in mini-batches without replacement, in an order that is new in each epoch.
struct MiniBatches: Codable, Sendable {
  /// Epochs done.
  private(set) var epoch = 0
  /// Samples of the epoch under way that were used already, in the order of `order`.
  private(set) var position = 0
  private var order: [Int]
  private var generator: SeededGenerator

  /// Before the first epoch of so many samples.
  init(samples: Int, generator: SeededGenerator) {
    order = Array(0..<samples)
    self.generator = generator
  }

  /// Whether no samples of the epoch under way were used.
  var isAtStart: Bool { position == 0 }

  /// Whether all of them were.
  var isAtEnd: Bool { position == order.count }

  /// The next samples, `size` of them or as many as are left; all of them at once are in the order of the data.
  mutating func next(_ size: Int) -> ArraySlice<Int> {
    if isAtStart, size < order.count { order.shuffle(using: &generator) }
    let rows = order[position..<min(order.count, position + size)]
    position = rows.endIndex
    return rows
  }

  /// Goes on to the next epoch.
  mutating func endEpoch() {
    position = 0
    epoch += 1
  }

  /// Whether it is a state among so many samples.
  func fits(samples: Int) -> Bool {
    epoch >= 0 && (0...samples).contains(position) && order.count == samples
      && Set(order) == Set(0..<samples)
  }
}

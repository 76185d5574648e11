import BidualLinear

/// One search a lane of `concurrentMap`; each is used by one thread at a time.
struct BoxSearches<Relaxation: BoxRelaxation>: @unchecked Sendable {
  private let searches: [BoxSearch<Relaxation>]

  /// Searches for `threads` threads, each with a relaxation of its own.
  init(threads: Int, _ relaxation: () -> Relaxation) {
    searches = (0..<threads).map { _ in BoxSearch(relaxation()) }
  }

  /// Searches boxes of a list, by index; outcomes come in the order of the ranges.
  func run(
    _ boxes: Boxes, _ ranges: [Range<Int>], objective: Relaxation.Objective, task: BoxTask,
    isCancelled: @Sendable () -> Bool
  ) -> [BoxOutcome] {
    concurrentMap(ranges.count, threads: searches.count) { index, lane in
      searches[lane].run(boxes, ranges[index], objective: objective, task: task, isCancelled: isCancelled)
    }
  }
}

import BidualLinear
import BidualProcesses

/// Searches whose boxes and cones are bounded by several processes.
///
/// Rank 0 runs the program: it keeps the regions that wait, and deals out each batch of them by index. The others serve: they are told
/// an objective and then regions, and need neither data nor settings. Outcomes are taken in the order of the batch, so that the answer
/// is the same in every run with the same number of processes, on machines of one kind.
package enum SearchFarm {
  /// The processes that bound regions for the searches of this task; none if nil.
  ///
  /// It is not handed on to the threads of `concurrentMap`: searches that run side by side run alone.
  @TaskLocal package static var processes: (any ProcessGroup)?

  /// The processes, at the rank that searches, if there are others.
  static var helped: (any ProcessGroup)? {
    processes.flatMap { $0.rank == 0 && $0.count > 1 ? $0 : nil }
  }

  /// Bounds regions for rank 0 on so many threads, until it sends the others home.
  package static func serve(_ group: some ProcessGroup, threads: Int) {
    BLAS.singleThreaded {
      var server: (any FarmServer)?
      while true {
        var message = Message(group.broadcast([]))
        switch FarmOrder(rawValue: message.next()) {
        case .moments: server = BoxServer<MomentRelaxation>(from: &message, threads: threads)
        case .vectors: server = BoxServer<VectorRelaxation>(from: &message, threads: threads)
        case .cones: server = ConeServer(from: &message, threads: threads)
        case .batch:
          _ = group.gather(server?.answer(&message, rank: group.rank, of: group.count) ?? [])
        case .leave, nil: return
        }
      }
    }
  }

  /// Sends the processes that serve home; for rank 0, at the end.
  package static func dismiss(_ group: some ProcessGroup) {
    guard group.count > 1 else { return }
    _ = group.broadcast(Message(FarmOrder.leave).bytes)
  }
}

/// What rank 0 asks of the others: the first byte of each message.
enum FarmOrder: UInt8 {
  /// To leave.
  case leave
  /// To take in an objective: with one output, with several, or one for cones.
  case moments, vectors, cones
  /// To bound their regions of a batch.
  case batch
}

extension Message {
  /// A message that begins with an order.
  init(_ order: FarmOrder) {
    self.init()
    append(order.rawValue)
  }
}

/// What bounds regions at each of the processes, with an objective that it has been told.
protocol FarmServer {
  /// What those of a batch whose turn it is brought: index i is that of rank i modulo the number of processes.
  func answer(_ batch: inout Message, rank: Int, of count: Int) -> [UInt8]
}

extension ProcessGroup {
  /// The outcomes of a batch of regions, in order, by all ranks; for rank 0.
  ///
  /// - Parameters:
  ///   - batch: the order with the regions.
  ///   - own: the outcomes of the regions with these indices.
  ///   - read: reads an outcome that another rank wrote.
  func outcomes<Outcome>(
    of regions: Int, batch: Message, own: ([Int]) -> [Outcome], read: (inout Message) -> Outcome
  ) -> [Outcome] {
    _ = broadcast(batch.bytes)
    var all = [Outcome?](repeating: nil, count: regions)
    let mine = Array(stride(from: 0, to: regions, by: count))
    for (index, outcome) in zip(mine, own(mine)) { all[index] = outcome }
    for (rank, bytes) in gather([]).enumerated().dropFirst() {
      var answer = Message(bytes)
      for index in stride(from: rank, to: regions, by: count) { all[index] = read(&answer) }
    }
    return all.map {
      guard let outcome = $0 else { preconditionFailure("every region has a rank") }
      return outcome
    }
  }
}

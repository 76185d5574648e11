import BidualLinear
import BidualProcesses

/// Searches whose boxes and cones are bounded by several processes (`HelpingRanks`), here at those that help.
///
/// Rank 0 keeps the regions that wait, and deals out each batch of them by index. The others are told an objective and then regions, and
/// need neither data nor settings. Outcomes are taken in the order of the batch, so that the answer is the same in every run with the
/// same number of processes, on machines of one kind.
package final class SearchFarm: RankService {
  /// The first byte of its messages.
  package static let letter = UInt8(ascii: "s")
  private let threads: Int
  private var server: (any FarmServer)?

  /// Bounds regions on so many threads.
  package init(threads: Int) { self.threads = threads }

  /// Takes in an objective, or bounds regions.
  package func take(_ message: inout Message, in group: some ProcessGroup) {
    BLAS.singleThreaded {
      switch FarmOrder(rawValue: message.next()) {
      case .moments: server = BoxServer<MomentRelaxation>(from: &message, threads: threads)
      case .vectors: server = BoxServer<VectorRelaxation>(from: &message, threads: threads)
      case .cones: server = ConeServer(from: &message, threads: threads)
      case .batch: _ = group.gather(server?.answer(&message, in: group) ?? [])
      case nil: preconditionFailure("every message is an order")
      }
    }
  }
}

/// What rank 0 asks of the others.
enum FarmOrder: UInt8 {
  /// To take in an objective: with one output, with several, or one for cones.
  case moments, vectors, cones
  /// To bound their regions of a batch.
  case batch
}

extension Message {
  /// A message that begins with an order.
  init(_ order: FarmOrder) {
    self.init(to: SearchFarm.self)
    append(order.rawValue)
  }
}

/// What bounds regions at each of the processes, with an objective that it has been told.
protocol FarmServer {
  /// What those of a batch whose turn it is brought, until rank 0 lets it be: index i is that of rank i modulo the number of processes.
  func answer(_ batch: inout Message, in group: some ProcessGroup) -> [UInt8]
}

extension ProcessGroup {
  /// The outcomes of a batch of regions, in order, by all ranks; for rank 0.
  ///
  /// - Parameters:
  ///   - batch: the order with the regions.
  ///   - isCancelled: asked when this rank's own are done, for the others.
  ///   - own: the outcomes of the regions with these indices.
  ///   - read: reads an outcome that another rank wrote.
  func outcomes<Outcome>(
    of regions: Int, batch: Message, isCancelled: () -> Bool, own: ([Int]) -> [Outcome],
    read: (inout Message) -> Outcome
  ) -> [Outcome] {
    _ = broadcast(batch.bytes)
    var all = [Outcome?](repeating: nil, count: regions)
    let mine = Array(stride(from: 0, to: regions, by: count))
    for (index, outcome) in zip(mine, own(mine)) { all[index] = outcome }
    if isCancelled() { interrupt() }
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

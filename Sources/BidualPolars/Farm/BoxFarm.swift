import BidualProcesses

/// Searches of boxes for one objective, by the threads of this process and those of the others that help it.
struct BoxFarm<Relaxation: BoxRelaxation> {
  private let server: BoxServer<Relaxation>
  private let helpers: (any ProcessGroup)?
  /// How many processes search.
  var processes: Int { helpers?.count ?? 1 }

  /// Tells the objective to the other processes, if there are any.
  init(_ objective: Relaxation.Objective, threads: Int) {
    server = BoxServer(objective, threads: threads)
    helpers = HelpingRanks.helped
    guard let helpers else { return }
    var message = Message(Relaxation.order)
    objective.write(to: &message)
    _ = helpers.broadcast(message.bytes)
  }

  /// Searches boxes of a list, by index; outcomes come in the order of the ranges.
  func run(_ boxes: Boxes, _ ranges: [Range<Int>], task: BoxTask, isCancelled: @Sendable () -> Bool)
    -> [BoxOutcome]
  {
    func searched(_ ranges: [Range<Int>]) -> [BoxOutcome] {
      server.searches.run(
        boxes, ranges, objective: server.objective, task: task, isCancelled: isCancelled)
    }
    // One search alone is nearer than any other process.
    guard let helpers, ranges.count > 1 else { return searched(ranges) }
    var batch = Message(FarmOrder.batch)
    batch.append(task)
    boxes.write(to: &batch)
    batch.append(ranges.flatMap { [$0.lowerBound, $0.upperBound] })
    return helpers.outcomes(of: ranges.count, batch: batch, isCancelled: isCancelled) { indices in
      searched(indices.map { ranges[$0] })
    } read: {
      BoxOutcome(from: &$0)
    }
  }
}

/// The searches of boxes of one process.
struct BoxServer<Relaxation: BoxRelaxation>: FarmServer {
  fileprivate let objective: Relaxation.Objective
  fileprivate let searches: BoxSearches<Relaxation>

  fileprivate init(_ objective: Relaxation.Objective, threads: Int) {
    self.objective = objective
    searches = BoxSearches(threads: threads) { Relaxation(for: objective) }
  }

  /// For an objective that rank 0 told.
  init(from message: inout Message, threads: Int) {
    self.init(Relaxation.Objective(from: &message), threads: threads)
  }

  func answer(_ batch: inout Message, in group: some ProcessGroup) -> [UInt8] {
    let task: BoxTask = batch.next()
    let boxes = Boxes(from: &batch)
    let ends: [Int] = batch.list()
    let mine = stride(from: group.rank, to: ends.count / 2, by: group.count).map {
      ends[2 * $0]..<ends[2 * $0 + 1]
    }
    var answer = Message()
    for outcome in searches.run(
      boxes, mine, objective: objective, task: task, isCancelled: { group.isInterrupted })
    {
      outcome.write(to: &answer)
    }
    return answer.bytes
  }
}

extension BoxOutcome {
  fileprivate init(from message: inout Message) {
    settledBound = message.next()
    violatedBound = message.next()
    nodes = message.next()
    let violators: Int = message.next()
    self.violators = (0..<violators).map { _ in BoxValue(from: &message) }
    best = message.next() ? BoxValue(from: &message) : nil
    open = Boxes(from: &message)
  }

  fileprivate func write(to message: inout Message) {
    message.append(settledBound)
    message.append(violatedBound)
    message.append(nodes)
    message.append(violators.count)
    for violator in violators { violator.write(to: &message) }
    message.append(best != nil)
    best?.write(to: &message)
    open.write(to: &message)
  }
}

extension BoxValue {
  fileprivate init(from message: inout Message) {
    value = message.next()
    side = message.next()
    direction = message.list()
  }

  fileprivate func write(to message: inout Message) {
    message.append(value)
    message.append(side)
    message.append(direction)
  }
}

import BidualLinear
import BidualObjectives
import BidualProcesses

/// What the search of cones is to do.
struct ConeTask {
  /// Cones are searched until they are bounded by this number.
  var threshold: Double
  /// How many cones one search bounds at most.
  var limit: Int
  /// How many violators one search looks for.
  var maximumViolators: Int
}

/// Searches of cones for the objectives of both signs, by the threads of this process and those of the others that help it.
struct ConeFarm {
  private let server: ConeServer
  private let helpers: (any ProcessGroup)?
  /// How many processes search.
  var processes: Int { helpers?.count ?? 1 }

  /// Tells the objectives to the other processes, if there are any.
  init(_ objectives: [ConeObjective], ball: FirstLayerNorm, axisScales: [Double], threads: Int) {
    server = ConeServer(objectives, ball: ball, axisScales: axisScales, threads: threads)
    helpers = HelpingRanks.helped
    guard let helpers else { return }
    var message = Message(FarmOrder.cones)
    server.write(to: &message)
    _ = helpers.broadcast(message.bytes)
  }

  /// Searches cones; outcomes come in their order.
  func run(_ cones: [OpenCone], task: ConeTask, isCancelled: @Sendable () -> Bool) -> [ConeSearch.Outcome] {
    // One search alone is nearer than any other process.
    guard let helpers, cones.count > 1 else { return server.run(cones, task, isCancelled: isCancelled) }
    var batch = Message(FarmOrder.batch)
    batch.append(task)
    batch.append(cones.count)
    for cone in cones { cone.write(to: &batch) }
    return helpers.outcomes(of: cones.count, batch: batch, isCancelled: isCancelled) { indices in
      server.run(indices.map { cones[$0] }, task, isCancelled: isCancelled)
    } read: {
      ConeSearch.Outcome(from: &$0)
    }
  }
}

/// The searches of cones of one process.
struct ConeServer: FarmServer, @unchecked Sendable {
  private let objectives: [ConeObjective]
  private let ball: FirstLayerNorm
  private let axisScales: [Double]
  /// One a lane of `concurrentMap`; each is used by one thread at a time.
  private let searches: [ConeSearch]

  fileprivate init(
    _ objectives: [ConeObjective], ball: FirstLayerNorm, axisScales: [Double], threads: Int
  ) {
    self.objectives = objectives
    self.ball = ball
    self.axisScales = axisScales
    searches = (0..<threads).map { _ in
      ConeSearch(rank: axisScales.count, ball: ball, axisScales: axisScales)
    }
  }

  /// For objectives that rank 0 told.
  init(from message: inout Message, threads: Int) {
    let isSimplex: Bool = message.next()
    let axisScales: [Double] = message.list()
    let rows: [Double] = message.list()
    let design = Matrix(
      rows: rows.count / max(axisScales.count, 1), columns: axisScales.count, elements: rows)
    let objectives = [1.0, -1.0].map { sign in
      let weights: [Double] = message.list()
      return ConeObjective(rows: design, weights: weights, linear: message.list(), sign: sign)
    }
    self.init(objectives, ball: isSimplex ? .l1 : .l2, axisScales: axisScales, threads: threads)
  }

  fileprivate func write(to message: inout Message) {
    message.append(ball == .l1)
    message.append(axisScales)
    message.append(objectives[0].rows.elements)
    for objective in objectives {
      message.append(objective.weights)
      message.append(objective.linear)
    }
  }

  fileprivate func run(_ cones: [OpenCone], _ task: ConeTask, isCancelled: @Sendable () -> Bool)
    -> [ConeSearch.Outcome]
  {
    concurrentMap(cones.count, threads: searches.count) { index, lane in
      searches[lane].run(
        cones[index], objective: objectives[cones[index].side], threshold: task.threshold,
        limit: task.limit, maximumViolators: task.maximumViolators, isCancelled: isCancelled)
    }
  }

  func answer(_ batch: inout Message, in group: some ProcessGroup) -> [UInt8] {
    let task: ConeTask = batch.next()
    let number: Int = batch.next()
    let cones = (0..<number).map { _ in OpenCone(from: &batch) }
    let mine = stride(from: group.rank, to: number, by: group.count).map { cones[$0] }
    var answer = Message()
    for outcome in run(mine, task, isCancelled: { group.isInterrupted }) { outcome.write(to: &answer) }
    return answer.bytes
  }
}

extension OpenCone {
  fileprivate init(from message: inout Message) {
    generators = message.list()
    depth = message.next()
    bound = message.next()
    side = message.next()
  }

  fileprivate func write(to message: inout Message) {
    message.append(generators)
    message.append(depth)
    message.append(bound)
    message.append(side)
  }
}

extension ConeSearch.Outcome {
  fileprivate init(from message: inout Message) {
    settledBound = message.next()
    violatedBound = message.next()
    nodes = message.next()
    let violators: Int = message.next()
    self.violators = (0..<violators).map { _ in (message.next(), message.list()) }
    best = (message.next(), message.list())
    let open: Int = message.next()
    self.open = (0..<open).map { _ in OpenCone(from: &message) }
  }

  fileprivate func write(to message: inout Message) {
    message.append(settledBound)
    message.append(violatedBound)
    message.append(nodes)
    message.append(violators.count)
    for (value, direction) in violators + [best] {
      message.append(value)
      message.append(direction)
    }
    message.append(open.count)
    for cone in open { cone.write(to: &message) }
  }
}

import BidualIO
import BidualLinear
import BidualModels
import BidualProcesses

/// Folds that several processes train, here at those that help (`CrossValidation.sharedFits`).
///
/// Rank 0 tells them the arguments of its run, by which each of them makes the same cross-validation of data that it reads itself.
package final class SharedFolds: RankService {
  /// A cross-validation with what it is about.
  package struct Work {
    /// The folds and how to train.
    package let validation: CrossValidation
    /// All rows.
    package let dataset: Dataset
    /// What the targets stand for, if they are classes.
    package let classes: ClassLabels?
    /// What makes data sets of rows; the data set itself if nil.
    package let source: (any FoldSource)?

    /// Work from its parts.
    package init(
      _ validation: CrossValidation, on dataset: Dataset, classes: ClassLabels? = nil,
      source: (any FoldSource)? = nil
    ) {
      self.validation = validation
      self.dataset = dataset
      self.classes = classes
      self.source = source
    }

    /// By which processes see that they are about the same.
    fileprivate var fingerprint: String { validation.subject(dataset).fingerprint }
  }

  /// The first byte of its messages.
  package static let letter = UInt8(ascii: "f")
  private let make: ([String]) throws -> Work
  private var work: Work?

  /// Trains folds of the cross-validation that `make` makes of arguments.
  package init(making make: @escaping ([String]) throws -> Work) { self.make = make }

  /// Makes a cross-validation, or trains some of its folds.
  package func take(_ message: inout Message, in group: some ProcessGroup) {
    var answer = Message()
    do {
      switch FoldOrder(rawValue: message.next()) {
      case .begin:
        let work = try make((0..<message.next()).map { _ in message.text() })
        self.work = work
        answer.append(true)
        answer.append(work.fingerprint)
      case .fits:
        let round = FoldRound(from: &message, places: group.scatter([]))
        guard let work else { preconditionFailure("a cross-validation is made before its folds are trained") }
        let fits = try round.fits(of: work)
        answer.append(true)
        answer.append(fits.isWhole)
        answer.append(fits.all.count)
        for fit in fits.all { fit.write(to: &answer) }
      case nil: preconditionFailure("every message is an order")
      }
    } catch {
      answer.append(false)
      answer.append("\(error)")
    }
    _ = group.gather(answer.bytes)
  }
}

extension CrossValidation {
  /// Trains without each of some folds, with the help of other processes: `threads` folds at a time at each of them.
  ///
  /// - Parameters:
  ///   - group: the processes, whose others run `SharedFolds`; this is rank 0.
  ///   - arguments: by which they make this cross-validation.
  ///   - kept: as `fits` has it; written where an interval has passed after a round.
  /// - Returns: what `fits` gives, to the byte, where no time limit cuts in.
  /// - Throws: as `fits`, and of kind `badData` where another process can't read the data, or reads others.
  package func sharedFits(
    _ dataset: Dataset, classes: ClassLabels? = nil, grid: [Double], places: [Int],
    source: (any FoldSource)? = nil, stop: StopSignal = StopSignal(), kept: KeptFits? = nil,
    by group: any ProcessGroup, arguments: [String], progress: @escaping @Sendable () -> Void = {}
  ) throws(DataError) -> [FoldFit] {
    let work = SharedFolds.Work(self, on: dataset, classes: classes, source: source)
    try begin(work, by: group, arguments)
    var fits: [Int: FoldFit] = [:]
    for place in places {
      guard let done = kept?.fit(folds[place]) else { continue }
      fits[place] = done
      progress()
    }
    let open = places.filter { fits[$0] == nil }
    let size = group.count * training.threads
    for first in stride(from: 0, to: open.count, by: size) {
      let now = Array(open[first..<min(open.count, first + size)])
      let share = stop.firstPart(1 / Double((open.count - first + size - 1) / size))
      let found = try round(work, grid, now, share, by: group, progress)
      for (place, fit) in zip(now, found.all) {
        fits[place] = fit
        if found.isWhole { kept?.take(fit, grid: grid) }
      }
    }
    kept?.save(grid: grid)
    return places.compactMap { fits[$0] }
  }

  private func begin(_ work: SharedFolds.Work, by group: any ProcessGroup, _ arguments: [String])
    throws(DataError)
  {
    var order = Message(FoldOrder.begin)
    order.append(arguments.count)
    for argument in arguments { order.append(argument) }
    _ = group.broadcast(order.bytes)
    let own = work.fingerprint
    for (rank, bytes) in group.gather([]).enumerated().dropFirst() {
      var answer = try Message.answer(bytes, of: rank)
      guard answer.text() == own else {
        throw DataError(
          .badData,
          "rank \(rank) reads other data than rank 0; give all machines the same files, or run without mpirun"
        )
      }
    }
  }

  /// Trains some folds at a stretch, so many in a row at each process.
  private func round(
    _ work: SharedFolds.Work, _ grid: [Double], _ places: [Int], _ stop: StopSignal,
    by group: any ProcessGroup, _ progress: @escaping @Sendable () -> Void
  ) throws(DataError) -> (all: [FoldFit], isWhole: Bool) {
    let shares = (0..<group.count).map { Array(places[group.share(of: places.count, at: $0)]) }
    var order = Message(FoldOrder.fits)
    order.append(grid)
    order.append(stop.secondsLeft ?? .infinity)
    _ = group.broadcast(order.bytes)
    _ = group.scatter(
      shares.map { share in
        var part = Message()
        part.append(share)
        return part.bytes
      })
    let own = Result { () throws(DataError) in
      try FoldRound(grid: grid, places: shares[0], stop: stop, progress: progress).fits(of: work)
    }
    let answers = group.gather([])
    var (all, isWhole) = try own.get()
    for (rank, bytes) in answers.enumerated().dropFirst() {
      var answer = try Message.answer(bytes, of: rank)
      let isDone: Bool = answer.next()
      isWhole = isWhole && isDone
      let fits = (0..<answer.next()).map { _ in FoldFit(from: &answer) }
      for _ in fits { progress() }
      all += fits
    }
    return (all, isWhole)
  }
}

/// Some folds that one process trains side by side.
private struct FoldRound {
  var grid: [Double]
  var places: [Int]
  var stop: StopSignal
  var progress: @Sendable () -> Void = {}

  /// The fits, and whether no limit cut them short.
  func fits(of work: SharedFolds.Work) throws(DataError) -> (all: [FoldFit], isWhole: Bool) {
    let fits = try work.validation.fits(
      work.dataset, classes: work.classes, grid: grid, places: places, source: work.source, stop: stop,
      progress: progress)
    return (fits, !stop.isRaised)
  }
}

extension FoldRound {
  /// What rank 0 asks for.
  fileprivate init(from message: inout Message, places: [UInt8]) {
    let grid: [Double] = message.list()
    let seconds: Double = message.next()
    var part = Message(places)
    self.init(
      grid: grid, places: part.list(),
      stop: StopSignal(timeLimit: seconds.isFinite ? .seconds(seconds) : nil))
  }
}

/// What rank 0 asks of those that train folds.
private enum FoldOrder: UInt8 {
  /// To make a cross-validation.
  case begin
  /// To train folds.
  case fits
}

extension Message {
  fileprivate init(_ order: FoldOrder) {
    self.init(to: SharedFolds.self)
    append(order.rawValue)
  }

  /// What a rank answers behind the byte that says that all is well.
  fileprivate static func answer(_ bytes: [UInt8], of rank: Int) throws(DataError) -> Message {
    var answer = Message(bytes)
    guard answer.next() else { throw DataError(.badData, "rank \(rank): \(answer.text())") }
    return answer
  }
}

extension FoldFit {
  fileprivate init(from message: inout Message) {
    split = message.next()
    fold = message.next()
    points = (0..<message.next()).map { _ in
      Point(
        predictions: message.list(), objective: message.next(), gap: message.next(), neurons: message.next())
    }
  }

  fileprivate func write(to message: inout Message) {
    message.append(split)
    message.append(fold)
    message.append(points.count)
    for point in points {
      message.append(point.predictions)
      message.append(point.objective)
      message.append(point.gap)
      message.append(point.neurons)
    }
  }
}

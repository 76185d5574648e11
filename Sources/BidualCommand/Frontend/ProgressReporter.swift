import Bidual

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Shows progress on a terminal and writes it to a log, a JSON object a line.
final class ProgressReporter {
  private struct Line: Encodable {
    let iteration: Int
    let workingSet: Int
    let objective: Double
    let lowerBound: Double
    let relativeGap: Double
    /// The gap if the chambers known were all: no proof.
    let localGap: Double?
    let nodes: Int
    let seconds: Double
    let secondsLeft: Double?
  }

  private let start = ContinuousClock.now
  private let isShown: Bool
  private let log: LogFile?
  private var timeLeft: TimeLeft

  /// - Parameters:
  ///   - isContinued: whether the log of an earlier run goes on.
  ///   - timeLeft: how to estimate when the run will end.
  /// - Throws: `DataError` of kind `cannotWrite` if the log can't be opened.
  init(quiet: Bool, log path: String?, isContinued: Bool = false, timeLeft: TimeLeft) throws {
    isShown = !quiet && Console.isInteractive
    log = try path.map { try LogFile($0, appending: isContinued) }
    self.timeLeft = timeLeft
  }

  /// Seconds since the start.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  func report(_ progress: TrainingProgress) {
    let gap = Certificate.relativeGap(objective: progress.objective, lowerBound: progress.lowerBound)
    let localGap = progress.localGap.flatMap { $0.isFinite ? $0 : nil }
    let seconds = seconds
    timeLeft.note(round: progress.iteration, gap: localGap ?? gap, seconds: seconds)
    let left = timeLeft.estimate(at: seconds)
    if isShown {
      Console.overwrite(
        "round \(progress.iteration): \(progress.workingSet) \(progress.unit.rawValue), objective \(Figures.short(progress.objective)), "
          + "lower bound \(Figures.short(progress.lowerBound)), gap \(Figures.short(gap)), "
          + (localGap.map { "by local search \(Figures.short($0)), " } ?? "") + "\(Figures.short(seconds)) s"
          + (left.map { ", about \(Figures.span($0)) left" } ?? "")
      )
    }
    log?.append(
      Line(
        iteration: progress.iteration, workingSet: progress.workingSet, objective: progress.objective,
        lowerBound: progress.lowerBound, relativeGap: gap, localGap: localGap, nodes: progress.nodes,
        seconds: seconds,
        secondsLeft: left))
  }

  /// Clears the line on the terminal.
  func finish() {
    if isShown { Console.overwrite("") }
  }
}

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
    let nodes: Int
    let seconds: Double
  }

  private let start = ContinuousClock.now
  private let isShown: Bool
  private let log: LogFile?

  /// - Throws: `DataError` of kind `cannotWrite` if the log can't be opened.
  init(quiet: Bool, log path: String?) throws {
    isShown = !quiet && Console.isInteractive
    log = try path.map(LogFile.init)
  }

  /// Seconds since the start.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  func report(_ progress: TrainingProgress) {
    let gap = (progress.objective - progress.lowerBound) / max(progress.objective, 1e-12)
    if isShown {
      Console.overwrite(
        "round \(progress.iteration): \(progress.workingSet) chambers, objective \(Figures.short(progress.objective)), "
          + "lower bound \(Figures.short(progress.lowerBound)), gap \(Figures.short(gap)), \(Figures.short(seconds)) s"
      )
    }
    log?.append(
      Line(
        iteration: progress.iteration, workingSet: progress.workingSet, objective: progress.objective,
        lowerBound: progress.lowerBound, relativeGap: gap, nodes: progress.nodes, seconds: seconds))
  }

  /// Clears the line on the terminal.
  func finish() {
    if isShown { Console.overwrite("") }
  }
}

import Bidual
import BidualPlots

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ReportSection {
  /// A line of a log that `fit --log` wrote.
  private struct Line: Decodable {
    let objective: Double
    let lowerBound: Double
    let seconds: Double
  }

  /// The bounds against time, from a log.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  static func progress(log path: String) throws -> ReportSection {
    var lines: [Line] = []
    for (number, text) in try FileContents.read(path: path).split(separator: UInt8(ascii: "\n")).enumerated()
    {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)) else {
        throw DataError(
          .badData, "\(path): line \(number + 1) is no round of training; give a file that 'fit --log' wrote")
      }
      lines.append(line)
    }
    let upper = lines.map { Mark.Point(max($0.seconds, 1e-3), $0.objective) }
    let lower = lines.map { Mark.Point(max($0.seconds, 1e-3), $0.lowerBound) }
    let plot = Plot(
      "Bounds against time",
      description: "The objective of the best network and the proven lower bound after each round.",
      x: Axis("seconds", .logarithmic, holding: upper.map(\.x)),
      y: Axis("objective", holding: (upper + lower).map(\.y)),
      marks: [.steps(upper, .blue), .steps(lower, .orange)],
      legend: [(.blue, "objective"), (.orange, "lower bound")])
    return ReportSection(
      heading: "Training", blocks: [.plots([plot])],
      data: [
        "seconds": lines.map(\.seconds), "objective": lines.map(\.objective),
        "lowerBound": lines.map(\.lowerBound),
      ], plots: [DrawnPlot(.training, plot)])
  }
}

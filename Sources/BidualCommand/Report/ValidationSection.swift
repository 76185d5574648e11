import Bidual
import BidualPlots

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a report needs of a file that `cv --json` or `path --json` printed.
private struct Printed: Decodable {
  struct Point: Decodable {
    let beta: Double
    let mean: Double?
    let standardError: Double?
    let lowerBound: Double?
    let upperBound: Double?
    let neurons: Int?
  }
  struct Curve: Decodable {
    let metric: String
    let points: [Point]
    let min: Int
    let oneStandardError: Int
  }
  struct Fits: Decodable { let neurons: Double }

  var curves: [Curve]?
  var fits: [Fits]?
  var points: [Point]?

  init(_ bytes: [UInt8], named name: String, of command: String) throws(DataError) {
    do {
      self = try JSONDecoder().decode(Printed.self, from: Data(bytes))
    } catch {
      throw DataError(.badData, "\(name): not what 'bidual \(command) --json' prints; give such a file")
    }
  }
}

extension ReportSection {
  /// The scores over the values of β, from a file that `cv --json` printed.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  static func validation(path: String) throws -> ReportSection {
    try validation(FileContents.read(path: path), named: path)
  }

  /// The scores over the values of β, from what `cv --json` prints.
  ///
  /// - Throws: `DataError` of kind `badData`.
  static func validation(_ bytes: [UInt8], named path: String) throws(DataError) -> ReportSection {
    let printed = try Printed(bytes, named: path, of: "cv")
    guard let curves = printed.curves, !curves.isEmpty,
      curves.allSatisfy({
        $0.points.indices.contains($0.min) && $0.points.indices.contains($0.oneStandardError)
      })
    else {
      throw DataError(.badData, "\(path): there are no scores in it; give what 'bidual cv --json' prints")
    }
    var data: [String: [Double]] = ["beta": curves[0].points.map(\.beta)]
    let plots = curves.map { curve in
      let ranges = curve.points.map { point in
        let (mean, error) = (point.mean ?? .nan, point.standardError ?? .nan)
        return (x: point.beta, low: mean - error, high: mean + error)
      }
      let means = curve.points.map { Mark.Point($0.beta, $0.mean ?? .nan) }
      data[curve.metric] = means.map(\.y)
      data["\(curve.metric) standard error"] = curve.points.map { $0.standardError ?? .nan }
      // Every other count, or they would run into one another.
      let counts = (printed.fits ?? []).enumerated().filter { $0.offset % 3 == 0 && $0.offset < means.count }
      return DrawnPlot(
        .scores, of: curve.metric,
        Plot(
          "\(curve.metric) by cross-validation",
          description:
            "The mean over the folds with its standard error, for each beta; the dotted lines are the best mean and the largest beta within a standard error of it.",
          x: Axis("beta", .logarithmic, holding: means.map(\.x)),
          y: Axis(curve.metric, holding: ranges.flatMap { [$0.low, $0.high] }),
          marks: [
            .ranges(ranges, .grey), .points(means, .vermilion),
            .rule(x: curve.points[curve.min].beta, .blue),
            .rule(x: curve.points[curve.oneStandardError].beta, .green),
          ], legend: [(.blue, "best mean"), (.green, "within one standard error")],
          counts: counts.map { (means[$0.offset].x, Markup.number($0.element.neurons, digits: 3)) }))
    }
    return ReportSection(
      heading: "Cross-validation",
      blocks: [
        .plots(plots.map(\.plot)),
        .paragraph("Numbers above the frame: neurons, as the mean over the folds."),
      ],
      data: data, plots: plots)
  }

  /// The band in which the optimum lies at each β, from a file that `path --json` printed.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  static func path(path: String) throws -> ReportSection {
    let printed = try Printed(FileContents.read(path: path), named: path, of: "path")
    guard let points = printed.points, !points.isEmpty else {
      throw DataError(.badData, "\(path): there is no path in it; give what 'bidual path --json' prints")
    }
    let band = points.map { (x: $0.beta, low: $0.lowerBound ?? .nan, high: $0.upperBound ?? .nan) }
    let known = band.filter { $0.low.isFinite && $0.high.isFinite }
    let plot = Plot(
      "The optimum over beta",
      description: "The band between the proven lower bounds and the objectives of the networks of the path.",
      x: Axis("beta", .logarithmic, holding: known.map(\.x)),
      y: Axis("objective", holding: known.flatMap { [$0.low, $0.high] }),
      marks: [
        .band(known, .blue), .line(known.map { Mark.Point($0.x, $0.high) }, .blue),
        .line(known.map { Mark.Point($0.x, $0.low) }, .orange),
      ], legend: [(.blue, "objective"), (.orange, "lower bound")],
      counts: points.enumerated().filter { $0.offset % 3 == 0 }.map {
        ($0.element.beta, "\($0.element.neurons ?? 0)")
      })
    return ReportSection(
      heading: "The path",
      blocks: [.plots([plot]), .paragraph("Numbers above the frame: neurons of the network at that beta.")],
      data: [
        "beta": known.map(\.x), "lowerBound": known.map(\.low), "upperBound": known.map(\.high),
      ], plots: [DrawnPlot(.path, plot)])
  }
}

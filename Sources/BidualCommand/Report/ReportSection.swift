import Bidual
import BidualPlots

/// A part of a report: what is shown, and every number of it.
struct ReportSection {
  let heading: String
  let blocks: [Page.Block]
  /// The numbers that are plotted, series by series.
  var data: [String: [Double]] = [:]
  /// The plots among the blocks.
  var plots: [DrawnPlot] = []
}

extension ReportSection {
  /// The page about a model.
  ///
  /// - Parameters:
  ///   - source: what the rows of the data set are, in words.
  ///   - extra: sections that come after the summary.
  /// - Throws: `DataError` of kind `badData` where a prediction overflows.
  static func page(
    about model: Model, _ dataset: Dataset, _ certificate: Certificate?, source: String,
    _ extra: [ReportSection]
  ) throws(DataError) -> Page {
    let compared = try comparison(of: model, dataset, source: source)
    let problem = try model.problem(on: dataset)
    let sections =
      [summary(model, dataset, problem, certificate)] + extra + [compared]
      + [plane(model, dataset), dependence(model, dataset), neurons(model, dataset)].compactMap(\.self)
    var data: [String: [String: [Double]]] = [:]
    for section in sections where !section.data.isEmpty {
      data[section.heading] = section.data.mapValues { $0.filter(\.isFinite) }
    }
    guard let json = try? JSONReport.bytes(data) else {
      throw DataError(.badData, "a number that is to be shown is not finite; this is a fault of the program")
    }
    return Page(
      "Network for \(Markup.shortened(model.targetName, to: 60))",
      blocks: sections.flatMap { [.heading($0.heading)] + $0.blocks },
      data: String(decoding: json, as: UTF8.self))
  }
}

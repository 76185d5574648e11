import BidualPlots

/// A part of a report: what is shown, and every number of it.
struct ReportSection {
  let heading: String
  let blocks: [Page.Block]
  /// The numbers that are plotted, series by series.
  var data: [String: [Double]] = [:]
}

extension ReportSection {
  /// The page of some sections.
  static func page(_ title: String, _ sections: [ReportSection]) throws -> Page {
    var data: [String: [String: [Double]]] = [:]
    for section in sections where !section.data.isEmpty {
      data[section.heading] = section.data.mapValues { $0.filter(\.isFinite) }
    }
    return Page(
      title, blocks: sections.flatMap { [.heading($0.heading)] + $0.blocks },
      data: String(decoding: try JSONReport.bytes(data), as: UTF8.self))
  }
}

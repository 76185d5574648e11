import Bidual
import BidualPlots

extension ReportSection {
  /// At most so many rows are averaged over, and so many features shown.
  private static let limits = (rows: 500, features: 24)

  /// The mean prediction as a function of each feature, all others as they are.
  ///
  /// - Parameter name: the only feature that is shown; the first ones if nil.
  /// - Complexity: O(features · 61 · rows · neurons).
  static func dependence(_ model: Model, _ dataset: Dataset, of name: String? = nil) -> ReportSection? {
    guard model.network.outputs == 1 || model.classes == nil else { return nil }
    let step = max(1, dataset.samples / limits.rows)
    let rows = Array(stride(from: 0, to: dataset.samples, by: step))
    var features = dataset.features.selectingRows(rows)
    let rowOffsets = dataset.rowOffsets.map { offsets in rows.map { offsets[$0] } }
    var data: [String: [Double]] = [:]
    var plots: [DrawnPlot] = []
    let shown =
      name.flatMap { model.featureNames.firstIndex(of: $0) }.map { [$0] }
      ?? Array(model.featureNames.indices.prefix(limits.features))
    for j in shown {
      let name = model.featureNames[j]
      let column = features.column(j)
      let (low, high) = (column.min() ?? 0, column.max() ?? 0)
      guard high > low else { continue }
      let grid = (0...60).map { low + (high - low) * Double($0) / 60 }
      var lines = [[Mark.Point]](repeating: [], count: min(model.network.outputs, 4))
      for x in grid {
        for i in rows.indices { features[i, j] = x }
        let predictions = model.predictions(features, rowOffsets: rowOffsets)
        for k in lines.indices {
          let sum = stride(from: k, to: predictions.count, by: model.network.outputs).reduce(0) {
            $0 + predictions[$1]
          }
          lines[k].append(Mark.Point(x, sum / Double(rows.count)))
        }
      }
      for i in rows.indices { features[i, j] = column[i] }
      data[name] = grid
      for (k, line) in lines.enumerated() { data["\(name): mean prediction \(k + 1)"] = line.map(\.y) }
      let inks: [Ink] = [.blue, .orange, .green, .purple]
      plots.append(
        DrawnPlot(
          .dependence, of: name,
          Plot(
            Markup.shortened(name, to: 48),
            description: "The mean prediction when this feature is set to each value in all rows.",
            x: Axis(name, holding: grid), y: Axis("mean prediction", holding: lines.flatMap { $0.map(\.y) }),
            marks: zip(lines, inks).map { .line($0, $1) },
            legend: lines.count > 1 ? zip(inks, model.targetNames).map { ($0, $1) } : [])))
    }
    guard !plots.isEmpty else { return nil }
    let left = model.featureNames.count - limits.features
    return ReportSection(
      heading: "What each feature does",
      blocks: [
        .paragraph(
          "Partial dependence over \(rows.count) rows, on the raw values."
            + (left > 0 ? " \(left) more features are left out." : "")),
        .plots(plots.map(\.plot)),
      ], data: data, plots: plots)
  }
}

import Bidual
import BidualPlots

extension ReportSection {
  /// The prediction over the plane of two features, with the lines on which neurons begin, and the rows.
  static func plane(_ model: Model, _ dataset: Dataset) -> ReportSection? {
    guard model.featureNames.count == 2, model.network.outputs == 1 else { return nil }
    let points = (0..<dataset.samples).map { Mark.Point(dataset.features[$0, 0], dataset.features[$0, 1]) }
    let axes = [0, 1].map { Axis(model.featureNames[$0], holding: dataset.features.column($0)) }
    let steps = 48
    let grid = axes.map { axis in
      (0..<steps).map {
        axis.range.lowerBound
          + (axis.range.upperBound - axis.range.lowerBound) * (Double($0) + 0.5) / Double(steps)
      }
    }
    let places = grid[0].flatMap { x in grid[1].map { [x, $0] } }
    let values = model.predictions(Matrix(places))
    // Classes are told apart at 0, numbers at their middle.
    let middle = model.classes == nil ? 0.5 * ((values.min() ?? 0) + (values.max() ?? 0)) : 0
    let reach = values.reduce(0) { max($0, abs($1 - middle)) }
    let cells = zip(places, values).map { place, value in
      (x: place[0], y: place[1], share: reach > 0 ? 0.9 * (value - middle) / reach : 0)
    }
    let widths = axes.map { ($0.range.upperBound - $0.range.lowerBound) / Double(steps) * 1.02 }
    let groups: [Mark] =
      model.classes == nil
      ? [.points(points, .grey)]
      : [
        .points(zip(points, dataset.targets).filter { $0.1 <= 0 }.map(\.0), .vermilion),
        .points(zip(points, dataset.targets).filter { $0.1 > 0 }.map(\.0), .green),
      ]
    let plot = Plot(
      "The prediction over both features" + (model.rowOffsetName == nil ? "" : ", less the offset"),
      description:
        "Blue above and orange below \(Markup.number(middle)), the stronger the farther; lines are where neurons begin; points are the rows.",
      x: axes[0], y: axes[1],
      marks: [.cells(cells, width: widths[0], height: widths[1])]
        + (HyperplaneRows(model)?.lines(across: axes[0].range) ?? []).map { .line($0, .purple) } + groups,
      legend: model.classes.map { [(.vermilion, $0.negative), (.green, $0.positive)] } ?? [])
    return ReportSection(
      heading: "The plane of the features", blocks: [.plots([plot])],
      data: ["x": places.map { $0[0] }, "y": places.map { $0[1] }, "prediction": values],
      plots: [DrawnPlot(.plane, plot)])
  }
}

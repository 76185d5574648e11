import Bidual
import BidualPlots

extension ReportSection {
  /// How predictions compare with the targets.
  ///
  /// - Parameter target: which one of several targets; the first ones if nil.
  /// - Throws: `DataError` of kind `badData` where a prediction overflows.
  static func comparison(of model: Model, _ dataset: Dataset, source: String, target: String? = nil)
    throws(DataError) -> ReportSection
  {
    let predictions = model.predictions(dataset.features, rowOffsets: dataset.rowOffsets)
    guard predictions.allSatisfy(\.isFinite) else {
      throw DataError(.badData, "a prediction overflows; check the features")
    }
    return model.classes.map { classes(predictions, model, dataset, $0, source: source) }
      ?? numbers(
        (try? model.trainingLoss()).map { predictions.map($0.estimate) } ?? predictions, dataset,
        source: source, target: target)
  }

  private static func numbers(_ predictions: [Double], _ dataset: Dataset, source: String, target: String?)
    -> ReportSection
  {
    let c = dataset.outputs
    var data: [String: [Double]] = [:]
    let shown = target.flatMap { dataset.targetNames.firstIndex(of: $0) }.map { [$0] } ?? Array(0..<min(c, 4))
    let plots = shown.flatMap { k in
      let name = dataset.targetNames[k]
      let pairs = stride(from: k, to: predictions.count, by: c).map {
        Mark.Point(predictions[$0], dataset.targets[$0])
      }
      let misses = pairs.map { Mark.Point($0.x, $0.y - $0.x) }
      data["predicted \(name)"] = pairs.map(\.x)
      data["actual \(name)"] = pairs.map(\.y)
      let all = pairs.flatMap { [$0.x, $0.y] }
      let ends = [all.min() ?? 0, all.max() ?? 1].map { Mark.Point($0, $0) }
      return [
        DrawnPlot(
          .actual, of: name,
          Plot(
            "\(Markup.shortened(name, to: 30)): actual against predicted",
            description: "A point for each row of \(source); the line is where both agree.",
            x: Axis("predicted", holding: all), y: Axis("actual", holding: all),
            marks: [.line(ends, .grey, dashed: true), .points(pairs, .blue)])),
        DrawnPlot(
          .residuals, of: name,
          Plot(
            "\(Markup.shortened(name, to: 30)): what is left",
            description: "Actual less predicted against predicted, for each row of \(source).",
            x: Axis("predicted", holding: pairs.map(\.x)),
            y: Axis("residual", holding: misses.map(\.y) + [0]),
            marks: [
              .line([ends[0], ends[1]].map { Mark.Point($0.x, 0) }, .grey, dashed: true),
              .points(misses, .vermilion),
            ])),
      ]
    }
    return ReportSection(
      heading: "Predictions", blocks: [.paragraph("On \(source)."), .plots(plots.map(\.plot))], data: data,
      plots: plots)
  }

  /// More classes than these make no picture of confusion.
  static let mostClasses = 12

  private static func classes(
    _ predictions: [Double], _ model: Model, _ dataset: Dataset, _ classes: ClassLabels, source: String
  ) -> ReportSection {
    let c = dataset.outputs
    let rows = (0..<dataset.samples).map { ($0 * c)..<(($0 + 1) * c) }
    let own = rows.map { classes.place(dataset.targets[$0]) }
    let told = rows.map { classes.place(predictions[$0]) }
    var counts = [[Int]](
      repeating: Array(repeating: 0, count: classes.names.count), count: classes.names.count)
    for (a, b) in zip(own, told) { counts[a][b] += 1 }
    var data: [String: [Double]] = [
      "class": own.map { Double($0) }, "predicted class": told.map { Double($0) },
    ]
    var plots =
      classes.names.count <= mostClasses ? [DrawnPlot(.confusion, confusion(counts, classes, source))] : []
    if classes.names.count == 2 {
      let heights = rows.map {
        c == 1 ? predictions[$0.lowerBound] : predictions[$0.upperBound - 1] - predictions[$0.lowerBound]
      }
      data["score"] = heights
      plots.append(DrawnPlot(.roc, receiver(heights, own, classes, source)))
      if let shares = model.classProbabilities(predictions) {
        plots.append(DrawnPlot(.calibration, calibration(shares.column(1), own, classes, source)))
      }
    }
    let right = zip(own, told).count { $0 == $1 }
    return ReportSection(
      heading: "Predictions",
      blocks: [
        .paragraph("On \(source): \(right) of \(own.count) rows have the class that was predicted."),
        .plots(plots.map(\.plot)),
        .table(
          ["actual \\ predicted"] + classes.names,
          classes.names.enumerated().map { place, name in [name] + counts[place].map { "\($0)" } }),
      ], data: data, plots: plots)
  }

  private static func confusion(_ counts: [[Int]], _ classes: ClassLabels, _ source: String) -> Plot {
    var cells: [(x: Double, y: Double, share: Double)] = []
    var labels: [Mark] = []
    for (actual, row) in counts.enumerated() {
      let all = max(1, row.reduce(0, +))
      for (predicted, count) in row.enumerated() {
        let (x, y) = (Double(predicted), Double(actual))
        cells.append((x, y, 0.8 * Double(count) / Double(all)))
        labels.append(.label(Mark.Point(x, y), "\(count)"))
      }
    }
    return Plot(
      "Confusion",
      description: "How many rows of each class, upwards, are predicted as each class, on \(source).",
      x: Axis("predicted", categories: classes.names), y: Axis("actual", categories: classes.names),
      marks: [.cells(cells, width: 1, height: 1)] + labels)
  }

  private static func receiver(_ heights: [Double], _ own: [Int], _ classes: ClassLabels, _ source: String)
    -> Plot
  {
    let order = heights.indices.sorted { heights[$0] > heights[$1] }
    let positives = Double(max(1, own.count { $0 == 1 }))
    let negatives = Double(max(1, own.count { $0 == 0 }))
    var (right, wrong, area) = (0.0, 0.0, 0.0)
    var points = [Mark.Point(0, 0)]
    var start = 0
    while start < order.count {
      var end = start
      let before = (right, wrong)
      while end < order.count, heights[order[end]] == heights[order[start]] {
        if own[order[end]] == 1 { right += 1 } else { wrong += 1 }
        end += 1
      }
      area += (wrong - before.1) * 0.5 * (right + before.0)
      points.append(Mark.Point(wrong / negatives, right / positives))
      start = end
    }
    return Plot(
      "ROC, area \(Markup.number(area / (positives * negatives)))",
      description:
        "The share of rows of '\(classes.positive)' against the share of others that are above each threshold, on \(source).",
      x: Axis("others above", holding: [0, 1]), y: Axis("'\(classes.positive)' above", holding: [0, 1]),
      marks: [
        .line([Mark.Point(0, 0), Mark.Point(1, 1)], .grey, dashed: true), .line(points, .blue),
      ])
  }

  private static func calibration(_ shares: [Double], _ own: [Int], _ classes: ClassLabels, _ source: String)
    -> Plot
  {
    let tenths = (0..<10).map { tenth in
      shares.indices.filter { min(9, Int(shares[$0] * 10)) == tenth }
    }
    let points = tenths.filter { !$0.isEmpty }.map { rows in
      Mark.Point(
        rows.reduce(0) { $0 + shares[$1] } / Double(rows.count),
        Double(rows.count { own[$0] == 1 }) / Double(rows.count))
    }
    let columns = tenths.enumerated().map {
      Mark.Point(Double($0.offset) / 10 + 0.05, Double($0.element.count) / Double(max(1, shares.count)))
    }
    return Plot(
      "Calibration",
      description:
        "The share of rows of '\(classes.positive)' among those whose probability falls in each tenth, against their mean probability; the columns are the shares of rows in each tenth, on \(source).",
      x: Axis("probability of '\(classes.positive)'", holding: [0, 1]), y: Axis("share", holding: [0, 1]),
      marks: [
        .columns(columns, width: 0.08, .grey),
        .line([Mark.Point(0, 0), Mark.Point(1, 1)], .grey, dashed: true), .line(points, .blue),
        .points(points, .blue),
      ])
  }
}

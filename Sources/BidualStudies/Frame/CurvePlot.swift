import BidualPlots

/// Curves of the objective with what is proven, as a plot.
struct CurvePlot {
  /// What the horizontal axis measures.
  enum Course { case epoch, seconds }
  /// What the vertical one measures.
  enum Height { case objective, trainScore, testScore }

  let title: String
  let panel: String
  var course = Course.epoch
  var height = Height.objective
  var isLogarithmic = true
  /// Levels that are drawn as dashed lines, such as the numbers that a paper prints.
  var levels: [(name: String, value: Double)] = []
  /// The methods that are shown; nil for all of the panel.
  var methods: [String]?

  private static let inks: [Ink] = [.orange, .purple, .green, .vermilion, .sky, .grey]

  /// The plot of what a run found: a line a trial, and for a row without a course a disc at its time or a dashed line over all epochs.
  func plot(of run: StudyRun) -> Plot {
    func isShown(_ method: String) -> Bool { self.methods?.contains(method) ?? true }
    let points = run.curves.filter { $0.panel == panel && isShown($0.method) }
    let rows = run.finals.filter { row in
      row.panel == panel && isShown(row.method) && !points.contains { $0.method == row.method }
    }
    let methods = points.map(\.method).uniqued + rows.map(\.method).uniqued
    func ink(_ method: String) -> Ink {
      let place = methods.firstIndex(of: method) ?? 0
      return Self.inks[place % Self.inks.count]
    }
    func x(_ point: CurvePoint) -> Double { course == .epoch ? Double(point.epoch) : point.seconds }
    func y(_ point: CurvePoint) -> Double? {
      switch height {
      case .objective: point.objective
      case .trainScore: point.trainScore
      case .testScore: point.testScore
      }
    }
    func y(_ row: FinalRow) -> Double? {
      switch height {
      case .objective: row.objective
      case .trainScore: row.trainScore
      case .testScore: row.testScore
      }
    }
    let across = points.map(x) + (course == .seconds ? rows.map(\.seconds) : [])
    let (first, last) = (across.min() ?? 0, across.max() ?? 1)
    var marks: [Mark] = []
    for method in methods {
      let own = points.filter { $0.method == method }
      for seed in own.map(\.seed).uniqued {
        marks.append(
          .line(
            own.filter { $0.seed == seed }.compactMap { point in y(point).map { Mark.Point(x(point), $0) } },
            ink(method)))
      }
      for row in rows where row.method == method {
        guard let value = y(row) else { continue }
        if course == .seconds {
          marks.append(.points([Mark.Point(row.seconds, value)], ink(method)))
        }
        if course == .epoch {
          marks.append(.line([Mark.Point(first, value), Mark.Point(last, value)], ink(method), dashed: true))
        }
      }
    }
    for level in levels {
      marks.append(
        .line([Mark.Point(first, level.value), Mark.Point(last, level.value)], .grey, dashed: true))
    }
    let heights = points.compactMap(y) + rows.compactMap(y) + levels.map(\.value)
    let name =
      switch height {
      case .objective: "objective"
      case .trainScore: "training score"
      case .testScore: "test score"
      }
    return Plot(
      title,
      description:
        "The \(name) of \(methods.joined(separator: ", ")) over \(course == .epoch ? "epochs" : "seconds").",
      x: Axis(course == .epoch ? "epochs" : "seconds", holding: across),
      y: Axis(name, isLogarithmic ? .logarithmic : .linear, holding: heights), marks: marks,
      legend: methods.map { (ink($0), $0) } + levels.map { (.grey, $0.name) })
  }
}

extension Sequence where Element: Hashable {
  /// The elements in the order in which they first come.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

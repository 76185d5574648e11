import BidualPlots

/// Where methods end over the values of a setting, a panel or more for each, as a plot.
struct SweepPlot {
  let title: String
  /// What the setting is.
  let setting: String
  /// The panels with the values that they are for.
  let panels: [(value: Double, name: String)]
  /// What is shown of a row.
  var measure = (name: "objective", value: { (row: FinalRow) -> Double? in row.objective })
  var isLogarithmic = true
  /// The methods that are shown; nil for all.
  var methods: [String]?

  private static let inks: [Ink] = [.blue, .orange, .purple, .green, .vermilion, .sky, .grey]

  /// The plot of what a run found: a disc a row, and a line through the middle of each method's rows.
  func plot(of run: StudyRun) -> Plot {
    let names = Set(panels.map(\.name))
    let shown = methods ?? run.finals.filter { names.contains($0.panel) }.map(\.method).uniqued
    var marks: [Mark] = []
    var heights: [Double] = []
    for (place, method) in shown.enumerated() {
      let ink = Self.inks[place % Self.inks.count]
      var (line, discs): ([Mark.Point], [Mark.Point]) = ([], [])
      for panel in panels {
        let own = run.finals.filter { $0.panel == panel.name && $0.method == method }
          .compactMap(measure.value)
        discs += own.map { Mark.Point(panel.value, $0) }
        if let middle = own.median { line.append(Mark.Point(panel.value, middle)) }
      }
      heights += discs.map(\.y)
      marks += [.line(line, ink), .points(discs, ink)]
    }
    return Plot(
      title, description: "The \(measure.name) of \(shown.joined(separator: ", ")) over \(setting).",
      x: Axis(setting, .logarithmic, holding: panels.map(\.value)),
      y: Axis(measure.name, isLogarithmic ? .logarithmic : .linear, holding: heights), marks: marks,
      legend: shown.enumerated().map { (Self.inks[$0 % Self.inks.count], $1) })
  }
}

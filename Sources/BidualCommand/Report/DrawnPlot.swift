import BidualPlots

/// A plot of a report, with the names by which it is asked for.
struct DrawnPlot {
  let kind: PlotKind
  /// What it is of, where there are several of the kind.
  let subject: String
  let plot: Plot

  init(_ kind: PlotKind, of subject: String = "", _ plot: Plot) {
    self.kind = kind
    self.subject = subject
    self.plot = plot
  }
}

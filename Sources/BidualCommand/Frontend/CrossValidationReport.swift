import Bidual

/// What `cv` prints.
struct CrossValidationReport: Encodable {
  /// The scores at one β.
  struct Point: Encodable {
    let beta: Double
    let mean: Double
    let standardError: Double
    let folds: [Double]
  }

  /// A score over the values of β.
  struct Curve: Encodable {
    let metric: String
    let isBetterWhenLarger: Bool
    let points: [Point]
    /// The place of the best mean.
    let min: Int
    /// The place of the largest β within a standard error of it.
    let oneStandardError: Int
  }

  /// How the fits of the folds ended at one β.
  struct Fits: Encodable {
    /// The mean number of neurons.
    let neurons: Double
    /// The largest relative gap, by local pricing or proven.
    let largestGap: Double
  }

  /// The folds.
  struct Split: Encodable {
    let count: Int
    /// The fold of each row.
    let assignment: [Int]
  }

  let format = "bidual-cv"
  let version = 1
  let splits: [Split]
  let curves: [Curve]
  let fits: [Fits]
  /// The place of the chosen β.
  let chosen: Int
  let rule: String
  /// The network on all rows.
  let network: FitReport
  private let gap: Double

  private enum CodingKeys: CodingKey { case format, version, splits, curves, fits, chosen, rule, network }

  init(
    _ curves: [ValidationCurve], fits: [FoldFit], _ validation: CrossValidation, chosen: Int, rule: String,
    network: FitReport
  ) {
    self.curves = curves.map { curve in
      Curve(
        metric: curve.metric.rawValue, isBetterWhenLarger: curve.metric.isBetterWhenLarger,
        points: curve.points.map {
          Point(beta: $0.beta, mean: $0.mean, standardError: $0.standardError, folds: $0.folds)
        }, min: curve.best, oneStandardError: curve.oneStandardError)
    }
    self.fits = (curves.first?.points ?? []).indices.map { place in
      let points = fits.map { $0.points[place] }
      return Fits(
        neurons: points.reduce(0) { $0 + Double($1.neurons) } / Double(points.count),
        largestGap: points.reduce(0) { max($0, $1.gap) })
    }
    gap = validation.gap
    splits = validation.splits.map { Split(count: $0.count, assignment: $0.assignment) }
    self.chosen = chosen
    self.rule = rule
    self.network = network
  }

  /// The scores as numbers.
  func table() throws(DataError) -> Table {
    let first = curves.first?.points ?? []
    return try Table(
      names: ["beta"] + curves.flatMap { ["\($0.metric)_mean", "\($0.metric)_standard_error"] }
        + ["neurons", "largest_gap"],
      values: Matrix(
        first.indices.map { place in
          [first[place].beta] + curves.flatMap { [$0.points[place].mean, $0.points[place].standardError] }
            + [fits[place].neurons, fits[place].largestGap]
        }))
  }

  /// The lines for people.
  ///
  /// - Parameter asked: the gap that was asked for of the network on all rows.
  func lines(gap asked: Double, _ certificate: Certificate) -> [String] {
    var lines: [String] = []
    for curve in curves {
      let rows = [("min", curve.min), ("1se", curve.oneStandardError)].map { name, place in
        [
          name, Figures.short(curve.points[place].beta), "\(place + 1)",
          Figures.short(curve.points[place].mean), Figures.short(curve.points[place].standardError),
          Figures.short(fits[place].neurons),
        ]
      }
      lines += TextTable.lines(
        [["", "beta", "place", curve.metric, "standard error", "neurons"]] + rows)
    }
    if let first = curves.first, first.min == first.points.count - 1 {
      lines.append(
        "the best beta is the smallest one that was tried; lower --beta-min-ratio to see beyond it")
    }
    let worst = fits.reduce(0) { max($0, $1.largestGap) }
    if worst > gap {
      lines.append(
        "the fits of some folds are not at their optimum: gaps up to \(Figures.short(worst)) by local search")
    }
    lines.append("chosen by '\(rule)': beta \(Figures.short(network.beta)); the network on all rows:")
    return lines + network.lines(gap: asked, certificate: certificate)
  }
}

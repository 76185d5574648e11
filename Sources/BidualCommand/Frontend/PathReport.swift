import Bidual

/// What `path` prints.
struct PathReport: Encodable {
  /// One β.
  struct Point: Encodable {
    let beta: Double
    /// As a fraction of β_max, where that was asked for.
    let ratio: Double?
    let objective: Double
    /// The best bound that any proof of the path gives here.
    let lowerBound: Double
    /// The smallest objective of any network of the path here.
    let upperBound: Double
    /// Of this β's own network to the bound.
    let relativeGap: Double
    let localGap: Double?
    let neurons: Int
    let status: String
    let scope: String
  }

  let betaMax: Double?
  let points: [Point]
  /// Values of β that a time limit or a stop left out.
  let missing: Int
  private let gap: Double

  private enum CodingKeys: CodingKey { case betaMax, points, missing }

  init(_ path: RegularizationPath, gap: Double) throws(DataError) {
    self.gap = gap
    betaMax = path.betaMax
    missing = path.betas.count - path.results.count
    points = try path.results.map { result throws(DataError) in
      let certificate = result.certificate
      let beta = result.model.beta
      let band = try path.band.bounds(at: beta)
      let lower = certificate.scope == .global ? band.lower : certificate.lowerBound
      return Point(
        beta: beta, ratio: path.betaMax.map { beta / $0 }, objective: certificate.objective,
        lowerBound: lower, upperBound: band.upper,
        relativeGap: Certificate.relativeGap(
          objective: certificate.objective, lowerBound: lower, reference: certificate.reference),
        localGap: result.outcome.localGap, neurons: result.model.network.neurons,
        status: result.outcome.status.rawValue, scope: certificate.scope.rawValue)
    }
  }

  /// Whether all that was asked for was done, where that is a gap at each β or none.
  func isWhole(proofs: Training.PathProofs) -> Bool {
    missing == 0
      && points.enumerated().allSatisfy { index, point in
        switch proofs {
        case .all: point.relativeGap <= gap
        case .some:
          point.relativeGap <= gap || !(index == 0 || index == points.count / 2 || index == points.count - 1)
        case .none: true
        }
      }
  }

  /// The path as numbers.
  func table() throws(DataError) -> Table {
    let rows = points.map {
      [$0.beta, $0.objective, $0.lowerBound, $0.upperBound, $0.relativeGap, Double($0.neurons)]
    }
    return try Table(
      names: ["beta", "objective", "lower_bound", "upper_bound", "relative_gap", "neurons"],
      values: Matrix(rows))
  }

  /// The lines for people.
  var lines: [String] {
    let cells = points.map {
      [
        Figures.short($0.beta), $0.ratio.map(Figures.short) ?? "-", Figures.short($0.objective),
        Figures.short($0.lowerBound), Figures.short($0.relativeGap), "\($0.neurons)", $0.status,
      ]
    }
    return TextTable.lines(
      [["beta", "ratio", "objective", "lower bound", "gap", "neurons", "status"]] + cells)
      + (missing > 0 ? ["\(missing) more values of beta were not reached"] : [])
  }
}

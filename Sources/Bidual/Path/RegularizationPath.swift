import BidualCertificates
import BidualModels

/// Networks for values of β, and what is known of the optimum at all others.
public struct RegularizationPath: Sendable {
  /// What was found for each β, the largest first; fewer than were asked for if a stop came between.
  public let results: [Training.Result]
  /// The values of β asked for.
  public let betas: [Double]
  /// β_max of the data, where the values are fractions of it.
  public let betaMax: Double?
  /// Bounds of the optimum for every β.
  public let band: CertifiedBand
}

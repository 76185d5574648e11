import ArgumentParser
import Bidual

/// How strongly weights are penalised.
struct PenaltyOptions: ParsableArguments {
  @Option(help: "The weight of the penalty.")
  var beta: Double?
  @Option(
    help:
      "The weight of the penalty as a fraction of beta_max, from which on the zero network is optimal (default: 0.1)."
  )
  var betaRatio: Double?

  func validate() throws {
    guard beta == nil || betaRatio == nil else {
      throw ValidationError("give --beta or --beta-ratio, not both")
    }
    try PositiveOption.check(("--beta", beta), ("--beta-ratio", betaRatio))
  }

  /// Whether anything was given.
  var isGiven: Bool { beta != nil || betaRatio != nil }

  /// The setting for the library.
  var strength: Training.Beta { beta.map { .value($0) } ?? .ratio(betaRatio ?? 0.1) }
}

import BidualModels

/// Why a certificate was not accepted.
public struct VerificationFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What does not hold.
  public let description: String

  /// A failure with its reason.
  public init(_ description: String) {
    self.description = description
  }
}

extension Certifier {
  /// Re-checks a certificate of `network` from nothing but the problem, the network and the certificate.
  ///
  /// Every number is computed again: the objective from the weights, the polar bound by a proof of its
  /// own, the lower bound from the dual point. Numbers may differ by rounding (10⁻⁹ of the objective).
  ///
  /// - Returns: the certificate as computed here; its numbers, not the claimed ones, are what is proven.
  /// - Throws: `VerificationFailure` with the first thing that does not hold.
  /// - Complexity: that of the proof.
  @discardableResult
  public func verify(_ certificate: Certificate, of network: TwoLayerNetwork) throws(VerificationFailure)
    -> Certificate
  {
    guard certificate.scope == scope else {
      throw VerificationFailure(
        "the certificate's scope is '\(certificate.scope.rawValue)', but what can be proven here is '\(scope.rawValue)'"
      )
    }
    guard certificate.restriction == restriction else {
      throw VerificationFailure("the certificate is restricted to other patterns than those of this check")
    }
    guard certificate.dualPoint.count == problem.targets.count else {
      throw VerificationFailure(
        "the dual point has \(certificate.dualPoint.count) entries for \(problem.targets.count) samples")
    }
    let numbers =
      certificate.dualPoint + [certificate.polarBound, certificate.dualScale, certificate.lowerBound]
    guard numbers.allSatisfy(\.isFinite), certificate.dualPoint.isEmpty || certificate.polarBound >= 0 else {
      throw VerificationFailure("the certificate holds a number that is not finite")
    }
    let objective = objective(of: network)
    guard objective.isFinite else {
      throw VerificationFailure("the objective is not finite: the network's predictions overflow")
    }
    let rounding = 1e-9 * max(objective, 1e-300)
    try check("objective", certificate.objective, objective, within: rounding)
    let lower = lowerBound(certificate.dualPoint, polarBound: certificate.polarBound)
    let value = restriction == nil ? lower.value : min(lower.value, objective)
    try check("lower bound", certificate.lowerBound, value, within: rounding)
    try check("dual scale", certificate.dualScale, lower.scale, within: 1e-6 * lower.scale)
    guard value <= objective else {
      throw VerificationFailure(
        "the lower bound that the claimed polar gives, \(value), is above the network's own objective")
    }
    guard proves(certificate.dualPoint, polarAtMost: certificate.polarBound) else {
      throw VerificationFailure(
        "the dual point's polar is not at most \(certificate.polarBound), as the certificate claims")
    }
    return self.certificate(
      objective, lower, dualPoint: certificate.dualPoint, polarBound: certificate.polarBound)
  }

  private func check(_ name: String, _ claimed: Double, _ found: Double, within rounding: Double)
    throws(VerificationFailure)
  {
    guard abs(claimed - found) <= rounding else {
      throw VerificationFailure("the \(name) is \(found), not \(claimed) as the certificate claims")
    }
  }
}

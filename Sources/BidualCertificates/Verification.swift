import BidualModels

/// Why a certificate was not accepted.
public struct VerificationFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What does not hold.
  public let description: String
  /// Whether nothing was found against the certificate: its proof was only cut short.
  public let isUnfinished: Bool

  /// A failure with its reason.
  public init(_ description: String, isUnfinished: Bool = false) {
    self.description = description
    self.isUnfinished = isUnfinished
  }
}

extension Certifier {
  /// Re-checks a certificate of `network` from nothing but the problem, the network and the certificate.
  ///
  /// Every number is computed again: the objective from the weights, the lower bound from the dual point and its
  /// scale, the polar bound by a proof of its own. A claim is accepted if it says no more than what was found: an
  /// objective that is not smaller, a lower bound that is not larger, however little.
  ///
  /// - Returns: the certificate as computed here; its numbers, not the claimed ones, are what is proven.
  /// - Throws: `VerificationFailure` with the first thing that does not hold, or with `isUnfinished` where `effort`
  ///   ended the proof of the polar bound, the last step, without an answer.
  /// - Complexity: that of the proof.
  @discardableResult
  public func verify(_ certificate: Certificate, of network: any Network, effort: Effort = Effort())
    throws(VerificationFailure) -> Certificate
  {
    guard certificate.scope == scope else {
      throw VerificationFailure(
        "the certificate's scope is '\(certificate.scope.rawValue)', but what can be proven here is '\(scope.rawValue)'"
      )
    }
    guard certificate.restriction == restriction else {
      throw VerificationFailure("the certificate is restricted to other patterns than those of this check")
    }
    let dualPoint = certificate.dualPoint
    guard dualPoint.count == problem.targets.count else {
      throw VerificationFailure(
        "the dual point has \(dualPoint.count) entries for \(problem.targets.count) samples")
    }
    let polar = certificate.polarBound
    // A polar bound may be infinite: that claims nothing.
    let numbers = dualPoint + [certificate.dualScale, certificate.lowerBound, certificate.objective]
    guard numbers.allSatisfy(\.isFinite), polar >= 0 else {
      throw VerificationFailure("the certificate holds a number that is not finite")
    }
    let objective = UpperBound.objective(of: network, in: problem, rounding: .own)
    guard objective.isFinite else {
      throw VerificationFailure("the objective is not finite: the network's predictions overflow")
    }
    guard certificate.objective >= objective else {
      throw VerificationFailure(
        "the objective is \(objective), not \(certificate.objective) as the certificate claims")
    }
    guard certificate.reference <= reference else {
      throw VerificationFailure(
        "the best network without neurons costs \(reference), not \(certificate.reference) as the certificate claims"
      )
    }
    let longest = longestScale(dualPoint, polarBound: polar)
    guard (0...longest).contains(certificate.dualScale) else {
      throw VerificationFailure(
        "the dual scale is at most \(longest), not \(certificate.dualScale) as the certificate claims")
    }
    let value = LowerBound.value(dualPoint, scale: certificate.dualScale, in: problem, rounding: .own)
    guard certificate.lowerBound <= value else {
      throw VerificationFailure(
        "the lower bound is \(value), not \(certificate.lowerBound) as the certificate claims")
    }
    guard restriction != nil || value <= objective else {
      throw VerificationFailure(
        "the lower bound that the claimed polar gives, \(value), is above the network's own objective")
    }
    switch proof(dualPoint, polarAtMost: polar, effort: effort) {
    case .holds: break
    case .fails:
      throw VerificationFailure(
        "the dual point's polar is not at most \(polar), as the certificate claims")
    case .isUnfinished(let upper):
      throw VerificationFailure(
        "the proof was stopped before its end: the dual point's polar is at most \(upper) so far, and the certificate claims \(polar); nothing was found against it, give the proof more time",
        isUnfinished: true)
    }
    // With the room that a certificate's numbers have: on the processor that wrote it these are the very ones.
    let stated = LowerBound.value(dualPoint, scale: certificate.dualScale, in: problem)
    return self.certificate(
      self.objective(of: network), (stated, certificate.dualScale), dualPoint: dualPoint, polarBound: polar)
  }
}

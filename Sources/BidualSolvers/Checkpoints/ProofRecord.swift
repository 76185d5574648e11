import BidualCertificates

/// A dual point and the bound of its polar that was proven, which a run that goes on proves anew.
struct ProofRecord: Codable, Sendable {
  var dualPoint: [Double]
  var polarBound: Double

  /// The proof of a certificate.
  init(_ certificate: Certificate) {
    dualPoint = certificate.dualPoint
    polarBound = certificate.polarBound
  }

  /// The certificate of a network with this objective; nil if the bound does not hold, or `effort` does not allow the proof.
  ///
  /// - Complexity: that of a proof.
  func certificate(of objective: Double, by certifier: Certifier, effort: Certifier.Effort) -> Certificate? {
    guard polarBound.isFinite, certifier.proves(dualPoint, polarAtMost: polarBound, effort: effort) else {
      return nil
    }
    let lower = certifier.lowerBound(dualPoint, polarBound: polarBound)
    return try? Certificate(
      objective: objective, lowerBound: lower.value, scope: certifier.scope, dualPoint: dualPoint,
      polarBound: polarBound, dualScale: lower.scale, reference: certifier.problem.referenceObjective)
  }
}

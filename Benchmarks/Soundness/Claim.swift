import Bidual

/// What one run claims, on trial.
struct Claim {
  let name: String
  let result: Training.Result
  let problem: TrainingProblem
  /// Whether a restricted bound is one of all networks of the instance, since all have the same gates.
  let keepsGates: Bool

  private var certificate: Certificate { result.certificate }

  /// Whether the bound is one of every network that any run of the instance makes.
  private var isOfAll: Bool {
    certificate.scope == .global || (keepsGates && certificate.scope == .restricted)
  }

  /// The bounds against the objectives of networks in their scope.
  func hold(
    against rivals: [Rival], least: Double, _ findings: inout Findings
  ) {
    if certificate.scope == .global { findings.global += 1 }
    if certificate.scope == .restricted { findings.restricted += 1 }
    if isOfAll {
      if certificate.relativeGap <= 1e-2 { findings.certified += 1 }
      // An infinite objective is no rival.
      if least.isFinite, least > 0 {
        findings.margin = min(findings.margin, (least - certificate.lowerBound) / least)
      }
      for rival in rivals where certificate.lowerBound > rival.objective.upper {
        findings.violations.append(
          "\(name): lower bound \(certificate.lowerBound), but \(rival.name) reaches \(rival.objective.upper)"
        )
      }
      return
    }
    guard let restriction = certificate.restriction,
      let certifier = try? Certifier(problem, restrictedTo: restriction),
      let standing = certifier.standing(of: result.model.network, under: certificate)
    else { return }
    for rival in rivals
    where standing.lowerBound > rival.objective.upper && keeps(rival.network, to: restriction.patterns) {
      findings.violations.append(
        "\(name): bound over patterns \(standing.lowerBound), but \(rival.name) keeps to them and reaches \(rival.objective.upper)"
      )
    }
  }

  /// Whether every neuron surely keeps to one of the patterns.
  private func keeps(_ network: any Network, to patterns: PatternSet) -> Bool {
    guard let network = network as? TwoLayerNetwork else { return false }
    let rows = (0..<problem.design.rows).map { problem.design.row($0) }
    return (0..<network.neurons).allSatisfy { j in
      let heights = rows.map { row in
        zip(row, network.hidden.row(j)).map { Interval($0) * Interval($1) }.sum
      }
      return (0..<patterns.count).contains { p in
        heights.indices.allSatisfy { i in
          patterns.isActive(pattern: p, sample: i) ? heights[i].lower >= 0 : heights[i].upper <= 0
        }
      }
    }
  }

  /// The polar bound against networks that climb it.
  func refute(
    _ evidence: Evidence, _ networks: [any Network], _ kind: Instance.Kind, _ findings: inout Findings,
    _ draw: inout Draw
  ) {
    guard isOfAll else { return }
    var witnesses = networks
    if [.twoLayer, .firstNorm, .linear].contains(kind) {
      witnesses += Adversary.neurons(
        against: certificate.dualPoint, evidence, isLinear: kind == .linear, draws: 4, &draw)
    }
    for witness in witnesses
    where evidence.refutes(certificate.polarBound, of: certificate.dualPoint, by: witness) {
      findings.violations.append("\(name): a network refutes the polar bound \(certificate.polarBound)")
      return
    }
  }

  /// The product's own check has to take the certificate, and must not take one that claims more than is true.
  func recheck(least: Double, limit: Double, _ findings: inout Findings) {
    let certifier: Certifier
    switch (certificate.scope, certificate.restriction) {
    case (.none, _): return
    case (_, let restriction?):
      guard let made = try? Certifier(problem, restrictedTo: restriction) else { return }
      certifier = made
    default: certifier = Certifier(problem)
    }
    let network = result.model.network
    guard certificate.objective.isFinite, certificate.lowerBound.isFinite else { return }
    do throws(VerificationFailure) {
      try certifier.verify(certificate, of: network, effort: Self.effort(limit))
      findings.verified += 1
    } catch {
      if !error.isUnfinished { findings.violations.append("\(name): verify refuses: \(error)") }
    }
    guard isOfAll else { return }
    for share in [0.5, 0.1, 1e-3] {
      let polar = certificate.polarBound * (1 - share)
      let claimed = certifier.lowerBound(certificate.dualPoint, polarBound: polar)
      guard claimed.value > least,
        let forged = try? Certificate(
          objective: max(claimed.value, certificate.objective), lowerBound: claimed.value,
          scope: certificate.scope, dualPoint: certificate.dualPoint, polarBound: polar,
          dualScale: claimed.scale, reference: 0)
      else { continue }
      if (try? certifier.verify(forged, of: network, effort: Self.effort(limit))) != nil {
        findings.violations.append("\(name): verify takes a forged bound \(claimed.value) above \(least)")
      } else {
        findings.refusedForgeries += 1
      }
    }
  }

  private static func effort(_ limit: Double) -> Certifier.Effort {
    let stop = StopSignal(timeLimit: .seconds(limit))
    return Certifier.Effort(isCancelled: { stop.isRaised })
  }
}

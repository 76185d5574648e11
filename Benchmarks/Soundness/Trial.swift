import Bidual

/// One instance on trial: every bound that any method claims is held against every objective that any method reached.
struct Trial {
  private let instance: Instance
  private var findings: Findings
  private var results: [(name: String, training: Training, result: Training.Result)] = []
  private var draw: Draw

  /// Runs all methods on an instance and looks at what they claim.
  static func findings(of instance: Instance, limit: Double) -> Findings {
    var trial = Trial(instance)
    trial.train(limit)
    trial.judge(limit)
    return trial.findings
  }

  private init(_ instance: Instance) {
    self.instance = instance
    findings = Findings(number: instance.number, kind: instance.kind.rawValue, loss: instance.loss)
    draw = Draw(seed: 0xADD &+ instance.number)
  }

  private mutating func train(_ limit: Double) {
    let interpolates = instance.loss == "interpolation"
    let runs = [("exact", instance.training)] + (interpolates ? [] : Rivals.some(for: instance))
    for (name, training) in runs {
      let stop = StopSignal(timeLimit: .seconds(limit))
      do throws(DataError) {
        let result =
          try interpolates
          ? training.interpolate(instance.dataset, stop: stop) : training.fit(instance.dataset, stop: stop)
        results.append((name, training, result))
      } catch {
        findings.refusedRuns += 1
      }
    }
  }

  private mutating func judge(_ limit: Double) {
    guard let first = results.first else { return }
    let evidence = Evidence(instance, model: first.result.model)
    var rivals: [Rival] = []
    for (name, _, result) in results {
      guard let objective = evidence.objective(result.model.network) else {
        findings.violations.append("\(name): a network of an unknown kind")
        continue
      }
      rivals.append(Rival(name, result.model.architecture, result.model.network, objective))
      check(name, result.certificate, objective, evidence)
    }
    guard let best = rivals.min(by: { $0.objective.upper < $1.objective.upper }) else { return }
    if let network = best.network as? TwoLayerNetwork, evidence.loss.name != "interpolation" {
      let polished = Adversary.polished(network, evidence, tries: 40, &draw)
      if let objective = evidence.objective(polished) {
        rivals.append(Rival("polish of \(best.name)", best.architecture, polished, objective))
      }
    }
    findings.networks += rivals.count
    for (name, training, result) in results {
      let problem: TrainingProblem
      do throws(DataError) {
        problem = try result.model.problem(on: instance.dataset)
      } catch {
        findings.violations.append("\(name): its model poses no problem: \(error)")
        continue
      }
      let claim = Claim(name: name, result: result, problem: problem, keepsGates: instance.kind == .gated)
      let peers = rivals.filter { $0.architecture.isEqual(to: problem.architecture) }
      let least = peers.map(\.objective.upper).min() ?? .infinity
      claim.hold(against: peers, least: least, &findings)
      claim.refute(evidence, peers.map(\.network), instance.kind, &findings, &draw)
      if training.rank == nil { claim.recheck(least: least, limit: limit, &findings) }
    }
  }

  /// The objective and the dual objective of a certificate against those recomputed.
  private mutating func check(
    _ name: String, _ certificate: Certificate, _ objective: Interval, _ evidence: Evidence
  ) {
    func fail(_ what: String) { findings.violations.append("\(name): \(what)") }
    if !(certificate.objective >= objective.lower) {
      fail("states the objective \(certificate.objective), which is at least \(objective.lower)")
    }
    if objective.upper.isFinite, certificate.objective.isFinite, objective.upper > 0 {
      let unit = max(objective.upper, 1e-9 * certificate.reference)
      findings.excess = max(findings.excess, (certificate.objective - objective.upper) / unit)
    }
    if !(certificate.lowerBound <= certificate.objective) {
      fail("the lower bound \(certificate.lowerBound) is above the objective \(certificate.objective)")
    }
    guard certificate.scope != .none, certificate.lowerBound > -.infinity else { return }
    guard let dual = evidence.dual(certificate.dualPoint, scale: certificate.dualScale) else {
      return fail("the dual point is outside the domain of the conjugate")
    }
    if certificate.lowerBound > dual.upper {
      fail("states the lower bound \(certificate.lowerBound); its dual point proves \(dual.upper)")
    }
    if (Interval(certificate.dualScale) * Interval(certificate.polarBound)).lower > evidence.beta {
      fail("the dual scale is too long for its polar bound")
    }
    guard certificate.dualScale > 0 else { return }
    if instance.training.intercept, !evidence.annihilatesOffsets(certificate.dualPoint) {
      fail("an offset has a slope at the dual point")
    }
    if evidence.loss.name == "softmax", !evidence.hasBalancedRows(certificate.dualPoint) {
      fail("a row of the dual point has another sum than 0")
    }
  }
}

import BidualCertificates
import BidualLinear
import BidualModels
import Testing

@Suite struct VerificationTests {
  private struct Case {
    let problem: TrainingProblem
    let network: TwoLayerNetwork
    let certificate: Certificate
    let optimum: Double

    func holds(
      problem: TrainingProblem? = nil, network: TwoLayerNetwork? = nil, certificate: Certificate? = nil
    )
      -> Bool
    {
      do {
        try Certifier(problem ?? self.problem).verify(
          certificate ?? self.certificate, of: network ?? self.network)
        return true
      } catch {
        return false
      }
    }
  }

  private func cases(_ random: inout SeededGenerator) throws -> [Case] {
    try (0..<6).map { trial in
      let planted = try PlantedProblem(rows: 6 + 2 * trial, symmetric: trial % 2 == 1, &random)
      let verdict = Certifier(planted.problem).certify(
        planted.network, dualPoint: planted.dualPoint, polarAccuracy: 1e-7)
      return Case(
        problem: planted.problem, network: planted.network, certificate: verdict.certificate,
        optimum: planted.optimum)
    }
  }

  private func altered(
    _ certificate: Certificate, objective: Double? = nil, lowerBound: Double? = nil,
    scope: Certificate.Scope? = nil, dualPoint: [Double]? = nil, polarBound: Double? = nil,
    dualScale: Double? = nil
  ) -> Certificate {
    Certificate(
      objective: objective ?? certificate.objective, lowerBound: lowerBound ?? certificate.lowerBound,
      scope: scope ?? certificate.scope, dualPoint: dualPoint ?? certificate.dualPoint,
      polarBound: polarBound ?? certificate.polarBound, dualScale: dualScale ?? certificate.dualScale)
  }

  @Test(arguments: WhitenedProblem.all) func certificatesOfExactProblemsAreAccepted(whitened: WhitenedProblem)
    throws
  {
    let certifier = Certifier(whitened.problem)
    for gap in [0.5, 1e-4, 1e-9] {
      let verdict = certifier.certify(whitened.network, dualPoint: whitened.dualPoint, gap: gap)
      try certifier.verify(verdict.certificate, of: whitened.network)
    }
    let cut = certifier.certify(
      whitened.network, dualPoint: whitened.dualPoint, gap: 1e-9, effort: .init(nodeLimit: 1))
    try certifier.verify(cut.certificate, of: whitened.network)
  }

  @Test func aTrueCertificateIsAcceptedTwice() throws {
    var random = SeededGenerator(seed: 1)
    for item in try cases(&random) {
      #expect(item.holds())
      #expect(Certifier(item.problem, threads: 2).problem.beta == item.problem.beta)
      try Certifier(item.problem, threads: 2).verify(item.certificate, of: item.network)
    }
  }

  @Test(arguments: [1 + 1e-4, 1 - 1e-4]) func alteredNumbersAreRejected(factor: Double) throws {
    var random = SeededGenerator(seed: 2)
    for item in try cases(&random) {
      let true_ = item.certificate
      #expect(
        !item.holds(
          certificate: altered(
            true_, lowerBound: true_.lowerBound * factor - (factor > 1 ? 1e-4 : 0) * true_.lowerBound * 2)))
      #expect(
        !item.holds(
          certificate: altered(
            true_, objective: max(true_.objective * factor, true_.lowerBound) + 1e-5 * true_.objective)))
      #expect(!item.holds(certificate: altered(true_, dualScale: true_.dualScale * factor)))
      // The scale is β/κ̄, so another κ̄ speaks of another scale.
      #expect(!item.holds(certificate: altered(true_, polarBound: true_.polarBound * factor)))
    }
  }

  /// Where a prediction is zero the lower bound is stationary in V; an altered entry that is accepted
  /// there must still carry the claims.
  @Test(arguments: [1 + 1e-4, 1 - 1e-4, -1]) func alteredDualPointsAreRejectedOrStillTrue(factor: Double)
    throws
  {
    var random = SeededGenerator(seed: 3)
    var rejected = 0
    for item in try cases(&random) {
      let predictions = item.network.predictions(item.problem.design)
      for i in item.problem.targets.indices {
        var dual = item.certificate.dualPoint
        dual[i] *= factor
        guard item.holds(certificate: altered(item.certificate, dualPoint: dual)) else {
          rejected += 1
          continue
        }
        let change = abs((factor - 1) * item.certificate.dualPoint[i] * predictions[i])
        #expect(change <= 2e-9 * item.certificate.objective, "entry \(i)")
        let polar = PlantedProblem.polar(item.problem.design, dual).value
        #expect(polar <= item.certificate.polarBound * (1 + 1e-12))
        let scale = item.certificate.dualScale
        let value = zip(dual, item.problem.targets).reduce(0) {
          $0 + scale * $1.0 * $1.1 - 0.5 * scale * scale * $1.0 * $1.0
        }
        #expect(value >= item.certificate.lowerBound - 2e-9 * item.certificate.objective)
      }
    }
    #expect(rejected > 20)
  }

  @Test(arguments: [1 + 1e-4, 1 - 1e-4, -1]) func alteredWeightsAndTargetsAreRejected(factor: Double) throws {
    var random = SeededGenerator(seed: 4)
    for item in try cases(&random) {
      for k in item.network.hidden.elements.indices {
        var network = item.network
        network.hidden.elements[k] *= factor
        let change = abs(item.problem.objective(network) - item.problem.objective(item.network))
        // Around an optimum the objective may move by the square of the change only.
        if change > 2e-9 * item.certificate.objective { #expect(!item.holds(network: network)) }
      }
      for k in item.network.output.indices {
        var network = item.network
        network.output[k] *= factor
        if factor < 0 { #expect(!item.holds(network: network)) }
      }
      for i in item.problem.targets.indices {
        var targets = item.problem.targets
        targets[i] *= factor
        let problem = try TrainingProblem(
          design: item.problem.design, targets: targets, beta: item.problem.beta)
        #expect(!item.holds(problem: problem), "target \(i)")
      }
      let other = try TrainingProblem(
        design: item.problem.design, targets: item.problem.targets,
        beta: item.problem.beta * abs(factor) * 1.001)
      #expect(!item.holds(problem: other))
    }
  }

  /// An entry of the design moves the objective where its row is active, and the polar elsewhere. Where
  /// neither shows, the certificate must be true of the altered data too: checked by a new proof.
  @Test(arguments: [1 + 1e-4, 1 - 1e-4, -1]) func alteredDesignsAreRejectedOrStillBounded(factor: Double)
    throws
  {
    var random = SeededGenerator(seed: 5)
    var rejected = 0
    var accepted = 0
    for item in try cases(&random) {
      for k in item.problem.design.elements.indices {
        var design = item.problem.design
        design.elements[k] *= factor
        let problem = try TrainingProblem(
          design: design, targets: item.problem.targets, beta: item.problem.beta)
        if item.holds(problem: problem) {
          accepted += 1
          let polar = PlantedProblem.polar(design, item.certificate.dualPoint).value
          #expect(polar <= item.certificate.polarBound * (1 + 1e-12))
        } else {
          rejected += 1
        }
      }
    }
    #expect(rejected > accepted)
  }

  @Test func malformedCertificatesAreRejected() throws {
    var random = SeededGenerator(seed: 6)
    let item = try cases(&random)[0]
    let true_ = item.certificate
    #expect(!item.holds(certificate: altered(true_, scope: .restricted)))
    #expect(!item.holds(certificate: altered(true_, scope: Certificate.Scope.none)))
    #expect(!item.holds(certificate: altered(true_, dualPoint: Array(true_.dualPoint.dropLast()))))
    #expect(!item.holds(certificate: altered(true_, dualPoint: true_.dualPoint + [0])))
    #expect(!item.holds(certificate: altered(true_, dualPoint: [])))
    for bad in [Double.nan, .infinity, -.infinity, -1] {
      #expect(!item.holds(certificate: altered(true_, polarBound: bad)))
      #expect(!item.holds(certificate: altered(true_, dualScale: bad)))
      var dual = true_.dualPoint
      dual[1] = bad
      #expect(!item.holds(certificate: altered(true_, dualPoint: dual)))
    }
    #expect(!item.holds(certificate: altered(true_, lowerBound: -.infinity)))
    #expect(!item.holds(certificate: altered(true_, objective: .infinity)))
    #expect(!item.holds(certificate: altered(true_, polarBound: 0)))
    #expect(!item.holds(network: .zero(inputs: 2)))
  }

  /// A forged polar bound just below the truth must fail, however good the rest looks.
  @Test func polarBoundsBelowTheTruthAreNotProven() throws {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<20 {
      let planted = try PlantedProblem(rows: 5 + trial, symmetric: trial % 2 == 0, &random)
      let certifier = Certifier(planted.problem)
      let polar = planted.problem.beta
      #expect(!certifier.proves(planted.dualPoint, polarAtMost: polar * (1 - 1e-9)))
      #expect(!certifier.proves(planted.dualPoint, polarAtMost: polar * 0.5))
      #expect(certifier.proves(planted.dualPoint, polarAtMost: polar * (1 + 1e-9)))
      #expect(certifier.proves(planted.dualPoint, polarAtMost: polar * 2))
    }
  }
}

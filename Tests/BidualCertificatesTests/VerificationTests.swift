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
  ) throws -> Certificate {
    try Certificate(
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
      #expect(!item.holds(certificate: try altered(true_, dualScale: true_.dualScale * factor)))
      // The scale is β/κ̄: it is too long for a larger κ̄, and a smaller one can't be proven.
      #expect(!item.holds(certificate: try altered(true_, polarBound: true_.polarBound * factor)))
    }
  }

  /// A claim that says less than the truth is true; one that says more is refused, however little more it says.
  @Test(arguments: [1e-4, 1e-9, 1e-12]) func claimsAreOneSided(change: Double) throws {
    var random = SeededGenerator(seed: 2)
    for item in try cases(&random) {
      let truth = item.certificate
      let (objective, lowerBound) = (truth.objective, truth.lowerBound)
      #expect(item.holds(certificate: try altered(truth, objective: objective * (1 + change))))
      #expect(item.holds(certificate: try altered(truth, lowerBound: lowerBound * (1 - change))))
      #expect(
        !item.holds(
          certificate: try altered(
            truth, objective: objective * (1 - change), lowerBound: lowerBound * (1 - 1e-3))))
      #expect(
        !item.holds(
          certificate: try altered(
            truth, objective: objective * (1 + 1e-3), lowerBound: lowerBound * (1 + change))))
    }
  }

  /// Beside a wasteful network the objective is no measure of what a lower bound may be off by.
  @Test func aWastefulNetworkHidesNoFalseBound() throws {
    var random = SeededGenerator(seed: 8)
    for item in try cases(&random) {
      var network = item.network
      network.hidden.elements = network.hidden.elements.map { $0 * 3e6 }
      let honest = Certifier(item.problem).certify(
        network, dualPoint: item.certificate.dualPoint, polarAccuracy: 1e-7
      ).certificate
      #expect(honest.objective > 1e9 * item.optimum)
      #expect(item.holds(network: network, certificate: honest))
      for excess in [0.9e-9 * honest.objective, item.optimum, 1e-6 * item.optimum, 1e-12 * item.optimum] {
        let forged = try altered(honest, lowerBound: honest.lowerBound + excess)
        #expect(!item.holds(network: network, certificate: forged), "\(excess) of \(item.optimum)")
      }
    }
  }

  @Test func proofsThatAreCutShortDecideNothing() throws {
    var random = SeededGenerator(seed: 9)
    for item in try cases(&random).dropFirst() {
      let certifier = Certifier(item.problem)
      for effort in [Certifier.Effort(nodeLimit: 0), .init(isCancelled: { true })] {
        #expect {
          try certifier.verify(item.certificate, of: item.network, effort: effort)
        } throws: {
          ($0 as? VerificationFailure)?.isUnfinished == true
        }
      }
      // What is false without a proof is refused without one.
      let forged = try altered(
        item.certificate, objective: 2 * item.optimum, lowerBound: 1.5 * item.optimum)
      #expect {
        try certifier.verify(forged, of: item.network, effort: .init(isCancelled: { true }))
      } throws: {
        ($0 as? VerificationFailure)?.isUnfinished == false
      }
    }
  }

  /// An infinite polar bound proves what the loss alone can't fall below, and nothing else.
  @Test func infinitePolarBoundsClaimNothing() throws {
    var random = SeededGenerator(seed: 10)
    let item = try cases(&random)[1]
    let trivial = try altered(item.certificate, lowerBound: 0, polarBound: .infinity, dualScale: 0)
    #expect(item.holds(certificate: trivial))
    #expect(
      !item.holds(certificate: try altered(trivial, lowerBound: Double.leastNonzeroMagnitude)))
    #expect(!item.holds(certificate: try altered(trivial, dualScale: 1e-300)))
  }

  @Test func contradictoryBoundsAreAnErrorOrWithdrawn() throws {
    var random = SeededGenerator(seed: 11)
    let item = try cases(&random)[2]
    let truth = item.certificate
    for lower in [truth.objective.nextUp, .infinity, .nan] {
      #expect(throws: ContradictoryBounds.self) { try altered(truth, lowerBound: lower) }
    }
    let withdrawn = truth.beside(objective: 0.5 * truth.lowerBound)
    #expect(withdrawn.lowerBound == 0 && withdrawn.relativeGap == 1)
    #expect(withdrawn.objective == 0.5 * truth.lowerBound && !withdrawn.isCertified(to: 0.99))
    // What is left of it is true.
    #expect(item.holds(certificate: withdrawn.beside(objective: truth.objective)))
    #expect(truth.beside(objective: 2 * truth.objective).lowerBound == truth.lowerBound)
  }

  /// Where a prediction is zero the lower bound is stationary in V; an altered entry that is accepted
  /// there must still carry the claims.
  @Test(arguments: [1 + 1e-4, 1 - 1e-4, -1]) func alteredDualPointsAreRejectedOrStillTrue(factor: Double)
    throws
  {
    var random = SeededGenerator(seed: 3)
    var rejected = 0
    for item in try cases(&random) {
      for i in item.problem.targets.indices {
        var dual = item.certificate.dualPoint
        dual[i] *= factor
        guard item.holds(certificate: try altered(item.certificate, dualPoint: dual)) else {
          rejected += 1
          continue
        }
        let polar = PlantedProblem.polar(item.problem.design, dual).value
        #expect(polar <= item.certificate.polarBound * (1 + 1e-12))
        let scale = item.certificate.dualScale
        let value = zip(dual, item.problem.targets).reduce(0) {
          $0 + scale * $1.0 * $1.1 - 0.5 * scale * scale * $1.0 * $1.0
        }
        #expect(value >= item.certificate.lowerBound * (1 - 1e-15), "entry \(i)")
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
        // Around an optimum the objective may move by the square of the change only.
        let change = item.problem.objective(network) - item.problem.objective(item.network)
        if change > 1e-13 * item.certificate.objective { #expect(!item.holds(network: network)) }
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
    #expect(!item.holds(certificate: try altered(true_, scope: .restricted)))
    #expect(!item.holds(certificate: try altered(true_, scope: Certificate.Scope.none)))
    #expect(!item.holds(certificate: try altered(true_, dualPoint: Array(true_.dualPoint.dropLast()))))
    #expect(!item.holds(certificate: try altered(true_, dualPoint: true_.dualPoint + [0])))
    #expect(!item.holds(certificate: try altered(true_, dualPoint: [])))
    for bad in [Double.nan, .infinity, -.infinity, -1] {
      #expect(!item.holds(certificate: try altered(true_, polarBound: bad)))
      #expect(!item.holds(certificate: try altered(true_, dualScale: bad)))
      var dual = true_.dualPoint
      dual[1] = bad
      #expect(!item.holds(certificate: try altered(true_, dualPoint: dual)))
    }
    #expect(!item.holds(certificate: try altered(true_, lowerBound: -.infinity)))
    #expect(!item.holds(certificate: try altered(true_, objective: .infinity)))
    #expect(!item.holds(certificate: try altered(true_, polarBound: 0)))
    #expect(!item.holds(network: TwoLayerNetwork.zero(inputs: 2)))
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

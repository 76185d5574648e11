import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Testing

@testable import BidualSolvers

/// Networks with filters of their own at each place.
@Suite struct LocallyConnectedTests {
  private static let losses: [any Loss] = [
    SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  private func signals(_ length: Int, filter: Int, stride: Int = 1, padding: Int = 0, hasBias: Bool = false)
    throws -> Patches
  {
    try Patches(
      channels: 1, image: .init(height: 1, width: length), filter: .init(height: 1, width: filter),
      stride: .init(height: 1, width: stride), padding: .init(height: 0, width: padding), hasBias: hasBias)
  }

  private func problem(
    _ design: Matrix, _ targets: [Double], _ patches: Patches, loss: any Loss = SquaredLoss(), beta: Double,
    hasOffset: Bool = false
  ) throws -> TrainingProblem {
    try TrainingProblem(
      design: design, targets: targets, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: LocallyConnected(patches))
  }

  private func train(
    _ problem: TrainingProblem, gap: Double = 1e-6, aim: WorkingSet.Aim = .proof
  ) throws -> TrainingOutcome {
    var options = WorkingSet.Options()
    (options.gap, options.aim) = (gap, aim)
    return try WorkingSet(problem, options: options).train()
  }

  /// The training objective by loops over samples, filters and numbers of a patch.
  private func naiveObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
    let network = try #require(network as? LocallyConnectedNetwork)
    let patches = network.patches
    var sum = 0.0
    for i in 0..<problem.design.rows {
      let rows = patches.rows(of: problem.design, images: i..<(i + 1))
      var prediction = network.offset ?? 0
      for (j, place) in network.places.enumerated() {
        prediction +=
          network.filters.output[j] * max(0, dot(network.filters.hidden.row(j), rows.row(place)))
      }
      sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
    }
    let weights = network.filters.hidden.elements + network.filters.output
    return sum + 0.5 * problem.beta * dot(weights, weights)
  }

  /// Trained to a proof whose parts are checked one by one: by loops, by the verifier, and by networks nearby.
  @Test(arguments: losses.indices, [(0, false), (1, true)])
  func networksAreTrainedAndCertified(loss: Int, more: (padding: Int, hasBias: Bool)) throws {
    let patches = try signals(5, filter: 2, stride: 2, padding: more.padding, hasBias: more.hasBias)
    var design = gaussian(14, patches.inputs, seed: 1)
    if more.hasBias { for i in 0..<14 { design[i, patches.inputs - 1] = 1 } }
    let targets = gaussian(14, 1, seed: 2).elements.map { $0 > 0 ? 1.0 : -1 }
    let problem = try problem(
      design, targets, patches, loss: Self.losses[loss], beta: 0.2, hasOffset: more.hasBias)
    let trained = try train(problem, gap: 1e-5)
    let certificate = trained.certificate
    #expect(certificate.isCertified(to: 1e-5), "\(trained.status)")
    let naive = try naiveObjective(trained.network, problem)
    #expect(naive <= certificate.objective && certificate.objective - naive <= 1e-9 * naive)
    try Certifier(problem).verify(certificate, of: trained.network)
    let network = try #require(trained.network as? LocallyConnectedNetwork)
    #expect(network.neurons > 0)
    var random = SeededGenerator(seed: 3)
    for trial in 0..<100 {
      var filters = network.filters
      for k in filters.hidden.elements.indices {
        filters.hidden.elements[k] += [1e-1, 1e-3][trial % 2] * random.nextGaussian()
      }
      let other = LocallyConnectedNetwork(
        filters, places: network.places.shuffled(using: &random), patches: patches)
      #expect(try naiveObjective(other, problem) >= certificate.lowerBound)
    }
    let better = try Certificate(
      objective: certificate.objective, lowerBound: certificate.objective, scope: certificate.scope,
      dualPoint: certificate.dualPoint, polarBound: certificate.polarBound * 0.9,
      dualScale: certificate.dualScale)
    #expect(throws: VerificationFailure.self) { try Certifier(problem).verify(better, of: trained.network) }
  }

  /// With one place this is training of two layers.
  @Test func onePlaceIsTwoLayerTraining() throws {
    let (design, targets) = (gaussian(20, 3, seed: 4), gaussian(20, 1, seed: 5).elements)
    let own = try train(problem(design, targets, signals(3, filter: 3), beta: 0.5)).certificate
    let plain = try train(
      TrainingProblem(design: design, targets: targets, beta: 0.5)
    ).certificate
    #expect(own.isCertified(to: 1e-6) && plain.isCertified(to: 1e-6))
    #expect(own.lowerBound <= plain.objective && plain.lowerBound <= own.objective)
  }

  /// Where each image is dark but for one place, places have nothing to do with each other: the optimum is the sum of theirs.
  @Test func separatePlacesAddUp() throws {
    let (rows, targets) = (gaussian(12, 2, seed: 6), gaussian(12, 1, seed: 7).elements)
    var design = Matrix(rows: 12, columns: 6)
    for i in 0..<12 { for k in 0..<2 { design[i, i % 3 * 2 + k] = rows[i, k] } }
    let trained = try train(problem(design, targets, signals(6, filter: 2, stride: 2), beta: 0.1))
    #expect(trained.certificate.isCertified(to: 1e-6))
    var (objective, lowerBound) = (0.0, 0.0)
    for place in 0..<3 {
      let own = Array(stride(from: place, to: 12, by: 3))
      let part = try train(
        TrainingProblem(design: rows.selectingRows(own), targets: own.map { targets[$0] }, beta: 0.1))
      objective += part.certificate.objective
      lowerBound += part.certificate.lowerBound
    }
    #expect(trained.certificate.lowerBound <= objective && lowerBound <= trained.certificate.objective)
  }

  /// They are two-layer networks of the image, at the same price: no optimum of theirs is lower.
  @Test func noneIsBetterThanTheBestOfAllTwoLayerNetworks() throws {
    let (design, targets) = (gaussian(16, 3, seed: 8), gaussian(16, 1, seed: 9).elements)
    let local = try train(problem(design, targets, signals(3, filter: 2), beta: 0.3), gap: 1e-5)
    let whole = try train(TrainingProblem(design: design, targets: targets, beta: 0.3), gap: 1e-5)
    #expect(whole.certificate.lowerBound <= local.certificate.objective)
    #expect(local.certificate.isCertified(to: 1e-5))
  }

  /// The bound is above every atom of every place, and near the largest on a grid, for either goal, and however early a search is stopped.
  @Test(arguments: [0, 1000, 1_000_000]) func theLargestPolarIsBounded(nodeLimit: Int) throws {
    let design = gaussian(15, 6, seed: 10)
    let problem = try problem(
      design, gaussian(15, 1, seed: 11).elements, signals(6, filter: 2, stride: 2), beta: 1)
    let atoms = try #require(problem.atoms as? LocallyConnectedAtoms)
    let weights = gaussian(15, 1, seed: 12).elements
    var largest = 0.0
    for place in 0..<3 {
      for step in 0..<20_000 {
        let angle = Double(step) * 2 * .pi / 20_000
        var value = 0.0
        for i in 0..<15 {
          value +=
            weights[i]
            * max(0, design[i, 2 * place] * .cos(angle) + design[i, 2 * place + 1] * .sin(angle))
        }
        largest = max(largest, abs(value))
      }
    }
    let oracle = atoms.oracle(threads: 1)
    for goal in [
      PolarGoal.maximize(relativeTolerance: 1e-6, floor: 0),
      .prove(threshold: 0.99 * largest, maximumViolators: 1),
      .prove(threshold: 1.001 * largest, maximumViolators: 3),
    ] {
      let found = oracle.bound(weights, goal: goal, nodeLimit: nodeLimit)
      #expect(found.upper >= largest)
      for maximum in found.maximizers {
        #expect((0..<3).contains(maximum.family) && maximum.value <= found.upper)
        let part = Part(sign: maximum.sign, vector: maximum.direction, family: maximum.family)
        let value = maximum.sign * dot(atoms.responses(to: [part]).elements, weights)
        #expect(abs(value - maximum.value) <= 1e-9 * largest)
      }
      guard nodeLimit == 1_000_000 else { continue }
      switch goal {
      case .maximize: #expect(found.isComplete && found.upper <= largest * (1 + 1e-3))
      case .prove(let threshold, _) where threshold > largest: #expect(found.upper <= threshold)
      case .prove: #expect(!found.maximizers.isEmpty)
      }
    }
  }

  /// Weights that meet nothing but padding cost what others do, and those of another shape are not of the kind.
  @Test func penaltiesAreOfAllWeights() throws {
    let patches = try signals(3, filter: 2, stride: 3, padding: 1)
    let problem = try problem(gaussian(4, 3, seed: 13), [1, 2, 3, 4], patches, beta: 1)
    func network(_ padded: Double) -> LocallyConnectedNetwork {
      LocallyConnectedNetwork(
        TwoLayerNetwork(hidden: Matrix(rows: 1, columns: 2, elements: [padded, 1]), output: [1]),
        places: [0], patches: patches)
    }
    let certifier = Certifier(problem)
    let objective = certifier.objective(of: network(0))
    #expect(abs(certifier.objective(of: network(2)) - objective - 2) <= 1e-9)
    #expect(network(2).predictions(problem.design) == network(0).predictions(problem.design))
    let other = try LocallyConnected(signals(3, filter: 2)).constant(inputs: 3, outputs: 1, offsets: [])
    #expect(certifier.objective(of: other) == .infinity)
    #expect(certifier.objective(of: TwoLayerNetwork.zero(inputs: 3)) == .infinity)
  }

  /// Dark images and places, images twice, and one image.
  @Test(arguments: losses.indices) func degenerateImagesAreCertified(loss: Int) throws {
    var design = gaussian(6, 4, seed: 14)
    for i in 0..<6 { (design[i, 0], design[i, 1]) = (0, 0) }
    for k in 0..<4 { (design[1, k], design[2, k]) = (design[0, k], 0) }
    let targets = [1.0, -1, 1, 1, -1, 1]
    let patches = try signals(4, filter: 2, stride: 2)
    for (design, targets) in [
      (design, targets), (Matrix(rows: 6, columns: 4), targets),
      (design.selectingRows([3]), [1.0]),
    ] {
      let problem = try problem(design, targets, patches, loss: Self.losses[loss], beta: 0.1)
      let trained = try train(problem, gap: 1e-4)
      #expect(trained.certificate.isCertified(to: 1e-4), "\(trained.status)")
      try Certifier(problem).verify(trained.certificate, of: trained.network)
    }
  }

  /// A gradient method has the same filters at the same places as its networks, and never gets below the bound.
  @Test(arguments: [nil, 5]) func descentStaysAboveTheBound(batchSize: Int?) throws {
    let problem = try problem(
      gaussian(20, 6, seed: 15), gaussian(20, 1, seed: 16).elements, signals(6, filter: 2, stride: 2),
      beta: 0.2,
      hasOffset: true)
    let optimum = try train(problem, gap: 1e-5).certificate
    var options = GradientTraining.Options()
    (options.rule, options.width, options.maximumEpochs, options.batchSize) = (.adam(), 30, 3000, batchSize)
    let found = try GradientTraining(problem, options: options).descend()
    #expect(try abs(naiveObjective(found.network, problem) - found.objective) <= 1e-6 * found.objective)
    #expect(found.objective >= optimum.lowerBound)
    #expect(found.objective <= optimum.objective * 1.05)
  }

  /// Local training ends where nothing better is found, and networks from elsewhere are assessed.
  @Test func networksAreTrainedLocallyAndAssessed() throws {
    let problem = try problem(
      gaussian(30, 8, seed: 17), gaussian(30, 1, seed: 18).elements, signals(8, filter: 4, stride: 2),
      beta: 0.5)
    let local = try train(problem, gap: 1e-3, aim: .localGap)
    #expect(local.status == .localGapReached)
    #expect(local.certificate.lowerBound <= local.certificate.objective)
    var options = GradientTraining.Options()
    (options.width, options.maximumEpochs) = (9, 50)
    let rough = try GradientTraining(problem, options: options).descend()
    let atoms = try #require(problem.atoms as? any AssessableAtoms)
    let assessed = try #require(
      try atoms.assessment(
        of: rough.network, in: problem, options: .init(), stop: StopSignal(timeLimit: .seconds(20)),
        progress: { _ in }))
    #expect(assessed.restrictedOptimum <= assessed.certificate.objective * (1 + 1e-9))
    #expect(assessed.certificate.lowerBound <= assessed.restrictedOptimum)
  }
}

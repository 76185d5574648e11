import Bidual
import Testing

/// A throw-away architecture goes through the front door: trained, certified and verified like Bidual's own.
@Suite struct AbsoluteValueTests {
  /// The registration.
  private let architecture = Training.Architecture(AbsoluteValue.name) { _, _, _ in AbsoluteValue() }

  private func dataset(_ n: Int, _ d: Int, seed: UInt64) throws -> Dataset {
    var random = SeededGenerator(seed: seed)
    let features = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let targets = (0..<n).map {
      abs(features[$0, 0]) - 0.5 * features[$0, d - 1] + 0.2 * random.nextGaussian()
    }
    return try Dataset(features: features, targets: targets)
  }

  /// Σℓ + β/2 Σ(‖u‖² + α²) by loops.
  private func objective(_ network: AbsoluteNetwork, _ problem: TrainingProblem) -> Double {
    var sum = 0.0
    for i in 0..<problem.design.rows {
      var prediction = network.offset ?? 0
      for j in 0..<network.neurons {
        prediction += network.output[j] * abs(dot(network.hidden.row(j), problem.design.row(i)))
      }
      sum += problem.loss.value(prediction, target: problem.targets[i])
    }
    let weights = network.hidden.elements + network.output
    return sum + 0.5 * problem.beta * dot(weights, weights)
  }

  @Test(arguments: [(30, 1), (30, 2), (25, 4), (4, 9)], [false, true])
  func isTrainedAndCertified(size: (Int, Int), intercept: Bool) throws {
    let data = try dataset(size.0, size.1, seed: 3)
    let training = Training(
      beta: .ratio(0.1), gap: 1e-5, bias: true, intercept: intercept, architecture: architecture)
    let trained = try training.fit(data)
    #expect(trained.certificate.isCertified(to: 1e-5), "\(trained.outcome.status)")
    #expect(trained.model.network.neurons > 0)
    let problem = try trained.model.problem(on: data)
    let network = try #require(trained.model.network as? AbsoluteNetwork)
    let naive = objective(network, problem)
    #expect(abs(naive - trained.certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(trained.certificate, of: network)
    // Nothing near the optimum, nor the best ReLU network's own optimum, contradicts the bound.
    var random = SeededGenerator(seed: 4)
    for trial in 0..<200 {
      var other = network
      let size = [1e-1, 1e-3][trial % 2]
      for k in other.hidden.elements.indices { other.hidden.elements[k] += size * random.nextGaussian() }
      #expect(objective(other, problem) >= trained.certificate.lowerBound)
    }
  }

  /// A network of absolute values is one of ReLUs at twice the price: the optima are ordered accordingly.
  @Test func standsToReLUNetworksAsItShould() throws {
    let data = try dataset(25, 2, seed: 8)
    let beta = 0.3
    func optimum(_ architecture: Training.Architecture, _ beta: Double) throws -> Certificate {
      try Training(beta: .value(beta), gap: 1e-7, architecture: architecture).fit(data).certificate
    }
    let absolute = try optimum(architecture, 2 * beta)
    let rectified = try optimum(.twoLayer, beta)
    // α|t| is two ReLU neurons, so at half the price ReLU networks can do whatever absolute values can.
    #expect(rectified.lowerBound <= absolute.objective)
  }

  @Test func othersNetworksAreNotAmongItsOwn() throws {
    let data = try dataset(10, 2, seed: 5)
    let problem = try TrainingProblem(
      design: data.features, targets: data.targets, beta: 1, architecture: AbsoluteValue())
    #expect(Certifier(problem).objective(of: TwoLayerNetwork.zero(inputs: 2)) == .infinity)
    for method in Training.Method.allCases where ![.exact, .local].contains(method) {
      let training = Training(method: method, architecture: architecture)
      let error = try #require(throws: DataError.self) { try training.fit(data) }
      #expect(error.kind == .badSettings)
    }
    // The local method asks for pieces only, which they have.
    let local = try Training(method: .local, architecture: architecture).fit(data)
    #expect(local.outcome.status == .localGapReached)
    #expect(local.certificate.lowerBound <= local.certificate.objective)
  }

  /// Files know its weights as far as they can: a certificate tells another network from its own, and a model that no
  /// reader could read is not written.
  @Test func filesAreHonestAboutIt() throws {
    let data = try dataset(10, 2, seed: 6)
    let trained = try Training(beta: .ratio(0.3), gap: 1e-3, architecture: architecture).fit(data)
    let file = CertificateFile(trained.certificate, model: trained.model, dataset: data)
    try file.checkSubject(model: trained.model, dataset: data)
    var network = try #require(trained.model.network as? AbsoluteNetwork)
    network.output[0] *= 2
    let other = try Model(
      featureNames: trained.model.featureNames, targetNames: trained.model.targetNames,
      preprocessing: trained.model.preprocessing, architecture: AbsoluteValue(), network: network,
      loss: trained.model.loss, beta: trained.model.beta)
    #expect(throws: VerificationFailure.self) { try file.checkSubject(model: other, dataset: data) }
    let error = try #require(throws: DataError.self) {
      try ModelFile.write(trained.model, to: "never.json")
    }
    #expect(error.kind == .cannotWrite && !AtomicFile.exists("never.json"))
  }
}

import Bidual
import Testing

/// Gated and linear networks and given patterns, through the front door.
@Suite struct ArchitectureTests {
  private func dataset(rows: Int = 24, features: Int = 3, seed: UInt64 = 1) throws -> Dataset {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(
      rows: rows, columns: features, elements: (0..<(rows * features)).map { _ in random.nextGaussian() })
    return try Dataset(
      features: design, targets: (0..<rows).map { max(0, design[$0, 0]) + 0.2 * random.nextGaussian() })
  }

  /// The optimum of ½‖Xw − y‖² + β‖w‖ by its own equation ‖(XᵀX + β/t·I)⁻¹Xᵀy‖ = t, by bisection.
  private func linearOptimum(_ data: Dataset, beta: Double) -> Double {
    let d = data.features.columns
    let correlation = data.features.transposedTimes(data.targets)
    func weights(_ t: Double) -> [Double] {
      var gram = data.features.transposedTimes(data.features)
      for k in 0..<d { gram[k, k] += beta / t }
      guard let values = SingularValues(of: gram) else { return [] }
      var w = [Double](repeating: 0, count: d)
      for (k, value) in values.values.enumerated() {
        let along = zip(values.left.column(k), correlation).reduce(0) { $0 + $1.0 * $1.1 } / value
        for j in 0..<d { w[j] += along * values.rightTransposed[k, j] }
      }
      return w
    }
    func length(_ w: [Double]) -> Double { w.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var (low, high) = (1e-9, 1e3)
    for _ in 0..<200 {
      let middle = (low * high).squareRoot()
      if length(weights(middle)) > middle { low = middle } else { high = middle }
    }
    let w = weights(low)
    let misses = zip(data.features.times(w), data.targets).map { $0 - $1 }
    return 0.5 * misses.reduce(0) { $0 + $1 * $1 } + beta * length(w)
  }

  @Test func linearNetworksReachTheOptimumOfGroupLasso() throws {
    for seed in 1...5 {
      let data = try dataset(seed: UInt64(seed))
      let result = try Training(beta: .value(0.7), gap: 1e-7, architecture: .linear).fit(data)
      let optimum = linearOptimum(data, beta: 0.7)
      #expect(abs(result.certificate.objective - optimum) <= 1e-6 * optimum)
      #expect(result.certificate.scope == .global && result.certificate.relativeGap <= 1e-7)
      try Certifier(result.model.problem(on: data)).verify(result.certificate, of: result.model.network)
    }
  }

  @Test func gatedNetworksCarryTheirGates() throws {
    let data = try dataset()
    let training = Training(
      beta: .value(0.3), gap: 1e-6, bias: true,
      patterns: .given([.source(GaussianGates(draws: 30))]), architecture: .gated)
    let result = try training.fit(data)
    #expect(result.certificate.scope == .restricted && result.certificate.relativeGap <= 1e-6)
    // The penalty and the fit from the definition.
    let problem = try result.model.problem(on: data)
    let network = try #require(result.model.network.twoLayer)
    guard case .gated(let gates) = network.activation else { throw DataError(.badData, "not gated") }
    var objective = 0.0
    for i in 0..<data.samples {
      var prediction = 0.0
      for j in 0..<network.neurons {
        var gate = 0.0
        var height = 0.0
        for k in 0..<problem.design.columns {
          gate += gates.vectors[gates.owner[j], k] * problem.design[i, k]
          height += network.hidden[j, k] * problem.design[i, k]
        }
        if gate > 0 { prediction += network.output[j] * height }
      }
      objective += 0.5 * (prediction - data.targets[i]) * (prediction - data.targets[i])
    }
    for weight in network.hidden.elements + network.output { objective += 0.15 * weight * weight }
    #expect(abs(objective - result.certificate.objective) <= 1e-9 * objective)
    try Certifier(problem).verify(result.certificate, of: network)
    // More gates never hurt; all gates are best.
    let all = try Training(beta: .value(0.3), gap: 1e-6, bias: true, architecture: .gated).fit(data)
    #expect(all.certificate.objective <= objective * (1 + 1e-6))
  }

  @Test func givenPatternsBoundOnlyThemselves() throws {
    let data = try dataset()
    let exact = try Training(beta: .value(0.3), gap: 1e-6).fit(data)
    var last = Double.infinity
    for draws in [1, 5, 200] {
      let given = try Training(
        beta: .value(0.3), gap: 1e-6, patterns: .given([.source(GaussianGates(draws: draws))])
      ).fit(data)
      #expect(given.certificate.scope == .restricted)
      #expect(given.certificate.relativeGap <= 1e-6)
      #expect(given.certificate.objective >= exact.certificate.lowerBound)
      #expect(given.certificate.objective <= last * (1 + 1e-6))
      #expect(!given.certificate.isCertified(to: 1))
      // What was proven can be proven again from the certificate alone.
      let problem = try given.model.problem(on: data)
      let restriction = try #require(given.certificate.restriction)
      let again = try Certifier(problem, restrictedTo: restriction)
        .verify(given.certificate, of: given.model.network)
      #expect(again == given.certificate)
      last = given.certificate.objective
    }
    // The optimum's own patterns are enough.
    let own = try Training(
      beta: .value(0.3), gap: 1e-6,
      patterns: .given([.source(GivenGates(rows: exact.model.network.twoLayer!.hidden))])
    ).fit(data)
    #expect(own.certificate.objective <= exact.certificate.objective * 1.01)
  }

  @Test(
    arguments: Training.Method.allCases.filter {
      ![.frankWolfe, .copositive, .cuttingPlane, .svd, .ergenPilanci13].contains($0)
    })
  func everyMethodStaysAboveTheBound(_ method: Training.Method)
    throws
  {
    let data = try dataset()
    let exact = try Training(beta: .value(0.5), gap: 1e-6).fit(data)
    var descent = Training.Descent()
    descent.epochs = 200
    descent.width = 20
    let training = Training(beta: .value(0.5), gap: 1e-4, method: method, descent: descent)
    let one = try training.fit(data)
    let two = try training.fit(data)
    #expect(one.certificate.objective >= exact.certificate.lowerBound)
    #expect(one.certificate.lowerBound <= exact.certificate.objective)
    #expect(one.model == two.model && one.certificate == two.certificate)
  }

  @Test func contradictorySettingsAreRefused() throws {
    let data = try dataset()
    for training in [
      Training(norm: .l1, patterns: .all), Training(method: .adam, patterns: .all),
      Training(norm: .l1, architecture: .linear), Training(method: .clifford, architecture: .gated),
      Training(patterns: .given([.source(GaussianGates(draws: 0))])),
      Training(patterns: .given([.source(GivenGates(rows: Matrix([[1, 2]])))])),
    ] {
      #expect(throws: DataError.self) { try training.fit(data) }
    }
  }
}

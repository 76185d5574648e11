import Bidual
import Testing

@Suite struct TrainingTests {
  private func dataset(rows: Int = 20, features: Int = 2, seed: UInt64 = 1, offset: Double = 0) throws
    -> Dataset
  {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(
      rows: rows, columns: features,
      elements: (0..<(rows * features)).map { offset + Double($0 % features + 1) * random.nextGaussian() })
    let targets = (0..<rows).map { abs(design[$0, 0] - offset) - 0.5 + 0.1 * random.nextGaussian() }
    return try Dataset(features: design, targets: targets)
  }

  /// Predictions from raw features, by loops.
  private func predictions(_ model: Model, _ features: Matrix) -> [Double] {
    (0..<features.rows).map { i in
      var inputs: [Double] = []
      for j in 0..<features.columns {
        var x = features[i, j]
        if let standardization = model.preprocessing.standardization {
          x = (x - standardization.means[j]) / standardization.scales[j]
        }
        inputs.append(x)
      }
      if model.preprocessing.bias { inputs.append(1) }
      var sum = 0.0
      for m in 0..<model.network.neurons {
        var height = 0.0
        for (k, x) in inputs.enumerated() { height += x * model.network.twoLayer!.hidden[m, k] }
        sum += model.network.twoLayer!.output[m] * max(0, height)
      }
      return sum
    }
  }

  @Test(arguments: [false, true], [false, true]) func fittedModelsAreCertified(bias: Bool, standardize: Bool)
    throws
  {
    let data = try dataset(offset: standardize ? 40 : 0)
    let trained = try Training(beta: .ratio(0.05), gap: 1e-6, bias: bias, standardize: standardize).fit(data)
    let (model, certificate) = (trained.model, trained.certificate)
    #expect(trained.outcome.status == .solved)
    #expect(certificate.isCertified(to: 1e-6))
    #expect(abs(model.beta - 0.05 * (try #require(trained.betaMax))) <= 1e-15 * model.beta)
    #expect(model.preprocessing.bias == bias && (model.preprocessing.standardization != nil) == standardize)
    #expect(model.network.twoLayer!.hidden.columns == (bias ? 3 : 2))
    let found = model.predictions(data.features)
    let naive = predictions(model, data.features)
    var objective = 0.0
    for i in naive.indices {
      #expect(abs(found[i] - naive[i]) <= 1e-11 * (1 + abs(naive[i])))
      objective += 0.5 * (naive[i] - data.targets[i]) * (naive[i] - data.targets[i])
    }
    for weight in model.network.twoLayer!.hidden.elements + model.network.twoLayer!.output {
      objective += 0.5 * model.beta * weight * weight
    }
    #expect(abs(objective - certificate.objective) <= 1e-9 * objective)
    #expect(certificate.lowerBound <= objective)
    try Certifier(model.problem(on: data)).verify(certificate, of: model.network)
  }

  @Test func standardizationIsThatOfTheColumns() throws {
    let data = try dataset(features: 3, offset: 1000)
    let trained = try Training(gap: 1e-3, standardize: true).fit(data)
    let standardization = try #require(trained.model.preprocessing.standardization)
    for j in 0..<3 {
      let column = data.features.column(j)
      let mean = column.reduce(0, +) / 20
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20
      #expect(abs(standardization.means[j] - mean) <= 1e-12 * abs(mean))
      #expect(abs(standardization.scales[j] - variance.squareRoot()) <= 1e-10 * variance.squareRoot())
    }
  }

  @Test func constantColumnsStandardizeToZero() throws {
    for constant in [0.1, -3e7, 0] {
      let base = try dataset()
      let rows = (0..<20).map { Array(base.features.row($0)) + [constant] }
      let data = try Dataset(features: Matrix(rows), targets: base.targets)
      let preprocessing = Preprocessing(standardization: .init(of: data.features))
      #expect(preprocessing.design(for: data.features).column(2).allSatisfy { $0 == 0 })
      let trained = try Training(gap: 1e-4, standardize: true).fit(data)
      #expect(trained.certificate.isCertified(to: 1e-4))
      #expect(trained.model.predictions(data.features).allSatisfy { $0.isFinite })
    }
  }

  @Test func ratioAndValueMeanTheSame() throws {
    let data = try dataset()
    let byRatio = try Training(beta: .ratio(0.2), gap: 1e-6).fit(data)
    let byValue = try Training(beta: .value(0.2 * (try #require(byRatio.betaMax))), gap: 1e-6).fit(data)
    #expect(byValue.model == byRatio.model && byValue.certificate == byRatio.certificate)
    #expect(byValue.betaMax == nil)
    let zero = try Training(beta: .ratio(1 + 1e-6), gap: 1e-6).fit(data)
    #expect(zero.model.network.neurons == 0 && zero.certificate.isCertified(to: 1e-6))
    let some = try Training(beta: .ratio(0.999), gap: 1e-6).fit(data)
    #expect(some.model.network.neurons > 0)
  }

  @Test(arguments: [1, 2]) func fitsAreRepeatable(threads: Int) throws {
    let data = try dataset(rows: 25, features: 3)
    let training = Training(beta: .ratio(0.02), gap: 1e-5, seed: 5, threads: threads)
    let first = try training.fit(data)
    let second = try training.fit(data)
    #expect(first.model == second.model && first.certificate == second.certificate)
    #expect(first.certificate.isCertified(to: 1e-5))
  }

  @Test(arguments: [
    Training(beta: .value(.nan)), Training(beta: .ratio(.nan)), Training(beta: .value(0)),
    Training(beta: .value(-1)), Training(beta: .ratio(0)), Training(beta: .ratio(-0.1)),
    Training(beta: .value(.infinity)), Training(beta: .ratio(.infinity)), Training(gap: .nan),
    Training(gap: 0), Training(gap: -1e-3), Training(gap: .infinity), Training(threads: 0),
    Training(threads: -1), Training(maximumIterations: 0),
  ]) func invalidSettingsAreErrors(training: Training) throws {
    let data = try dataset(rows: 4)
    let error = try #require(throws: DataError.self) { try training.fit(data) }
    #expect(error.kind == .badSettings && !error.description.isEmpty)
  }

  @Test func ratiosOfNothingAreErrors() throws {
    for (features, targets) in [([[0.0], [0]], [1.0, 2]), ([[1.0], [2]], [0.0, 0])] {
      let data = try Dataset(features: Matrix(features), targets: targets)
      #expect(throws: DataError.self) { try Training(beta: .ratio(0.1)).fit(data) }
      // With a value of β the answer is the zero network, certified.
      let trained = try Training(beta: .value(0.1), gap: 1e-9).fit(data)
      #expect(trained.model.network.neurons == 0)
      #expect(trained.certificate.isCertified(to: 1e-9))
      #expect(trained.betaMax == nil)
    }
  }

  @Test func overflowingStandardizationIsAnErrorOrAnHonestAnswer() throws {
    let data = try Dataset(features: Matrix([[1e300], [-1e300], [5]]), targets: [1, 2, 3])
    do {
      let trained = try Training(standardize: true).fit(data)
      #expect(trained.certificate.objective.isFinite)
      #expect(trained.certificate.lowerBound <= trained.certificate.objective)
    } catch {
      #expect(error.kind == .badData)
    }
  }

  @Test func earlyStopsAreHonest() throws {
    let data = try dataset(rows: 40, features: 3)
    let full = try Training(beta: .ratio(0.01), gap: 1e-6).fit(data).certificate
    let training = Training(beta: .value(try Training(beta: .ratio(0.01)).fit(data).model.beta), gap: 1e-6)
    for milliseconds in [0, 1, 5, 20] {
      let cut = try training.fit(data, stop: StopSignal(timeLimit: .milliseconds(milliseconds)))
      #expect(cut.certificate.lowerBound <= full.objective && cut.certificate.objective >= full.lowerBound)
    }
    let stopped = StopSignal()
    stopped.stop()
    let nothing = try training.fit(data, stop: stopped)
    #expect(nothing.outcome.status == .stoppedByCaller && nothing.outcome.iterations == 0)
    #expect(nothing.certificate.lowerBound <= full.objective)
    var rounds = 0
    _ = try training.fit(data) { _ in rounds += 1 }
    #expect(rounds > 0)
  }

  /// Weight 2 is the row twice, for means and scales too.
  @Test func standardisationCountsRowsAsOftenAsTheyWeigh() throws {
    let data = try dataset(rows: 12, offset: 5)
    let weights = (0..<12).map { Double($0 % 3) }
    let rows = (0..<12).flatMap { Array(repeating: $0, count: $0 % 3) }
    let weighted = try Dataset(features: data.features, targets: data.targets, weights: weights)
    let training = Training(beta: .value(0.5), gap: 1e-7, standardize: true)
    let (one, two) = (try training.fit(weighted), try training.fit(data.selectingRows(rows)))
    let scales = [one, two].map { $0.model.preprocessing.standardization! }
    for (a, b) in zip(scales[0].means + scales[0].scales, scales[1].means + scales[1].scales) {
      #expect(abs(a - b) <= 1e-13 * abs(b))
    }
    #expect(abs(one.certificate.objective - two.certificate.objective) <= 1e-6 * two.certificate.objective)
  }
}

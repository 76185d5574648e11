import Bidual
import Testing

/// The geometry of a design is dear: a whole run works it out once.
@Suite struct CensusTests {
  private func dataset(_ n: Int, _ d: Int) throws -> Dataset {
    var random = SeededGenerator(seed: 5)
    let features = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    return try Dataset(features: features, targets: (0..<n).map { _ in random.nextGaussian() })
  }

  /// Ranks at which cones prove, boxes do, and more features than samples; β given or not.
  @Test(arguments: [(40, 2), (25, 4), (5, 9)], [Training.Beta.ratio(0.3), .value(0.5)])
  func aFitWorksOutTheGeometryOnce(size: (Int, Int), beta: Training.Beta) throws {
    let data = try dataset(size.0, size.1)
    let work = try Census.of { _ = try Training(beta: beta, gap: 1e-2, bias: true).fit(data) }
    #expect(work == [.decomposition: 1, .merge: 1, .spectralNorm: 1, .spikeFreeness: 1])
  }

  @Test(arguments: [
    Training(beta: .ratio(0.3), norm: .l1), Training(beta: .ratio(0.3), method: .local),
    Training(beta: .ratio(0.3), method: .clifford), Training(beta: .ratio(0.3), architecture: .linear),
    Training(beta: .ratio(0.3), patterns: .given([.source(GaussianGates(draws: 20))])),
    Training(beta: .ratio(0.3), patterns: .all), Training(beta: .ratio(0.3), method: .penalised),
    Training(beta: .ratio(0.3), method: .adam),
  ])
  func noMethodWorksItOutTwice(training: Training) throws {
    let data = try dataset(20, 2)
    var training = training
    training.descent.epochs = 3
    let work = try Census.of { _ = try training.fit(data) }
    // Under ℓ₁ the coordinate axes are hyperplanes too, among which the rays are.
    for (kind, count) in work {
      #expect(count <= (kind == .merge && training.norm == .l1 ? 2 : 1), "\(kind)")
    }
  }

  @Test func interpolationWorksItOutOnce() throws {
    let data = try dataset(12, 2)
    let work = try Census.of { _ = try Training(gap: 1e-3, bias: true).interpolate(data) }
    #expect(work == [.decomposition: 1, .merge: 1, .spectralNorm: 1, .spikeFreeness: 1])
  }
}

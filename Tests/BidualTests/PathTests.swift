import Bidual
import Testing

/// Paths over β, and the band that they prove.
@Suite struct PathTests {
  private func dataset(rows: Int = 40, features: Int = 3, seed: UInt64 = 3) throws -> Dataset {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(
      rows: rows, columns: features, elements: (0..<(rows * features)).map { _ in random.nextGaussian() })
    let targets = (0..<rows).map { i in
      abs(design[i, 0]) - max(0, design[i, 1] + 0.3) + 0.2 * random.nextGaussian()
    }
    return try Dataset(features: design, targets: targets)
  }

  @Test func everyPointIsProvenAndAsGoodAsColdTraining() throws {
    let data = try dataset()
    let training = Training(gap: 1e-4, bias: true)
    let path = try training.path(data, betas: .fractions(count: 8, smallest: 0.02))
    #expect(path.results.count == 8)
    let betaMax = try #require(path.betaMax)
    for (k, result) in path.results.enumerated() {
      let ratio = result.model.beta / betaMax
      #expect(abs(ratio - (k == 0 ? 1 : k == 7 ? 0.02 : ratio)) <= 1e-12)
      #expect(result.certificate.isCertified(to: 1e-4))
      var cold = training
      cold.beta = .value(result.model.beta)
      let other = try cold.fit(data).certificate
      // Both are proven, so each bound is below the other's objective.
      #expect(result.certificate.lowerBound <= other.objective)
      #expect(other.lowerBound <= result.certificate.objective)
    }
    for (a, b) in zip(path.results, path.results.dropFirst()) { #expect(a.model.beta > b.model.beta) }
  }

  /// A fresh proof at any β, of the path or not, lies inside the band that a few proofs give.
  @Test(arguments: [Training.PathProofs.all, .some]) func freshProofsLieInsideTheBand(
    proofs: Training.PathProofs
  ) throws {
    let data = try dataset()
    let training = Training(gap: 1e-3, bias: true, intercept: true)
    let path = try training.path(data, betas: .fractions(count: 6, smallest: 0.03), proofs: proofs)
    let betaMax = try #require(path.betaMax)
    for ratio in [2, 1, 0.7, 0.4, 0.21, 0.1, 0.055, 0.031, 0.02, 0.005] {
      let beta = ratio * betaMax
      let (lower, upper) = try path.band.bounds(at: beta)
      var fresh = training
      fresh.beta = .value(beta)
      let proof = try fresh.fit(data).certificate
      #expect(lower <= upper)
      #expect(lower <= proof.objective, "at \(ratio)")
      #expect(proof.lowerBound <= upper, "at \(ratio)")
      // Inside the path the band is narrow, though it was proven at other values.
      if ratio <= 1, ratio >= 0.03 { #expect(upper - lower <= 0.12 * upper, "at \(ratio)") }
    }
  }

  /// What other proofs and chords say is never less than a point's own certificate does.
  @Test func bandsAreNoWiderThanCertificates() throws {
    let path = try Training(gap: 1e-3, bias: true).path(try dataset(), betas: .values([0.5, 2, 8]))
    #expect(path.results.map(\.model.beta) == [8, 2, 0.5])
    for result in path.results {
      let (lower, upper) = try path.band.bounds(at: result.model.beta)
      #expect(lower >= result.certificate.lowerBound * (1 - 1e-12))
      #expect(upper <= result.certificate.objective * (1 + 1e-12))
    }
  }

  @Test func pathsOfManyKindsEndWithTrueBounds() throws {
    let data = try dataset(rows: 14, features: 2)
    for training in [
      Training(loss: AbsoluteLoss(), gap: 1e-2), Training(gap: 1e-3, norm: .l1),
      Training(gap: 1e-3, architecture: .linear), Training(gap: 1e-2, architecture: .threeLayer(width: 2)),
      Training(gap: 1e-2, method: .adam),
      Training(gap: 1e-3, patterns: .given([.source(GaussianGates(draws: 9))])),
    ] {
      let path = try training.path(data, betas: .fractions(count: 3, smallest: 0.1), proofs: .some)
      #expect(path.results.count == 3)
      for result in path.results {
        #expect(result.certificate.lowerBound <= result.certificate.objective)
        let (lower, upper) = try path.band.bounds(at: result.model.beta)
        #expect(lower <= upper)
      }
    }
  }

  @Test func severalOutputsStartFromTheirNeighbourToo() throws {
    let one = try dataset(rows: 20, features: 2)
    let data = try Dataset(
      features: one.features, targets: one.targets.flatMap { [$0, 1 - $0] }, outputs: 2,
      targetNames: ["a", "b"])
    let path = try Training(gap: 1e-3).path(data, betas: .fractions(count: 4, smallest: 0.05))
    for result in path.results { #expect(result.certificate.relativeGap <= 1e-3) }
  }

  @Test func aStopLeavesThePathSoFar() throws {
    let stop = StopSignal()
    let path = try Training().path(try dataset(), betas: .fractions(count: 5), stop: stop) { index, _ in
      if index == 1 { stop.stop() }
    }
    #expect(path.results.count == 2 && path.betas.count == 5)
  }

  @Test(arguments: [
    BetaGrid.values([]), .values([1, -1]), .values([2, 2]), .values([.nan]), .fractions(count: 1),
    .fractions(count: 5, smallest: 1), .fractions(count: 5, smallest: 0),
  ]) func gridsThatAreNone(grid: BetaGrid) throws {
    let data = try dataset(rows: 5)
    #expect(throws: DataError.self) { try Training().path(data, betas: grid) }
  }

  @Test func rerunsGiveTheSameBytes() throws {
    let data = try dataset()
    let runs = try (0..<2).map { _ in
      try Training(gap: 1e-3, bias: true).path(data, betas: .fractions(count: 4), proofs: .none)
    }
    #expect(
      runs[0].results.map { $0.model.network.weights } == runs[1].results.map { $0.model.network.weights })
  }
}

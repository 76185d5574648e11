import Bidual
import Foundation
import Testing

/// Training along few directions, with a proof over all networks.
@Suite struct RankTests {
  /// Inputs along two directions of `features`, and `noise` along the others.
  private func dataset(rows: Int = 16, features: Int = 4, noise: Double, seed: UInt64 = 5, outputs: Int = 1)
    throws -> Dataset
  {
    var random = SeededGenerator(seed: seed)
    var design = Matrix(rows: rows, columns: features)
    var targets: [Double] = []
    for i in 0..<rows {
      let (a, b) = (random.nextGaussian(), random.nextGaussian())
      for j in 0..<features {
        design[i, j] = a * Double(j + 1) + 2 * b + noise * random.nextGaussian()
      }
      for k in 0..<outputs { targets.append(abs(a) - 0.5 * b + Double(k) * a) }
    }
    return try Dataset(
      features: design, targets: targets, outputs: outputs, targetNames: (0..<outputs).map { "y\($0)" })
  }

  private static let images = Training.ImageShape(
    try! Patches(channels: 1, image: .init(height: 1, width: 4), filter: .init(height: 1, width: 3)))

  static let architectures: [Training.Architecture] = [
    .twoLayer, .gated, .linear, .threeLayer(width: 1), .reluConvolution(images), .linearConvolution(images),
  ]

  /// The bound holds for the network and for the best one of all directions; the network's objective is the one on all data.
  @Test(arguments: RankTests.architectures, [1e-6, 0.05, 1.0])
  func boundsAreOfAllNetworks(architecture: Training.Architecture, noise: Double) throws {
    let data = try dataset(noise: noise)
    var training = Training(beta: .value(2), gap: 1e-4, architecture: architecture)
    if architecture == .gated { training.patterns = .given([.source(GaussianGates(draws: 6))]) }
    let whole = try training.fit(data).certificate
    training.rank = 2
    let cut = try training.fit(data)
    let certificate = cut.certificate
    #expect(certificate.scope == whole.scope)
    #expect(cut.outcome.rank == 2)
    #expect(certificate.lowerBound <= whole.objective && whole.lowerBound <= certificate.objective)
    let problem = try cut.model.problem(on: data)
    let naive = problem.objective(cut.model.network)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    // What is missed counts as a square.
    if noise == 1e-6 {
      #expect(cut.outcome.status == .solved && certificate.relativeGap <= 1e-4)
    } else if noise == 1 {
      #expect(cut.outcome.status != .solved && certificate.relativeGap > 1e-3)
    }
    // Along all directions, and along few with what the others are.
    let few = Certifier(try problem.truncated(toRank: 2)).alongAllDirections
    for certifier in [Certifier(problem), few] {
      try certifier.verify(certificate, of: cut.model.network)
    }
    #expect(throws: VerificationFailure.self) {
      try few.verify(
        Certificate(
          objective: certificate.objective, lowerBound: certificate.lowerBound,
          scope: certificate.scope, dualPoint: certificate.dualPoint,
          polarBound: certificate.polarBound * 0.9,
          dualScale: certificate.dualScale), of: cut.model.network)
    }
  }

  @Test func severalOutputs() throws {
    let data = try dataset(noise: 1e-3, outputs: 2)
    var training = Training(beta: .value(2), gap: 1e-3)
    let whole = try training.fit(data).certificate
    training.rank = 2
    let cut = try training.fit(data)
    #expect(cut.certificate.scope == .global && cut.certificate.lowerBound <= whole.objective)
    #expect(whole.lowerBound <= cut.certificate.objective)
    try Certifier(cut.model.problem(on: data)).verify(cut.certificate, of: cut.model.network)
  }

  /// Where all the weight is across the directions kept, the best there is the zero network, and the bound says no more than it may.
  @Test func whatIsMissedIsCharged() throws {
    let features = Matrix([[100, 1], [-100, 1], [100, -1], [-100, -1]])
    let data = try Dataset(features: features, targets: [1, 1, -1, -1])
    var training = Training(beta: .value(1e-3), gap: 1e-4)
    let whole = try training.fit(data).certificate
    training.rank = 1
    let cut = try training.fit(data)
    #expect(cut.model.network.neurons == 0 && cut.certificate.objective >= 2)
    #expect(whole.objective < 0.1 && cut.certificate.lowerBound <= whole.objective)
    #expect(cut.outcome.status == .rankLimit)
  }

  /// The polar over the whole circle, by angles, is below the bound along one direction with what the other one does.
  @Test(arguments: 0..<12) func boundsHoldAllAroundTheCircle(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let noise = [1e-9, 1e-3, 0.3, 0.99][seed % 4]
    let features = Matrix((0..<9).map { _ in [random.nextGaussian(), noise * random.nextGaussian()] })
    let weights = (0..<9).map { _ in random.nextGaussian() }
    let problem = try TrainingProblem(design: features, targets: weights, beta: 1)
    let few = Certifier(try problem.truncated(toRank: 1))
    let network = problem.constantNetwork()
    let along = few.certify(network, dualPoint: weights, polarAccuracy: 0).certificate
    let all = few.alongAllDirections.certify(network, dualPoint: weights, polarAccuracy: 0).certificate
    #expect(along.scope == .restricted && all.scope == .global)
    let carried = few.alongAllDirections(along, gap: 0)
    #expect(carried.scope == .global && abs(carried.polarBound - all.polarBound) <= 1e-9 * all.polarBound)
    var largest = 0.0
    for step in 0..<100_000 {
      let angle = 2 * Double.pi * Double(step) / 100_000
      let (a, b) = (cos(angle), sin(angle))
      let sum = weights.indices.reduce(0) {
        $0 + weights[$1] * max(0, a * features[$1, 0] + b * features[$1, 1])
      }
      largest = max(largest, abs(sum))
    }
    #expect(largest <= all.polarBound && all.lowerBound <= all.objective)
    // A small part across is worth its square.
    if noise <= 1e-3 { #expect(all.polarBound <= largest * (1 + 1e-3)) }
  }

  @Test(arguments: [4, 7]) func asManyDirectionsAsThereAreChangeNothing(rank: Int) throws {
    let data = try dataset(noise: 0.3)
    var training = Training(beta: .value(3), gap: 1e-3)
    let whole = try training.fit(data)
    training.rank = rank
    let cut = try training.fit(data)
    #expect(cut.certificate == whole.certificate)
    #expect(cut.model.network.weights == whole.model.network.weights)
  }

  @Test func pathsAreBoundedAlongAllDirections() throws {
    let data = try dataset(noise: 0.02)
    var training = Training(gap: 1e-3)
    let grid = BetaGrid.values([6, 3])
    let whole = try training.path(data, betas: grid)
    training.rank = 2
    let cut = try training.path(data, betas: grid)
    for (a, b) in zip(cut.results, whole.results) {
      #expect(a.certificate.scope == .global)
      #expect(a.certificate.lowerBound <= b.certificate.objective)
      #expect(b.certificate.lowerBound <= a.certificate.objective)
    }
    let (low, high) = try cut.band.bounds(at: 4)
    let (lower, upper) = try whole.band.bounds(at: 4)
    #expect(low <= upper && lower <= high)
  }

  /// Where it means nothing, a rank is refused.
  @Test func ranksThatMeanNothing() throws {
    let data = try dataset(noise: 0.1)
    func refusal(_ change: (inout Training) -> Void) -> String? {
      var training = Training(rank: 2)
      change(&training)
      do throws(DataError) {
        _ = try training.fit(data)
        return nil
      } catch {
        #expect(error.kind == .badSettings)
        return error.description
      }
    }
    #expect(refusal { $0.rank = 0 } == "the rank is 0; give at least 1")
    for change: (inout Training) -> Void in [
      { $0.method = .adam }, { $0.method = .penalised }, { $0.patterns = .all },
      { $0.architecture = .circularConvolution }, { $0.norm = .l1 },
    ] {
      #expect(refusal(change)?.contains("leave out the rank") == true)
    }
    #expect(throws: DataError.self) { try Training(rank: 2).interpolate(data) }
  }
}

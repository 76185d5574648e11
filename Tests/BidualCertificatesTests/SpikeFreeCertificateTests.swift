import BidualCertificates
import BidualLinear
import BidualModels
import Testing

/// Certificates at ranks that no search reaches.
@Suite struct SpikeFreeCertificateTests {
  private struct Case {
    let problem: TrainingProblem
    let network: TwoLayerNetwork
    let optimum: Double
  }

  /// n whitened samples in d features; the optimum is ½‖y‖² less ½(‖y±‖ − β)² for either sign.
  private func whitened(_ n: Int, _ d: Int, beta: Double, seed: UInt64) throws -> Case {
    var random = SeededGenerator(seed: seed)
    let features = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let design = try Preprocessing(fitting: features, whiten: .zca).design(for: features)
    let targets = (0..<n).map { _ in random.nextGaussian() }
    var hidden: [[Double]] = []
    var output: [Double] = []
    var optimum = 0.5 * dot(targets, targets)
    for sign in [1.0, -1.0] {
      let part = targets.map { max(0, sign * $0) }
      let length = norm(part)
      guard length > beta else { continue }
      optimum -= 0.5 * (length - beta) * (length - beta)
      let vector = design.transposedTimes(part).map { $0 * (1 - beta / length) }
      let root = norm(vector).squareRoot()
      hidden.append(vector.map { $0 / root })
      output.append(sign * root)
    }
    return Case(
      problem: try TrainingProblem(design: design, targets: targets, beta: beta),
      network: TwoLayerNetwork(hidden: Matrix(hidden), output: output), optimum: optimum)
  }

  @Test(arguments: [(50, 80), (80, 80), (3, 5), (1, 40)], [0.1, 2.0])
  func whitenedOptimaAreCertifiedGlobally(shape: (Int, Int), beta: Double) throws {
    let item = try whitened(shape.0, shape.1, beta: beta, seed: 5)
    guard item.network.neurons > 0 else { return }
    let certifier = Certifier(item.problem)
    let dualPoint = item.problem.dualPoint(item.network.predictions(item.problem.design))
    for verdict in [
      certifier.certify(item.network, dualPoint: dualPoint, gap: 1e-8),
      certifier.certify(item.network, dualPoint: dualPoint, polarAccuracy: 1e-8),
    ] {
      let certificate = verdict.certificate
      #expect(certificate.isCertified(to: 1e-8) && verdict.isComplete)
      #expect(certificate.lowerBound <= item.optimum * (1 + 1e-12))
      #expect(certificate.objective >= item.optimum * (1 - 1e-12))
      try Certifier(item.problem).verify(certificate, of: item.network)
    }
  }

  /// A dual point that is too long, a network that is not the best, claims that are too good: none passes.
  @Test func forgeriesAreRefusedAtHighRank() throws {
    let item = try whitened(50, 80, beta: 0.5, seed: 6)
    let certifier = Certifier(item.problem)
    let dualPoint = item.problem.dualPoint(item.network.predictions(item.problem.design))
    let true_ = certifier.certify(item.network, dualPoint: dualPoint, gap: 1e-8).certificate
    #expect(!certifier.proves(dualPoint, polarAtMost: item.problem.beta * (1 - 1e-9)))
    #expect(certifier.proves(dualPoint, polarAtMost: item.problem.beta * (1 + 1e-9)))
    let doubled = certifier.certify(item.network, dualPoint: dualPoint.map { 2 * $0 }, gap: 1e-8)
    #expect(doubled.certificate.lowerBound <= item.optimum && doubled.certificate.relativeGap < 1e-7)
    var worse = item.network
    worse.output[0] *= 1.1
    let verdict = certifier.certify(
      worse, dualPoint: item.problem.dualPoint(worse.predictions(item.problem.design)), gap: 1e-8)
    #expect(!verdict.certificate.isCertified(to: 1e-8) && verdict.certificate.lowerBound <= item.optimum)
    let forged = try Certificate(
      objective: true_.objective, lowerBound: true_.lowerBound, scope: .global, dualPoint: true_.dualPoint,
      polarBound: true_.polarBound * (1 - 1e-6), dualScale: true_.dualScale)
    #expect(throws: VerificationFailure.self) { try certifier.verify(forged, of: item.network) }
  }
}

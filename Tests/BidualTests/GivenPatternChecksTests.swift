import Bidual
import Testing

/// Certificates over given patterns with several outputs, whose proofs search for witnesses anew.
@Suite struct GivenPatternChecksTests {
  /// A small problem, with rows that are repeated, opposite, zero or tied in between.
  private func problem(_ random: inout SeededGenerator) throws -> (Training, Dataset) {
    let (rows, features) = (Int.random(in: 2...9, using: &random), Int.random(in: 1...4, using: &random))
    let outputs = Int.random(in: 2...3, using: &random)
    var design = Matrix(rows: rows, columns: features)
    for i in 0..<rows {
      // Never all zero.
      let kind = i == 0 ? 9 : Int.random(in: 0...9, using: &random)
      for j in 0..<features {
        design[i, j] =
          switch kind {
          case 0: 0
          case 1: design[i - 1, j]
          case 2: -2 * design[i - 1, j]
          case 3: Double(Int.random(in: -2...2, using: &random))
          default: random.nextGaussian()
          }
      }
    }
    let targets = (0..<(rows * outputs)).map { _ in random.nextGaussian() }
    let data = try Dataset(
      features: design, targets: targets, outputs: outputs, targetNames: (0..<outputs).map { "y\($0)" })
    var training = Training(
      beta: .ratio([0.3, 0.03, 0.003].randomElement(using: &random)!),
      gap: [1e-2, 1e-4, 1e-7].randomElement(using: &random)!,
      patterns: .given([.source(GaussianGates(draws: Int.random(in: 1...8, using: &random)))]))
    training.seed = UInt64.random(in: 0...999, using: &random)
    training.bias = Bool.random(using: &random)
    return (training, data)
  }

  /// They are taken again on one thread of BLAS, as they were made, and on as many as it takes by itself.
  @Test(arguments: 0..<12) func certificatesAreTaken(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for number in 0..<25 {
      let (training, data) = try problem(&random)
      let result = try training.fit(data)
      let certifier = try Certifier(
        result.model.problem(on: data), restrictedTo: #require(result.certificate.restriction))
      for isSingle in [true, false] {
        #expect(throws: Never.self, "number \(number), single-threaded: \(isSingle)") {
          if isSingle {
            try BLAS.singleThreaded { try certifier.verify(result.certificate, of: result.model.network) }
          } else {
            try certifier.verify(result.certificate, of: result.model.network)
          }
        }
      }
    }
  }
}

import BidualProcesses
import Testing

@testable import Bidual

/// Training whose proofs several processes make.
@Suite struct FarmedTrainingTests {
  /// A network and its certificate as training on so many processes gives them.
  private func trained(_ processes: Int?, outputs: Int = 1) throws -> (Certificate, [Double]) {
    var random = SeededGenerator(seed: 5)
    let features = Matrix(rows: 30, columns: 5, elements: (0..<150).map { _ in random.nextGaussian() })
    let targets = (0..<(30 * outputs)).map { _ in random.nextGaussian() }
    let dataset = try Dataset(
      features: features, targets: targets, outputs: outputs,
      targetNames: (0..<outputs).map { "y\($0)" })
    let fit = { @Sendable () throws -> (Certificate, [Double]) in
      let result = try Training(beta: .ratio(0.2), gap: 1e-3, threads: 1).fit(dataset)
      return (result.certificate, result.model.network.weights)
    }
    guard let processes else { return try fit() }
    let results = ThreadGroup.run(processes) { group -> Result<(Certificate, [Double]), any Error>? in
      guard group.rank == 0 else {
        HelpingRanks.serve(group, by: [SearchFarm(threads: 1), SharedPasses()])
        return nil
      }
      defer { HelpingRanks.dismiss(group) }
      return Result { try HelpingRanks.$group.withValue(group, operation: fit) }
    }
    return try #require(results[0]).get()
  }

  @Test(arguments: [1, 2]) func certificatesAreTheSameInEveryRun(outputs: Int) throws {
    let alone = try trained(nil, outputs: outputs)
    let one = try trained(1, outputs: outputs)
    #expect(one.0 == alone.0 && one.1 == alone.1)
    for processes in [2, 4] {
      let first = try trained(processes, outputs: outputs)
      let second = try trained(processes, outputs: outputs)
      #expect(first.0 == second.0 && first.1 == second.1, "\(processes) processes")
      #expect(first.0.isCertified(to: 1e-3) && alone.0.isCertified(to: 1e-3), "\(processes) processes")
    }
  }
}

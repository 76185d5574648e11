import Testing

@testable import BidualCommand

@Suite struct CountedProgressTests {
  @Test func barsGrowWithWhatIsDone() {
    let folds = CountedProgress("fold", of: 10, isEven: true, quiet: true)
    #expect(folds.line(0, at: 0) == "fold 0 of 10 [....................] 0.0 s")
    #expect(folds.line(3, at: 12) == "fold 3 of 10 [######..............] 12.0 s, about 28 s left")
    #expect(folds.line(10, at: 40) == "fold 10 of 10 [####################] 40.0 s")
    let path = CountedProgress("beta", of: 3, isEven: false, quiet: true)
    #expect(path.line(1, at: 2) == "beta 1 of 3 [######..............] 2.0 s")
    #expect(CountedProgress("beta", of: nil, isEven: false, quiet: true).line(2, at: 1) == "beta 2, 1.0 s")
  }

  /// Nobody watches a file: nothing is shown there.
  @Test func filesGetNoBars() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try Program.run(
      [
        "path", "fertility.csv", "--target", "target", "--features", "age", "--betas", "2", "--gap", "0.1",
      ], in: folder)
    expectStatus(0, run)
    #expect(run.errors.isEmpty, "\(run.errors)")
  }
}

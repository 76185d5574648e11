import Foundation
import Testing

/// Figures and tables of the papers.
@Suite struct ReproduceTests {
  @Test func aStudyLeavesAFolderThatVerifies() throws {
    let folder = try TemporaryFolder()
    let run = try Program.run(
      ["reproduce", "w25-fig8", "--out", "out", "--quiet"], in: folder)
    expectStatus(0, run)
    #expect(run.text.contains("holds: there are six chambers") && run.errors == "")
    let names = ["README.md", "w25-fig8/summary.md", "w25-fig8/claims.csv", "w25-fig8/settings.json"]
    for name in names + ["w25-fig8/finals.csv", "w25-fig8/chamber-1.svg"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)")), "\(name)")
    }
    let proof = "out/w25-fig8/certificates/optimum"
    let check = try Program.run(
      ["verify", "\(proof)-model.json", "\(proof)-certificate.json", "\(proof)-data.csv"], in: folder)
    expectStatus(0, check)
  }

  @Test func studiesAreListed() throws {
    let run = try Program.run(["reproduce", "--list", "--data", "."], in: try TemporaryFolder())
    expectStatus(0, run)
    let lines = run.text.split(separator: "\n")
    #expect(lines.count > 30 && Set(lines.map { $0.prefix { $0 != " " } }).count == lines.count)
    #expect(run.text.contains("lacks boston_housing.csv"))
  }

  private static let refused: [(arguments: String, status: Int32)] = [
    ("no-such-study", 64), ("", 64), ("w25-fig8 --list", 64), ("w25-fig8 --set beta", 64),
    ("w25-fig8 --set gamma=1", 64), ("w25-fig8 --set beta=much", 64), ("all --set beta=1", 64),
    ("pe20-fig7", 66), ("w25-fig8 --seeds 0", 64), ("w25-fig8 --seeds 2", 64),
  ]

  @Test(arguments: refused)
  func whatCantBeRunIsRefused(arguments: String, status: Int32) throws {
    let words = arguments.split(separator: " ").map(String.init)
    let run = try Program.run(["reproduce"] + words, in: try TemporaryFolder())
    expectStatus(status, run)
    #expect(run.text == "" && !run.errors.isEmpty)
  }
}

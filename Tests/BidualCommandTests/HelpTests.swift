import Foundation
import Testing

/// Help and version, to the letter, at 80 columns.
@Suite struct HelpTests {
  private func expected(_ name: String) throws -> String {
    try String(
      contentsOf: Bundle.module.bundleURL.appendingPathComponent("Data/Help/\(name).txt"), encoding: .utf8)
  }

  @Test(arguments: [
    "inspect", "fit", "path", "cv", "report", "plot", "import", "export", "verify", "certify", "compare",
    "predict",
    "arrange", "reproduce",
  ])
  func helpOfSubcommand(name: String) throws {
    for arguments in [[name, "--help"], [name, "-h"], ["help", name]] {
      let run = try Program.run(arguments, in: try TemporaryFolder())
      expectStatus(0, run)
      #expect(run.text == (try expected(name)))
      #expect(run.errors == "")
    }
  }

  @Test(arguments: [["--help"], ["-h"], ["help"], []])
  func helpOfTheRoot(arguments: [String]) throws {
    let run = try Program.run(arguments, in: try TemporaryFolder())
    expectStatus(0, run)
    #expect(run.text == (try expected("root")))
    #expect(run.errors == "")
  }

  @Test(arguments: [["--version"], ["fit", "--version"]])
  func version(arguments: [String]) throws {
    let run = try Program.run(arguments, in: try TemporaryFolder())
    expectStatus(0, run)
    #expect(run.text == "0.1.0\n")
    #expect(run.errors == "")
  }
}

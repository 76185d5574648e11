import Testing

/// What shells are told to complete.
@Suite struct CompletionTests {
  @Test(arguments: ["bash", "zsh", "fish"]) func filesAreCompletedByTheirKind(shell: String) throws {
    let run = try Program.run(["--generate-completion-script", shell], in: try TemporaryFolder())
    expectStatus(0, run)
    for kind in ["json", "npy", "svg", "onnx", "html"] { #expect(run.text.contains(kind), "\(kind)") }
    for name in ["class-weights", "print-settings", "dependence"] {
      #expect(run.text.contains(name), "\(name)")
    }
  }

  /// Each option that takes a path says so.
  @Test func pathsAreFilesToTheShell() throws {
    let run = try Program.run(["--experimental-dump-help"], in: try TemporaryFolder())
    let commands = try #require(JSONValue(run.output)["command"]?["subcommands"]).elements
    var paths = 0
    for argument in commands.compactMap({ $0["arguments"]?.elements }).joined() {
      guard case .text(let name)? = argument["valueName"] else { continue }
      let isPath =
        name.contains("file") || name == "folder" || ["data", "model", "certificate"].contains(name)
      guard isPath, argument["kind"] != .text("flag") else { continue }
      #expect(argument["completionKind"] != nil, "\(name)")
      paths += 1
    }
    #expect(paths > 40)
  }
}

import Foundation
import Testing

/// The built command, run as a child process.
struct Program {
  /// How a run ended and what it said.
  struct Run {
    /// The exit code, or nothing where a signal ended the run.
    let status: Int32?
    /// Standard output, to the byte.
    let output: [UInt8]
    /// Standard error, to the byte.
    let errorBytes: [UInt8]
    /// How long it took.
    let duration: Duration

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    var errors: String { String(decoding: errorBytes, as: UTF8.self) }
  }

  /// No run may take longer than this; one that does is killed and has no exit code.
  static let patience = 30.0

  /// The executable, which stands beside the tests' resources.
  static var path: String {
    Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("bidual").path
  }

  /// Runs `bidual` in a folder, with the bytes on standard input.
  ///
  /// With `interruptedOnce`, the run gets an interrupt a moment after that file appeared in the folder.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, input: [UInt8] = [],
    interruptedOnce file: String? = nil
  ) throws -> Run {
    try run(path, arguments, in: folder, input: input, interruptedOnce: file)
  }

  /// Starts a run and kills it so many seconds after a file is there, or lets it end before that.
  static func kill(
    _ arguments: [String], in folder: TemporaryFolder, after seconds: Double, of file: String
  ) throws {
    let streams = try TemporaryFolder()
    for name in ["in", "out", "err"] { try streams.write([], to: name) }
    let child = try ChildProcess(
      path, arguments, folder: folder.path, environment: [:],
      streams: ["in", "out", "err"].map(streams.file))
    let place = folder.file(file)
    child.wait(patience) { FileManager.default.fileExists(atPath: place) }
    child.wait(seconds)
    child.send(SIGKILL)
    child.wait(patience)
  }

  /// Runs a line of shell in a folder, where `$BIDUAL` is the command.
  static func shell(_ line: String, in folder: TemporaryFolder) throws -> Run {
    try run("/bin/sh", ["-c", line], in: folder, input: [], interruptedOnce: nil)
  }

  private static func run(
    _ executable: String, _ arguments: [String], in folder: TemporaryFolder, input: [UInt8],
    interruptedOnce file: String?
  ) throws -> Run {
    // Streams are files outside the folder, so that tests can ask what a run left inside it.
    let streams = try TemporaryFolder()
    for name in ["out", "err"] { try streams.write([], to: name) }
    try streams.write(input, to: "in")
    let start = ContinuousClock.now
    let child = try ChildProcess(
      executable, arguments, folder: folder.path, environment: ["BIDUAL": path, "COLUMNS": "80"],
      streams: [streams.file("in"), streams.file("out"), streams.file("err")])
    if let file {
      let path = folder.file(file)
      child.wait(patience) { FileManager.default.fileExists(atPath: path) }
      child.wait(0.3)
      child.send(SIGINT)
    }
    child.wait(patience)
    child.send(SIGKILL)
    child.wait(patience)
    return Run(
      status: child.status, output: try streams.read("out"), errorBytes: try streams.read("err"),
      duration: ContinuousClock.now - start)
  }
}

/// Expects a run to end with the exit code, and shows what it said if it did not.
func expectStatus(
  _ status: Int32, _ run: Program.Run, _ remark: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    run.status == status, "\(remark) standard error: \(run.errors) standard output: \(run.text)",
    sourceLocation: sourceLocation)
}

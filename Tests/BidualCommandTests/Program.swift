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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["BIDUAL": path, "COLUMNS": "80"]) {
      $1
    }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: streams.file("in")))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: streams.file("out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: streams.file("err")))
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    let start = ContinuousClock.now
    try process.run()
    var isOver = false
    if let file {
      for _ in 0..<500 where !isOver && !FileManager.default.fileExists(atPath: folder.file(file)) {
        isOver = ended.wait(timeout: .now() + 0.02) == .success
      }
      isOver = isOver || ended.wait(timeout: .now() + 0.3) == .success
      if !isOver { process.interrupt() }
    }
    if !isOver, ended.wait(timeout: .now() + patience) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    return Run(
      status: process.terminationReason == .exit ? process.terminationStatus : nil,
      output: try streams.read("out"), errorBytes: try streams.read("err"),
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

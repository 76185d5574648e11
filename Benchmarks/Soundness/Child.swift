import Bidual
import Foundation

/// The part of the work that one process does: every so many-th instance, a line of JSON for each.
struct Child {
  let first: UInt64
  let step: UInt64
  let end: UInt64
  /// Seconds that each run may take.
  let limit: Double

  /// How long an instance may take before the process ends itself.
  static let patience: UInt32 = 60

  func run() throws {
    BLAS.setThreads(1)
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    for number in stride(from: first, to: end, by: Int(step)) {
      alarm(Self.patience)
      let line = try encoder.encode(Trial.findings(of: Instance(number), limit: limit))
      try FileHandle.standardOutput.write(contentsOf: line + Data("\n".utf8))
    }
  }
}

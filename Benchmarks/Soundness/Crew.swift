import Foundation
import Synchronization

/// Processes that share the instances: one that dies names the instance by where it was, and the next goes on behind it.
struct Crew {
  let first: UInt64
  let count: UInt64
  let workers: Int
  let limit: Double

  /// Runs them all, and hands each finding to `take`, one at a time.
  func run(_ take: @escaping @Sendable (Findings) -> Void) {
    let end = first + count
    let step = UInt64(workers)
    let lock = Mutex(())
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var next = first + UInt64(worker)
      while next < end {
        let died = follow(from: &next, step: step, end: end) { findings in
          lock.withLock { _ in take(findings) }
        }
        guard let died, next < end else { return }
        var findings = Findings(number: next, kind: "any", loss: "any")
        findings.violations = ["the process died: \(died)"]
        lock.withLock { _ in take(findings) }
        next += step
      }
    }
  }

  /// Reads what a process finds; the reason if it died at instance `next`.
  private func follow(from next: inout UInt64, step: UInt64, end: UInt64, _ take: (Findings) -> Void)
    -> String?
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["--child", "\(next)", "\(step)", "\(end)", "\(limit)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    do { try process.run() } catch { return "\(error)" }
    var rest = Data()
    while case let chunk = pipe.fileHandleForReading.availableData, !chunk.isEmpty {
      rest += chunk
      while let newline = rest.firstIndex(of: 10) {
        let line = rest[rest.startIndex..<newline]
        rest = Data(rest[(newline + 1)...])
        next += step
        guard let findings = try? decoder.decode(Findings.self, from: line) else { continue }
        take(findings)
      }
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? nil
      : "\(process.terminationReason == .uncaughtSignal ? "signal" : "code") \(process.terminationStatus)"
  }
}

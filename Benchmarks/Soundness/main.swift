import Foundation
import Synchronization

// Soundness COUNT [--seed S] [--threads N] [--limit SECONDS]: COUNT random small instances, from number S on, over all architectures
// and losses. Every lower bound that a method claims is held against every objective that any method reached on the instance,
// recomputed in interval arithmetic. Prints a line for each architecture and loss, and every violation with the number that
// draws its instance again: Soundness 1 --seed NUMBER. Ends with code 1 if there is one.
var count: UInt64?
var seed: UInt64 = 0
var threads = 2
var limit = 0.02
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  switch argument {
  case "--child":
    let numbers = (0..<3).map { _ in UInt64(arguments.next()!)! }
    try Child(first: numbers[0], step: numbers[1], end: numbers[2], limit: Double(arguments.next()!)!).run()
    exit(0)
  case "--seed": seed = arguments.next().flatMap(UInt64.init) ?? seed
  case "--threads": threads = arguments.next().flatMap(Int.init) ?? threads
  case "--limit": limit = arguments.next().flatMap(Double.init) ?? limit
  default: count = UInt64(argument)
  }
}
guard let count, threads > 0 else {
  FileHandle.standardError.write(
    Data("Soundness COUNT [--seed S] [--threads N] [--limit SECONDS]\n".utf8))
  exit(64)
}
let start = ContinuousClock.now
let table = Mutex<[String: (instances: Int, findings: Findings)]>([:])
Crew(first: seed, count: count, workers: threads, limit: limit).run { found in
  for violation in found.violations {
    FileHandle.standardError.write(
      Data("VIOLATION \(found.number) (\(found.kind), \(found.loss)): \(violation)\n".utf8))
  }
  table.withLock { table in
    let key = "\(found.kind) | \(found.loss)"
    guard var row = table[key] else { return table[key] = (1, found) }
    row.instances += 1
    row.findings.add(found)
    table[key] = row
  }
}
let rows = table.withLock(\.self)
print(
  "| architecture | loss | instances | networks | global bounds | restricted | certified to 1e-2 | verified | forgeries refused | runs refused | least margin | largest excess | violations |"
)
print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
var whole = Findings(number: 0, kind: "", loss: "")
var instances = 0
func show(_ name: String, _ instances: Int, _ found: Findings) {
  print(
    "| \(name) | \(instances) | \(found.networks) | \(found.global) | \(found.restricted) | \(found.certified) "
      + "| \(found.verified) | \(found.refusedForgeries) | \(found.refusedRuns) "
      + String(format: "| %.1e | %.1e | %d |", found.margin, found.excess, found.violations.count))
}
for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
  show(name, row.instances, row.findings)
  whole.add(row.findings)
  instances += row.instances
}
show("all | all", instances, whole)
print(
  "\(instances) instances in \((ContinuousClock.now - start) / .seconds(1)) s; violations: \(whole.violations.count)"
)
exit(whole.violations.isEmpty ? 0 : 1)

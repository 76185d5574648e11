import Bidual
import Timing

// Kernels [N D P C]: the masked products beside dgemm and beside naive loops, all in one run.
// Ratios are nominal flops (2·n·d·P·c) a second over those of a 1024×1024×1024 dgemm on one thread.
let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let (samples, features, count, outputs) =
  arguments.count == 4 ? (arguments[0], arguments[1], arguments[2], arguments[3]) : (1008, 20, 5000, 1)
let flops = 2 * Double(samples) * Double(features) * Double(count) * Double(outputs)
let problem = MaskedProblem(samples: samples, features: features, count: count, outputs: outputs)
BLAS.setThreads(1)

/// Seconds of the fastest of several calls: processor time on one thread, which other programs disturb little, or
/// else by the wall clock, which means something on an idle machine only.
func fastest(_ repetitions: Int = 30, threads: Int = 1, _ body: () -> Void) -> Double {
  (0..<repetitions).map { _ in
    let start = ProcessorTime.seconds
    let wall = ContinuousClock().measure(body) / .seconds(1)
    return threads == 1 ? ProcessorTime.seconds - start : wall
  }.min()!
}

let factor = Matrix(rows: 1024, columns: 1024, elements: (0..<(1024 * 1024)).map { Double($0 % 7) })
func dgemmRate() -> Double { 2 * 1024 * 1024 * 1024 / fastest(10) { _ = factor.times(factor) } }
// The better of the two ends of the run: the machine may have been busier at one.
var peak = dgemmRate()

let doubles = [1, 2].map { threads in
  MaskedDesign(problem.design, patterns: problem.patterns, threads: threads)
}
let floats = [1, 2].map { threads in
  MaskedDesign(
    design: problem.design.elements.map(Float.init), features: features, patterns: problem.patterns,
    threads: threads)
}
let floatBlocks = problem.blocks.map(Float.init)
let floatResidual = problem.residual.map(Float.init)
var rows: [(name: String, forward: Double, adjoint: Double)] = []
for (threads, operation) in zip([1, 2], doubles) {
  rows.append(
    (
      "double, \(threads) thread\(threads > 1 ? "s" : "")",
      fastest(threads: threads) { _ = operation.forward(problem.blocks, outputs: outputs) },
      fastest(threads: threads) { _ = operation.adjoint(problem.residual, outputs: outputs) }
    ))
}
for (threads, operation) in zip([1, 2], floats) {
  rows.append(
    (
      "float, \(threads) thread\(threads > 1 ? "s" : "")",
      fastest(threads: threads) { _ = operation.forward(floatBlocks, outputs: outputs) },
      fastest(threads: threads) { _ = operation.adjoint(floatResidual, outputs: outputs) }
    ))
}
rows.append(
  ("naive loops", fastest(1) { _ = problem.naiveForward() }, fastest(1) { _ = problem.naiveAdjoint() }))
peak = max(peak, dgemmRate())

print("n=\(samples) d=\(features) P=\(count) c=\(outputs); dgemm peak \(peak / 1e9) GFLOP/s on one thread")
print("| masked product | forward, of dgemm peak | adjoint, of dgemm peak | forward ms | adjoint ms |")
print("|---|---|---|---|---|")
for row in rows {
  print(
    "| \(row.name) | \(flops / row.forward / peak) | \(flops / row.adjoint / peak) | \(row.forward * 1e3) "
      + "| \(row.adjoint * 1e3) |")
}
let accuracy = problem.worstDifference(doubles[0])
print("largest difference to the naive loops: forward \(accuracy.forward), adjoint \(accuracy.adjoint)")

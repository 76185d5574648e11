import Bidual
import Timing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Reach [--ratio SHARE] [--seconds LIMIT] [--threads N] [--cones] TABLE.csv ...: trains a network on each table and proves its dual
// point's polar κ to within η of β, for η from coarse to fine, until a proof reaches its limit.
var paths: [String] = []
var ratio = 0.1
var seconds = 60.0
var threads = 1
var cones = false
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  switch argument {
  case "--ratio": ratio = arguments.next().flatMap(Double.init) ?? ratio
  case "--seconds": seconds = arguments.next().flatMap(Double.init) ?? seconds
  case "--threads": threads = arguments.next().flatMap(Int.init) ?? threads
  case "--cones": cones = true
  default: paths.append(argument)
  }
}
print(
  "| table | n | rank | neurons | size/β | η asked | η proven | objective gap | bounds | processor s | µs a bound |"
)
print("|---|---|---|---|---|---|---|---|---|---|---|")
for path in paths {
  let instance = try Instance(path: path, ratio: ratio, seconds: 60)
  let beta = instance.problem.beta
  let oracle: any PolarOracle =
    cones
    ? SphericalBranchAndBound(instance.rows, threads: threads)
    : MomentBranchAndBound(instance.rows, threads: threads)
  for eta in [0.3, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6] {
    let end = ContinuousClock.now + .seconds(seconds)
    let start = ProcessorTime.seconds
    let bound = oracle.bound(
      instance.dualPoint, goal: .prove(threshold: (1 + eta) * beta, maximumViolators: 64), nodeLimit: .max,
      isCancelled: { ContinuousClock.now > end })
    let used = ProcessorTime.seconds - start
    print(
      "| \(instance.name) | \(instance.rows.rows) | \(instance.rows.columns) | \(instance.network.neurons) "
        + "| \(instance.size) | \(eta) | \(bound.upper / beta - 1) | \(instance.gap(polarBound: bound.upper)) "
        + "| \(bound.nodes) | \(used) | \(used / Double(max(1, bound.nodes)) * 1e6) |")
    fflush(nil)
    if !bound.isComplete { break }
  }
}

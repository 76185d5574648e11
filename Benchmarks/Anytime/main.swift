import Bidual
import Foundation

// Anytime [--limits 0.5,1,2,5,10] [--threads N] [--runs N] PROBLEM…: what fits of several time limits reach, beside the
// best of N runs of Adam at the same times. A problem is CSV:TARGET (all columns, a bias, standardised, a tenth of
// beta_max), X.npy:y.npy:BETA, or teacher:N:D:NEURONS.
var limits = [0.5, 1, 2, 5, 10]
var threads = 2
var runs = 10
var problems: [TimedProblem] = []
var arguments = Array(CommandLine.arguments.dropFirst())
while let argument = arguments.first {
  arguments.removeFirst()
  switch argument {
  case "--limits": limits = arguments.removeFirst().split(separator: ",").map { Double($0)! }
  case "--threads": threads = Int(arguments.removeFirst())!
  case "--runs": runs = Int(arguments.removeFirst())!
  default: problems.append(try TimedProblem(argument, threads: threads))
  }
}
print(
  "| data | limit, s | default | local | best Adam | default/local | default/Adam | neurons | gap | overrun, s |"
)
print("|---|---|---|---|---|---|---|---|---|---|")
for problem in problems {
  let adam = try problem.adam(runs: runs, seconds: limits.max() ?? 1)
  for limit in limits {
    let own = try problem.fit(.exact, seconds: limit)
    let local = try problem.fit(.local, seconds: limit)
    let peer = adam.lazy.filter { $0.seconds <= limit }.map(\.objective).min() ?? .infinity
    print(
      String(
        format: "| %@ | %g | %.7g | %.7g | %.7g | %.5f | %.5f | %d | %.2g | %.2f |", problem.name, limit,
        own.objective, local.objective, peer, own.objective / local.objective, own.objective / peer,
        own.neurons, own.gap, own.seconds - limit))
    fflush(nil)
  }
}

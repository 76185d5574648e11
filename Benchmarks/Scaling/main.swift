import Bidual
import Timing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Scaling polar: the polar by branch and bound beside the walk through all chambers.
// Scaling [table | losses | sweep | kin PATH COLUMNS | line N | gauss N R BETA]: trains to a certified gap and reports time in units.
let arguments = Array(CommandLine.arguments.dropFirst())
let threads = 2
if arguments.first == "polar" {
  try PolarComparison.run()
  exit(0)
}
let problems: [Problem] =
  switch arguments.first ?? "table" {
  case "line": [try .line(samples: Int(arguments[1])!, threads: threads)]
  case "gauss":
    [
      try .gauss(
        samples: Int(arguments[1])!, rank: Int(arguments[2])!, beta: Double(arguments[3])!, threads: threads)
    ]
  case "kin":
    [
      try .file(
        arguments[1], target: "target", features: arguments[2].split(separator: ",").map(String.init),
        ratio: 0.05,
        gap: 1e-2, threads: threads)
    ]
  case "losses":
    try ["squared", "logistic", "hinge"].flatMap { name in
      [
        try Problem.line(samples: 1000, threads: threads).classified(loss: name, ratio: 0.01),
        try Problem.gauss(samples: 300, rank: 4, beta: 2, threads: threads).classified(
          loss: name, ratio: 0.1),
      ]
    }
      + ["squared", "absolute", "huber", "quantile"].map {
        try Problem.line(samples: 1000, threads: threads).fitted(loss: $0, ratio: 0.01)
      }
  case "sweep":
    try [100, 300, 1000, 3000, 10_000].map {
      try .gauss(samples: $0, rank: 3, beta: Double($0) / 300, threads: threads)
    }
      + [1000, 2000, 4000, 8000].map { try .line(samples: $0, threads: threads) }
      + (2...6).map { try .gauss(samples: 300, rank: $0, beta: Double(max(1, $0 - 2)), threads: threads) }
  default:
    [
      try .line(samples: 1000, threads: threads), try .line(samples: 4000, threads: threads),
      try .gauss(samples: 300, rank: 3, beta: 1, threads: threads),
      try .gauss(samples: 300, rank: 4, beta: 2, threads: threads),
      try .gauss(samples: 300, rank: 5, beta: 3, threads: threads),
      try .gauss(samples: 10_000, rank: 3, beta: 10, threads: threads),
    ]
  }
let isVerbose = getenv("VERBOSE") != nil
let unit = TimeUnit()
print("unit: \(unit.seconds) s (2000^3 dgemm, one thread)")
print("| data | objective | relative gap | scope | rounds | chambers | neurons | cones | seconds | units |")
print("|---|---|---|---|---|---|---|---|---|---|")
for problem in problems {
  var cones = 0
  let start = ContinuousClock.now
  let result = try problem.training.fit(problem.dataset) { step in
    cones = step.nodes
    if isVerbose {
      print(step, (ContinuousClock.now - start) / .seconds(1))
      fflush(nil)
    }
  }
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  let certificate = result.certificate
  print(
    "| \(problem.name) | \(certificate.objective) | \(certificate.relativeGap) | \(certificate.scope) "
      + "| \(result.outcome.iterations) | \(result.outcome.workingSet) | \(result.model.network.neurons) | \(cones) "
      + "| \(seconds) | \(seconds / unit.seconds) |")
  fflush(nil)
}

import Bidual
import Foundation
import Timing

#if canImport(Glibc)
  import Glibc
#endif

// GivenPatterns FOLDER [relu | gated] [GAP] [OUT]: the program over the patterns of gates, on one thread.
// OUT names a folder for the answer: V.npy and W.npy (P×d), vectors of positive and negative sign.
// The folder holds X.npy (n×d), y.npy (n), G.npy (d×P, a gate a column) and beta.npy (one number).
let arguments = Array(CommandLine.arguments.dropFirst())
guard let folder = arguments.first else {
  print("GivenPatterns FOLDER [relu | gated] [GAP]")
  exit(64)
}

func array(_ name: String) throws -> NPYArray { try NPYReader.array(path: folder + "/" + name + ".npy") }
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

let unit = TimeUnit()
let design = try array("X").matrix
let gates = try array("G").matrix
let problem = try TrainingProblem(
  design: design, targets: array("y").elements, beta: array("beta").elements[0])
let form: GivenPatterns.Form = arguments.dropFirst().first == "gated" ? .gated : .relu
var options = GivenPatterns.Options()
options.gap = arguments.count > 2 ? Double(arguments[2])! : 1e-6
let start = cpuSeconds()
let collection = try PatternCollection([GivenGates(columns: gates)], data: design, seed: 0)
let solver = GivenPatterns(problem, patterns: collection.packed, form: form, options: options)
let solution = solver.solve { step in
  if getenv("VERBOSE") != nil {
    print(
      "\(step.iteration) steps \(step.steps) active \(step.active) objective \(step.objective) "
        + "gap \((step.objective - step.lowerBound) / step.objective) \(cpuSeconds() - start) s")
    fflush(nil)
  }
}
let seconds = cpuSeconds() - start
let network = form == .relu ? problem.objective(solution.network(for: problem)) : solution.objective
var usage = rusage()
getrusage(0, &usage)
print(
  "| \(folder) | \(arguments.count > 1 ? arguments[1] : "relu") | P \(collection.count) | objective \(solution.objective) "
    + "| network \(network) | gap \(solution.relativeGap) | \(solution.status) | blocks \(solution.blocks.count) "
    + "| steps \(solution.steps) | \(seconds) CPU s | \(seconds / unit.seconds) units | \(usage.ru_maxrss / 1024) MB |"
)

if arguments.count > 3 {
  for (name, sign) in [("V", 1.0), ("W", -1.0)] {
    var vectors = Matrix(rows: collection.count, columns: design.columns)
    for block in solution.blocks where block.sign == sign {
      for (j, x) in block.vector.enumerated() { vectors[block.pattern, j] = x }
    }
    try NPYWriter.write(NPYArray(vectors), to: arguments[3] + "/" + name + ".npy")
  }
}

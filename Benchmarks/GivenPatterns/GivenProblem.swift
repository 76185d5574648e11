import Bidual
import Foundation
import Timing

/// A problem with gates, in a folder of NPY files.
struct GivenProblem {
  let folder: String
  let problem: TrainingProblem
  let gates: Matrix

  init(folder: String) throws {
    func array(_ name: String) throws -> NPYArray { try NPYReader.array(path: folder + "/\(name).npy") }
    self.folder = folder
    gates = try array("G").matrix
    problem = try TrainingProblem(
      design: array("X").matrix, targets: array("y").elements, beta: array("beta").elements[0])
  }

  /// Solves one form and prints a row of the table.
  func solve(_ arguments: Arguments) throws {
    let unit = ProcessorTime.unit()
    let start = ProcessorTime.seconds
    let collection = try PatternCollection([GivenGates(columns: gates)], data: problem.design, seed: 0)
    let solver = GivenPatterns(
      problem, patterns: collection.packed, form: arguments.form == "gated" ? .gated : .relu,
      options: arguments.solverOptions(gap: 1e-6))
    let solution = solver.solve { $0.report(arguments, since: start) }
    let seconds = ProcessorTime.seconds - start
    let network =
      arguments.form == "gated"
      ? solution.objective : problem.objective(solution.network(for: problem)!)
    print(
      "| \(folder.split(separator: "/").last ?? "") | \(arguments.form) | \(problem.design.rows) × "
        + "\(problem.design.columns), \(collection.count) | \(network) | \(solution.lowerBound) "
        + "| \(solution.relativeGap.short) | \(solution.blocks.count) | \(solution.steps) "
        + "| \(seconds.short) | \((seconds / unit).short) | \(ProcessorTime.peakMegabytes) |")
    if let output = arguments.text("output") { try write(solution, to: output, count: collection.count) }
  }

  private func write(_ solution: GivenPatternsSolution, to output: String, count: Int) throws {
    for (name, sign) in [("V", 1.0), ("W", -1.0)] {
      var vectors = Matrix(rows: count, columns: problem.design.columns)
      for block in solution.blocks where block.sign == sign {
        for (j, x) in block.vector.enumerated() { vectors[block.pattern, j] = x }
      }
      try NPYWriter.write(NPYArray(vectors), to: output + "/\(name).npy")
    }
  }
}

extension Arguments {
  func solverOptions(gap: Double) -> GivenPatterns.Options {
    var options = GivenPatterns.Options()
    options.gap = number("gap", default: gap)
    options.threads = Int(number("threads", default: 1))
    return options
  }
}

extension GivenPatternsProgress {
  func report(_ arguments: Arguments, since start: Double) {
    guard arguments.isVerbose else { return }
    print(
      "round \(iteration), \(steps) steps: \(active) blocks, objective \(objective), gap "
        + "\(((objective - lowerBound) / objective).short), \((ProcessorTime.seconds - start).short) CPU s, "
        + "\(ProcessorTime.peakMegabytes) MB")
    fflush(nil)
  }
}

extension Double {
  /// Three digits.
  var short: String { String(format: "%.3g", self) }
}

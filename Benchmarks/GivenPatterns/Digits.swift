import Bidual
import Foundation
import Timing

/// One digit of MNIST against the rest on Gaussian gates, and Adam for as much processor time.
struct Digits {
  private let arguments: Arguments
  private let training: (images: Matrix, labels: [Double])
  private let test: (images: Matrix, labels: [Double])

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    let digit = arguments.number("digit", default: 3)
    func read(_ part: String) throws -> (images: Matrix, labels: [Double]) {
      let stem = arguments.words[1] + "/mnist_\(part)_"
      let images = try NPYReader.array(path: stem + "images.npy")
      let labels = try NPYReader.array(path: stem + "labels.npy").elements
      let pixels = images.elements.count / labels.count
      return (
        Matrix(rows: labels.count, columns: pixels, elements: images.elements.map { $0 / 255 }),
        labels.map { $0 == digit ? 1 : -1 }
      )
    }
    training = try read("train")
    test = try read("test")
  }

  func run() throws {
    let unit = ProcessorTime.unit()
    guard let loss = try LossRegistry.standard.loss(arguments.text("loss") ?? "squared") else {
      throw DataError(.badData, "no such loss; give squared or logistic")
    }
    func problem(beta: Double) throws -> TrainingProblem {
      try TrainingProblem(design: training.images, targets: training.labels, loss: loss, beta: beta)
    }
    var random = SeededGenerator(seed: 1)
    let count = Int(arguments.number("gates", default: 1000))
    let gates = Matrix(
      rows: count, columns: training.images.columns,
      elements: (0..<(count * training.images.columns)).map { _ in random.nextGaussian() })
    let collection = try PatternCollection([GivenGates(rows: gates)], data: training.images, seed: 0)
    let form: GivenPatterns.Form = arguments.form == "gated" ? .gated : .relu
    let beta = try arguments.number("ratio", default: 0.1) * scale(problem(beta: 1), gates, collection, form)
    let chosen = try problem(beta: beta)
    let start = ProcessorTime.seconds
    let solution = GivenPatterns(
      chosen, patterns: collection.packed, form: form, options: arguments.solverOptions(gap: 1e-2)
    ).solve { $0.report(arguments, since: start) }
    let seconds = ProcessorTime.seconds - start
    let peak = ProcessorTime.peakMegabytes
    let accuracy: Double
    var value = solution.objective
    if form == .relu {
      let network = solution.network(for: chosen)!
      value = chosen.objective(network)
      accuracy = share(network.predictions(test.images))
    } else {
      accuracy = share(gatedPredictions(solution, collection))
    }
    print(
      "| method | objective | lower bound | gap | blocks or neurons | CPU s | units | peak MB | test accuracy |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    print(
      "| \(arguments.form), \(collection.count) patterns, β = \(beta.short) | \(value) | \(solution.lowerBound) "
        + "| \(((value - solution.lowerBound) / value).short) | \(solution.blocks.count) | \(seconds.short) "
        + "| \((seconds / unit).short) | \(peak) | \(accuracy) |")
    fflush(nil)
    try runAdam(chosen, seconds: seconds, unit: unit)
  }

  /// What β is a share of: the largest ‖XᵀDV‖ at the zero network's V, beyond which gated networks are zero, or
  /// the largest |(Xg)₊ᵀV| over unit gates, beyond which ReLU networks without freedom in their cones are.
  private func scale(
    _ problem: TrainingProblem, _ gates: Matrix, _ collection: PatternCollection, _ form: GivenPatterns.Form
  ) -> Double {
    let dualPoint = problem.dualPoint(Array(repeating: 0, count: training.labels.count))
    let d = training.images.columns
    if form == .gated {
      let correlations = MaskedDesign(training.images, patterns: collection.packed).adjoint(dualPoint)
      return stride(from: 0, to: correlations.count, by: d).map { norm(correlations[$0..<($0 + d)]) }.max()!
    }
    let heights = gates.unitRows.timesTransposed(training.images)
    return (0..<gates.rows).map { abs(dot(heights.row($0).map { max(0, $0) }, dualPoint)) }.max()!
  }

  /// Adam on the ReLU network's own objective until as much processor time has passed.
  private func runAdam(_ problem: TrainingProblem, seconds: Double, unit: Double) throws {
    for rate in [1e-2, 1e-3] {
      var options = GradientTraining.Options()
      options.width = Int(arguments.number("width", default: 200))
      options.learningRate = rate
      options.batchSize = 250
      options.maximumEpochs = 100_000
      let start = ProcessorTime.seconds
      let stop = StopSignal()
      let outcome = try GradientTraining(problem, options: options).descend(stop: stop) { _ in
        if ProcessorTime.seconds - start > seconds { stop.stop() }
      }
      let spent = ProcessorTime.seconds - start
      print(
        "| Adam, rate \(rate), batches of 250 | \(outcome.objective) | – | – | \(outcome.network.neurons) "
          + "| \(spent.short) | \((spent / unit).short) | – "
          + "| \(share(outcome.network.predictions(test.images))) |")
      fflush(nil)
    }
  }

  private func gatedPredictions(_ solution: GivenPatternsSolution, _ collection: PatternCollection)
    -> [Double]
  {
    var predictions = [Double](repeating: solution.offset, count: test.images.rows)
    for block in solution.blocks {
      guard let gate = collection.gates[block.pattern] else { continue }
      let (heights, values) = (test.images.times(gate), test.images.times(block.vector))
      for i in predictions.indices where heights[i] >= 0 { predictions[i] += block.sign * values[i] }
    }
    return predictions
  }

  private func share(_ predictions: [Double]) -> Double {
    let right = zip(predictions, test.labels).count { $0 * $1 > 0 }
    return Double(right) / Double(test.labels.count)
  }
}

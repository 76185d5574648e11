import Bidual

/// Gradient methods on parallel networks of two to five layers over one CSV file whose last column is the target, beside what is
/// proven for two layers and for three.
struct DeepRuns {
  let path: String
  let width: Int
  let subnetworks: Int
  let epochs: Int
  /// Time for each exact run.
  let seconds: Double

  /// Prints a row a depth: the best of three seeds and three rates of each method, in mini-batches of an eighth of the samples.
  func printTable() throws {
    let table = try TableReader().table(path: path)
    let data = try table.dataset(target: table.names.last ?? "")
    let free = try TrainingProblem(
      design: data.features, targets: data.targets, beta: 1, architecture: TwoLayer())
    let two = try free.replacing(beta: 0.05 * free.betaMax())
    let three = try two.replacing(architecture: ThreeLayer(width: width))
    print(
      "\(data.samples) samples, \(data.features.columns) features, m = \(width), K = \(subnetworks), \(epochs) epochs, β = β_max/20 of "
        + "two layers = \(text(two.beta)); gradient methods prove nothing.\n")
    print("| layers | SGD | momentum | Adam | certified objective | lower bound |")
    print("|---|---|---|---|---|---|")
    for depth in 2...5 {
      let runs = try [(.plain, 1), (.momentum(), 0.1), (.adam(), 0.1)].map { rule, scale in
        try least(two, depth: depth, rule: rule, rates: [0.03, 0.1, 0.3].map { $0 * scale })
      }
      let proven =
        depth > 3 ? nil : try exact(depth == 2 ? two : three, gap: 1e-4, seconds: seconds).certificate
      if let proven { precondition(runs.allSatisfy { $0 >= proven.lowerBound }, "depth \(depth)") }
      let cells =
        runs.map { text($0, 6) }
        + [proven?.objective, proven?.lowerBound].map { $0.map { text($0, 6) } ?? "open" }
      print("| \(depth) | \(cells.joined(separator: " | ")) |")
    }
  }

  private func least(_ problem: TrainingProblem, depth: Int, rule: UpdateRule, rates: [Double]) throws
    -> Double
  {
    var least = Double.infinity
    for seed in 0..<UInt64(3) {
      for rate in rates {
        var options = DeepTraining.Options()
        (options.depth, options.width, options.subnetworks) = (depth, width, subnetworks)
        (options.rule, options.learningRate, options.schedule) = (rule, rate, .cosine)
        (options.batchSize, options.maximumEpochs) = (max(1, problem.design.rows / 8), epochs)
        (options.evaluationInterval, options.seed) = (10, seed)
        least = min(least, try DeepTraining(problem, options: options).descend().objective)
      }
    }
    return least
  }
}

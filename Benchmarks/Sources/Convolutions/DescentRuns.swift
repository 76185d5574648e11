import Bidual

/// Stochastic gradient descent as the figures of PE20 have it: plain, in batches, from five seeds at one rate.
struct DescentRuns {
  /// A network on the way.
  struct Point {
    let seed: UInt64
    let epoch: Int
    let seconds: Double
    let objective: Double
    let network: any Network
  }

  let problem: TrainingProblem
  let width: Int
  let batchSize: Int
  let epochs: Int
  let threads: Int
  private let rates = [0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5]

  /// The rate with the least objective of the worst of three seeds at the end of a tenth of the epochs, which need not be the best on
  /// the way: that may be the network without neurons.
  func rate() throws -> Double {
    let ends = try rates.map { rate in
      try (0..<UInt64(3)).map { seed in
        try run(seed: seed, rate: rate, epochs: max(1, epochs / 10)).trace.last?.objective ?? .infinity
      }.max() ?? .infinity
    }
    return zip(ends, rates).min { $0.0 < $1.0 }?.1 ?? rates[0]
  }

  /// The best networks by epochs 1, 4, 16, … and the last, for each seed: a run to each of them, which begins with the bytes of the others.
  func points(rate: Double, seeds: Range<UInt64> = 0..<5) throws -> [Point] {
    var ends = [1]
    while let last = ends.last, 4 * last < epochs { ends.append(4 * last) }
    ends.append(epochs)
    return try seeds.flatMap { seed in
      try ends.map { end in
        let outcome = try run(seed: seed, rate: rate, epochs: end)
        return Point(
          seed: seed, epoch: end, seconds: outcome.trace.last?.seconds ?? 0, objective: outcome.objective,
          network: outcome.network)
      }
    }
  }

  private func run(seed: UInt64, rate: Double, epochs: Int) throws -> BaselineOutcome {
    var options = GradientTraining.Options()
    (options.rule, options.width, options.batchSize) = (.plain, width, batchSize)
    (options.learningRate, options.maximumEpochs, options.seed) = (rate, epochs, seed)
    options.evaluationInterval = max(1, epochs / 64)
    options.threads = threads
    return try GradientTraining(problem, options: options).descend()
  }
}

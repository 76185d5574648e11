import Bidual
import Foundation

/// A problem that is trained within time limits.
struct TimedProblem {
  /// What a fit reached.
  struct Fit {
    let objective: Double
    let neurons: Int
    let gap: Double
    let seconds: Double
  }

  let name: String
  private let dataset: Dataset
  private let training: Training

  /// A problem from its description (see main.swift).
  init(_ description: String, threads: Int) throws {
    let parts = description.split(separator: ":").map(String.init)
    name = parts[0].split(separator: "/").last.map(String.init) ?? description
    var training = Training(threads: threads)
    if parts[0] == "teacher" {
      let sizes = parts.dropFirst().compactMap(Int.init)
      dataset = try Self.teacher(samples: sizes[0], features: sizes[1], neurons: sizes[2])
      training.beta = .ratio(0.02)
    } else if parts[0].hasSuffix(".npy") {
      dataset = try Dataset(
        features: NPYReader.array(path: parts[0]).matrix, targets: NPYReader.array(path: parts[1]).elements)
      training.beta = .value(Double(parts[2])!)
    } else {
      dataset = try CSVReader().table(path: parts[0]).dataset(target: parts[1])
      training.bias = true
      training.standardize = true
    }
    self.training = training
  }

  /// Gaussian inputs, the outputs of a random network and a tenth of noise.
  private static func teacher(samples n: Int, features d: Int, neurons m: Int) throws -> Dataset {
    var random = SeededGenerator(seed: 1)
    let x = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let network = TwoLayerNetwork(
      hidden: Matrix(
        rows: m, columns: d,
        elements: (0..<(m * d)).map { _ in random.nextGaussian() / Double(d).squareRoot() }),
      output: (0..<m).map { _ in random.nextUniform() < 0.5 ? -1 : 1 })
    return try Dataset(features: x, targets: network.predictions(x).map { $0 + 0.1 * random.nextGaussian() })
  }

  /// What a fit reaches within so many seconds.
  func fit(_ method: Training.Method, seconds: Double) throws -> Fit {
    var training = training
    training.method = method
    let start = ContinuousClock.now
    let result = try training.fit(dataset, stop: StopSignal(timeLimit: .seconds(seconds)))
    return Fit(
      objective: result.certificate.objective, neurons: result.model.network.neurons,
      gap: result.certificate.relativeGap, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  /// Objectives and times of runs of Adam on mini-batches of 64, with 100 neurons: half of them with a rate of 10⁻²,
  /// half with 10⁻³.
  func adam(runs: Int, seconds: Double) throws -> [BaselineProgress] {
    var posed = training
    posed.method = .exact
    posed.maximumIterations = 1
    let beta = try posed.fit(dataset, stop: StopSignal(timeLimit: .seconds(2))).model.beta
    let preprocessing = try Preprocessing(
      fitting: dataset.features, standardize: training.standardize, bias: training.bias)
    let problem = try TrainingProblem(
      design: preprocessing.design(for: dataset.features), targets: dataset.targets, beta: beta)
    return try (0..<runs).flatMap { run in
      var options = GradientTraining.Options()
      options.width = 100
      options.batchSize = 64
      options.learningRate = run % 2 == 0 ? 1e-2 : 1e-3
      options.maximumEpochs = .max
      options.seed = UInt64(run / 2)
      options.threads = training.threads
      return try GradientTraining(problem, options: options)
        .descend(stop: StopSignal(timeLimit: .seconds(seconds))).trace
    }
  }
}

import Bidual
import Foundation
import Timing

// Three-layer networks beside what EP21 reports, as Markdown tables.
//
// ThreeLayers reach [SECONDS]
//   certified teachers of growing size, in units of a matrix product
// ThreeLayers soundness [INSTANCES [STARTS]]
//   how far above the certified bound descents from many starts end on small random instances
// ThreeLayers classes [SECONDS]
//   ten classes by local training, Adam and SGD in the same time
// ThreeLayers figure5 STEM [ROWS [M [K [SECONDS]]]]
//   EP21's Figure 5 in small on STEM_train_images.npy and its like: the penalised program and the non-convex form, as CSV
// ThreeLayers deep FILE [WIDTH [SUBNETWORKS [EPOCHS [SECONDS]]]]
//   gradient methods on two to five layers over a CSV file whose last column is the target, beside what is proven
let arguments = Array(CommandLine.arguments.dropFirst())

func number(_ place: Int, default value: Double) -> Double {
  place < arguments.count ? Double(arguments[place]) ?? value : value
}
func text(_ value: Double, _ digits: Int = 5) -> String { String(format: "%.\(digits)g", value) }

/// Exact training with a time limit.
func exact(_ problem: TrainingProblem, gap: Double, seconds: Double, aim: WorkingSet.Aim = .proof) throws
  -> TrainingOutcome
{
  var options = WorkingSet.Options()
  options.gap = gap
  options.aim = aim
  options.threads = 2
  return try WorkingSet(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(seconds)))
}

func reach() throws {
  let unit = TimeUnit()
  let seconds = number(1, default: 60)
  print(
    "The unit is \(text(unit.seconds, 2)) s; teachers of five sub-networks, β a twentieth of β_max, two threads.\n"
  )
  print("| n | m₁ | objective | gap | sub-networks | rounds | units |")
  print("|---|---|---|---|---|---|---|")
  for width in [2, 3] {
    for samples in [5, 10, 15, 20, 25, 30] {
      let teacher = Teacher(samples: samples, features: 2, width: width, subnetworks: 5, seed: 1)
      let free = try TrainingProblem(
        design: teacher.design, targets: teacher.targets, beta: 1, architecture: ThreeLayer(width: width))
      let problem = try free.replacing(beta: 0.05 * free.betaMax())
      let clock = ContinuousClock.now
      let outcome = try exact(problem, gap: 1e-4, seconds: seconds)
      let units = (ContinuousClock.now - clock) / .seconds(1) / unit.seconds
      print(
        "| \(samples) | \(width) | \(text(outcome.certificate.objective)) | \(text(outcome.certificate.relativeGap, 2)) "
          + "| \(outcome.network.neurons) | \(outcome.iterations) | \(text(units, 3)) |")
    }
  }
}

/// 50 random small instances, certified, and descents from 200 starts each: none ends below the bound.
func soundness() throws {
  let (instances, starts) = (Int(number(1, default: 50)), UInt64(number(2, default: 200)))
  var worst = Double.infinity
  var reached = 0
  for instance in 0..<instances {
    let width = 2 + instance % 2
    let samples = 4 + instance % 5
    var random = SeededGenerator(seed: UInt64(instance))
    let numbers = (0..<(3 * samples)).map { _ in random.nextGaussian() }
    let free = try TrainingProblem(
      design: Matrix(rows: samples, columns: 2, elements: Array(numbers[samples...])),
      targets: Array(numbers[..<samples]), beta: 1, architecture: ThreeLayer(width: width))
    let problem = try free.replacing(beta: (instance % 3 == 0 ? 0.02 : 0.1) * free.betaMax())
    let certificate = try exact(problem, gap: 1e-4, seconds: 20).certificate
    var least = Double.infinity
    for seed in 0..<starts {
      var options = GradientTraining.Options()
      options.width = [2, 5, 12][Int(seed) % 3]
      options.learningRate = [0.01, 0.03, 0.1][Int(seed / 3) % 3]
      options.maximumEpochs = 600
      options.evaluationInterval = 20
      options.seed = seed
      let objective = try GradientTraining(problem, options: options).descend().objective
      precondition(objective >= certificate.lowerBound, "instance \(instance), start \(seed)")
      least = min(least, objective)
    }
    worst = min(worst, least / certificate.lowerBound - 1)
    reached += least <= 1.01 * certificate.objective ? 1 : 0
  }
  print(
    "| instances | starts each | least margin above the bound | instances whose best start comes within 1 % |"
  )
  print("|---|---|---|---|")
  print("| \(instances) | \(starts) | \(text(worst, 3)) | \(reached) |")
}

/// Ten classes by local training, Adam and SGD, each with the same time; the gradient methods with the best of three rates.
func classes() throws {
  let seconds = number(1, default: 8)
  let (samples, features, count) = (200, 10, 10)
  var random = SeededGenerator(seed: 0)
  func gaussian(_ rows: Int) -> Matrix {
    Matrix(
      rows: rows, columns: features, elements: (0..<(rows * features)).map { _ in random.nextGaussian() })
  }
  let centers = gaussian(count)
  var design = gaussian(samples)
  for i in 0..<samples { for k in 0..<features { design[i, k] += centers[i % count, k] } }
  let free = try TrainingProblem(
    design: design, targets: (0..<samples).flatMap { i in (0..<count).map { $0 == i % count ? 1 : 0 } },
    outputs: count, loss: SoftmaxLoss(), beta: 1, architecture: ThreeLayer(width: 5))
  let problem = try free.replacing(beta: 0.05 * free.betaMax())
  func stop() -> StopSignal { StopSignal(timeLimit: .seconds(seconds)) }
  var local = WorkingSet.Options()
  (local.aim, local.gap, local.threads) = (.localGap, 1e-6, 2)
  let ours = try VectorSubnetworkTraining(problem, options: local).train(stop: stop())
  print(
    "Gaussian classes, \(samples)×\(features), m₁ = 5, β = β_max/20, \(text(seconds)) s a run, two threads.\n"
  )
  print("| method | objective | sub-networks |")
  print("|---|---|---|")
  print("| local | \(text(ours.certificate.objective, 6)) | \(ours.network.neurons) |")
  for (name, rule, rates, batch) in [
    ("Adam", .adam(), [0.003, 0.01, 0.03], nil), ("SGD", .plain, [0.03, 0.1, 0.3], 25),
  ] as [(String, UpdateRule, [Double], Int?)] {
    let runs = try rates.map { rate in
      var options = GradientTraining.Options()
      (options.rule, options.width, options.learningRate) = (rule, 100, rate)
      (options.batchSize, options.maximumEpochs, options.evaluationInterval) = (batch, .max, 10)
      options.threads = 2
      return try GradientTraining(problem, options: options).descend(stop: stop())
    }
    let best = runs.min { $0.objective < $1.objective } ?? runs[0]
    print("| \(name), rate \(best.learningRate) | \(text(best.objective, 6)) | \(best.network.neurons) |")
  }
}

/// EP21's Figure 5 in small: test accuracy against time of the penalised program on sampled patterns and of the non-convex form, ten classes,
/// as CSV. A line is a run of its own, with that much time.
func figure5(_ stem: String) throws {
  let (rows, units, subnetworks) = (
    Int(number(2, default: 10_000)), Int(number(3, default: 100)), Int(number(4, default: 40))
  )
  let seconds = number(5, default: 160)
  let cores = ProcessInfo.processInfo.activeProcessorCount
  func images(_ part: String, _ limit: Int) throws -> (Matrix, [Int]) {
    let images = try NPYReader.array(path: stem + "_\(part)_images.npy").elements
    let labels = try NPYReader.array(path: stem + "_\(part)_labels.npy").elements
    let pixels = images.count / labels.count
    let count = min(limit, labels.count)
    return (
      Matrix(rows: count, columns: pixels, elements: images[..<(count * pixels)].map { $0 / 255 }),
      labels[..<count].map { Int($0) }
    )
  }
  let (training, labels) = try images("train", rows)
  let (test, truth) = try images("test", 2000)
  let problem = try TrainingProblem(
    design: training, targets: labels.flatMap { label in (0..<10).map { $0 == label ? 1 : 0 } }, outputs: 10,
    beta: 1e-3, architecture: ThreeLayer(width: units))
  func accuracy(_ predictions: [Double]) -> Double {
    let right = truth.indices.count { i in
      let own = predictions[(i * 10)..<((i + 1) * 10)]
      return own.indices.max { own[$0] < own[$1] }! - i * 10 == truth[i]
    }
    return Double(right) / Double(truth.count)
  }
  /// A line at once, also where a run is cut off.
  func tell(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
  tell("method,rate,seconds,epochs,objective,test accuracy,test accuracy by gates")
  for time in [seconds / 4, seconds / 2, seconds] {
    func stop() -> StopSignal { StopSignal(timeLimit: .seconds(time)) }
    for rate in [1e-6, 1e-5] {
      var options = PenalisedTraining.Options()
      (options.conePenalty, options.descent.schedule) = (0.01, .constant)
      (options.descent.learningRate, options.descent.batchSize, options.descent.threads) = (rate, 1000, cores)
      (options.descent.maximumEpochs, options.descent.precision) = (.max, .single)
      let training = try PenalisedSubnetworkTraining(problem, subnetworks: subnetworks, options: options)
      let end = BLAS.singleThreaded { training.descend(stop: stop()) }
      tell(
        "penalised,\(rate),\(text(time)),\(end.epochs),\(text(problem.objective(end.network), 7)),"
          + "\(text(accuracy(end.network.predictions(test)), 4)),\(text(accuracy(end.gatedPredictions(test)), 4))"
      )
    }
    for rate in [1e-3, 1e-2] {
      var options = GradientTraining.Options()
      (options.width, options.learningRate, options.batchSize, options.threads) = (
        subnetworks, rate, 1000, cores
      )
      options.maximumEpochs = .max
      let training = try GradientTraining(problem, options: options)
      let run = BLAS.singleThreaded { training.descend(stop: stop()) }
      tell(
        "non-convex,\(rate),\(text(time)),\(run.trace.last?.epoch ?? 0),\(text(run.objective, 7)),"
          + "\(text(accuracy(run.network.predictions(test)), 4)),")
    }
  }
}

switch arguments.first {
case "figure5" where arguments.count > 1: try figure5(arguments[1])
case "reach": try reach()
case "soundness": try soundness()
case "classes": try classes()
case "deep" where arguments.count > 1:
  try DeepRuns(
    path: arguments[1], width: Int(number(2, default: 2)), subnetworks: Int(number(3, default: 10)),
    epochs: Int(number(4, default: 2000)), seconds: number(5, default: 30)
  ).printTable()
default:
  FileHandle.standardError.write(
    Data(
      "ThreeLayers reach [SECONDS] | soundness [INSTANCES [STARTS]] | classes [SECONDS] | figure5 STEM [ROWS [M [K [SECONDS]]]] | deep FILE [WIDTH [SUBNETWORKS [EPOCHS [SECONDS]]]]\n"
        .utf8))
  exit(64)
}

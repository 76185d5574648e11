import Bidual
import Foundation

/// PE20, Figure 10: a convolutional ReLU network with sum pooling on 195 images of two classes, filters of 4×4×3 in strides of 4, the hinge
/// loss and m = 50; the convex program on patterns of networks and of clustered patches, and adaptive training, beside five runs of SGD.
///
/// β is not printed; it multiplies the penalty beside the mean loss here.
struct Figure10 {
  let folder: String
  let output: String
  let classes: [Int]
  let beta: Double
  let epochs: Int
  /// Time for each convex program.
  let seconds: Double

  func run() throws {
    let data = try ImagePair(folder: folder, classes: classes, count: 195)
    let (n, m) = (data.training.targets.count, 50)
    let extent = Patches.Extent(height: 4, width: 4)
    let patches = try Patches(
      channels: 3, image: .init(height: 32, width: 32), filter: extent, stride: extent)
    let problem = try TrainingProblem(
      design: data.training.images, targets: data.training.targets, loss: HingeLoss(), beta: beta * Double(n),
      architecture: ReLUConvolution(patches))
    let descent = DescentRuns(problem: problem, width: m, batchSize: 20, epochs: epochs, threads: 2)
    let rate = try descent.rate()
    var curves = CSVLines("method,seed,epoch,seconds,objective,accuracy")
    var finals = CSVLines("method,patterns,objective,gap,accuracy,seconds")
    tell(
      "\(n) images, \(data.test.targets.count) test images, β = \(text(beta)) beside the mean loss; SGD at rate \(rate), \(epochs) epochs.\n"
    )
    tell("| method | patterns | objective | gap over the patterns | test accuracy, % | s |")
    tell("|---|---|---|---|---|---|")
    func row(
      _ name: String, _ patterns: Int?, _ objective: Double, _ gap: Double?, _ network: any Network,
      _ seconds: Double
    ) {
      let cells = [
        name, patterns.map(String.init) ?? "", text(objective / Double(n)), gap.map { text($0, 2) } ?? "",
        text(data.test.accuracy(network), 4), text(seconds, 3),
      ]
      finals.add(cells)
      tell("| " + cells.map { $0.isEmpty ? "–" : $0 }.joined(separator: " | ") + " |")
    }
    let points = try descent.points(rate: rate)
    var ends: [DescentRuns.Point] = []
    for point in points {
      curves.add([
        "SGD", "\(point.seed)", "\(point.epoch)", text(point.seconds), text(point.objective / Double(n)),
        text(data.test.accuracy(point.network), 4),
      ])
      if point.epoch == epochs {
        ends.append(point)
        row("SGD, seed \(point.seed)", nil, point.objective, nil, point.network, point.seconds)
      }
    }
    let trained = ends.compactMap { ($0.network as? ConvolutionalNetwork)?.filters.hidden }.map {
      PatternChoice.source(GivenGates(rows: $0))
    }
    let best = ends.indices.min { ends[$0].objective < ends[$1].objective } ?? 0
    let (gates, centres) = (
      trained[best], PatternChoice.source(ClusterGates(clusters: 50, bisects: false))
    )
    let initial = try self.initial(problem, width: m)
    let choices: [(name: String, patterns: [PatternChoice])] = [
      ("initial network", [.source(GivenGates(rows: initial))]),
      ("trained network (Alg2)", [gates]),
      ("initial network and flips (Alg3)", [.initial(neurons: m)]),
      ("50 centres of patches", [centres]),
      ("trained network and 50 centres (Alg1)", [gates, centres]),
      ("five trained networks and 50 centres", trained + [centres]),
    ]
    for (name, sources) in choices {
      let (patterns, outcome, time) = try convex(problem, sources)
      row(
        name, patterns, outcome.certificate.objective, outcome.certificate.relativeGap, outcome.network, time)
    }
    let (outcome, time) = try adaptive(problem)
    row("adaptive", nil, outcome.certificate.objective, nil, outcome.network, time)
    try curves.write(to: output + "/curves.csv")
    try finals.write(to: output + "/finals.csv")
  }

  /// The filters that SGD of seed 0 begins with.
  private func initial(_ problem: TrainingProblem, width: Int) throws -> Matrix {
    var options = GradientTraining.Options()
    options.width = width
    return try GradientTraining(problem, options: options).initialNetwork().hidden
  }

  private func convex(_ problem: TrainingProblem, _ sources: [PatternChoice]) throws -> (
    patterns: Int, outcome: TrainingOutcome, seconds: Double
  ) {
    let clock = ContinuousClock.now
    var options = GivenPatterns.Options()
    (options.gap, options.threads) = (1e-3, 2)
    let patterns = try PatternChoice.collection(sources, for: problem, seed: 0)
    let outcome = try PatternTraining(problem, patterns: patterns, options: options).train(
      stop: StopSignal(timeLimit: .seconds(seconds)))
    return (patterns.count, outcome, (ContinuousClock.now - clock) / .seconds(1))
  }

  private func adaptive(_ problem: TrainingProblem) throws -> (TrainingOutcome, seconds: Double) {
    let clock = ContinuousClock.now
    var options = WorkingSet.Options()
    (options.gap, options.threads, options.aim) = (1e-3, 2, .localGap)
    let outcome = try WorkingSet(problem, options: options).train(
      stop: StopSignal(timeLimit: .seconds(seconds)))
    return (outcome, (ContinuousClock.now - clock) / .seconds(1))
  }
}

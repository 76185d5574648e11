import BidualLinear
import BidualModels
import BidualObjectives
import BidualProcesses
import Testing

@testable import BidualSolvers

/// Passes over samples of which several processes hold a run each, here threads in their place.
@Suite struct SharedPassTests {
  /// What passes are made for.
  enum Kind: CaseIterable {
    case oneOutput, singlePrecision, outputs, threeLayers
  }

  private struct Case: Sendable {
    let problem: TrainingProblem
    let weights: NetworkParameters
    let precision: Precision
    let chosen: [Int]
    var rounding: RoundedKinks?
  }

  private static func instance(_ kind: Kind, n: Int, width: Int) throws -> Case {
    var random = SeededGenerator(seed: UInt64(n))
    let (d, c) = (20, kind == .outputs ? 3 : 1)
    let targets = (0..<n).flatMap { i -> [Double] in
      c == 1 ? [random.nextGaussian()] : (0..<c).map { $0 == i % c ? 1 : 0 }
    }
    let problem = try TrainingProblem(
      design: Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() }),
      targets: targets, outputs: c, weights: (0..<n).map { _ in 0.5 + random.nextUniform() },
      loss: c == 1 ? HuberLoss(threshold: 0.7) : SoftmaxLoss(), beta: 1, hasOffset: true,
      architecture: kind == .threeLayers ? ThreeLayer(width: 3) : TwoLayer())
    let units = kind == .threeLayers ? 3 : nil
    let width = width / (units ?? 1)
    let count = width * ((units ?? 1) * d + (units ?? 0) + c) + c
    let weights = NetworkParameters(
      width: width, units: units, inputs: d, outputs: c, hasOffset: true,
      values: (0..<count).map { _ in 0.3 * random.nextGaussian() })
    return Case(
      problem: problem, weights: weights, precision: kind == .singlePrecision ? .single : .double,
      chosen: Array((0..<n).shuffled(using: &random).prefix(n - n / 20)))
  }

  /// Losses, gradients and predictions: over all samples, and over the chosen ones.
  private static func sums(_ instance: Case) -> [[Double]] {
    let evaluator = NetworkGradient(
      instance.problem, width: instance.weights.width, threads: 2, precision: instance.precision)
    evaluator.rounding = instance.rounding
    var gradient = [Double](repeating: .nan, count: instance.weights.count)
    let loss = gradient.withUnsafeMutableBufferPointer {
      evaluator.evaluate(instance.weights, gradient: $0.baseAddress)
    }
    var answers = [[loss], gradient, Array(evaluator.predictions)]
    let some = instance.chosen.withUnsafeBufferPointer { chosen in
      gradient.withUnsafeMutableBufferPointer {
        evaluator.evaluate(instance.weights, rows: chosen, gradient: $0.baseAddress!)
      }
    }
    answers += [[some], gradient, [evaluator.evaluate(instance.weights)]]
    return answers
  }

  private static func shared(_ processes: Int, _ instance: Case) -> [[Double]] {
    // BLAS on other numbers of threads gives other bytes.
    BLAS.singleThreaded {
      ThreadGroup.run(processes) { group -> [[Double]] in
        guard group.rank == 0 else {
          HelpingRanks.serve(group, by: [SharedPasses()])
          return []
        }
        defer { HelpingRanks.dismiss(group) }
        return HelpingRanks.$group.withValue(group) { sums(instance) }
      }[0]
    }
  }

  private static func alone(_ instance: Case) -> [[Double]] { BLAS.singleThreaded { sums(instance) } }

  /// Whether all numbers are the same; a test that fails should not print them.
  private static func areSame(_ a: [[Double]], _ b: [[Double]]) -> Bool { a == b }

  @Test(arguments: Kind.allCases) func sumsAreThoseOfOneProcess(kind: Kind) throws {
    var instance = try Self.instance(kind, n: 2003, width: 120)
    for level in [0, 0.1] {
      instance.rounding =
        level > 0
        ? RoundedKinks(instance.problem, lengths: instance.weights.hiddenLengths, level: level) : nil
      let alone = Self.alone(instance)
      #expect(Self.areSame(Self.shared(1, instance), alone))
      for processes in [2, 3] {
        let found = Self.shared(processes, instance)
        #expect(Self.areSame(Self.shared(processes, instance), found), "\(processes) processes")
        // Not the same bytes: the others took part.
        #expect(!Self.areSame(found, alone), "\(processes) processes")
        for (a, b) in zip(found, alone) {
          let size = b.reduce(0) { max($0, abs($1)) }
          let accuracy = kind == .singlePrecision ? 1e-4 : 1e-12
          #expect(zip(a, b).allSatisfy { abs($0 - $1) <= accuracy * size }, "\(processes) processes")
        }
      }
    }
  }

  /// What is soon over is not worth messages.
  @Test func smallProblemsAreNotShared() throws {
    let instance = try Self.instance(.oneOutput, n: 100, width: 30)
    #expect(Self.areSame(Self.shared(2, instance), Self.alone(instance)))
  }

  /// A loss that other processes can't make of its name.
  @Test func unknownLossesAreNotShared() throws {
    struct Own: Loss {
      let name = "squared"
      let squared = SquaredLoss()
      var targetKind: TargetKind { squared.targetKind }
      var hasKinks: Bool { false }
      func value(_ prediction: Double, target: Double) -> Double {
        2 * squared.value(prediction, target: target)
      }
      func derivative(_ prediction: Double, target: Double) -> Double {
        2 * squared.derivative(prediction, target: target)
      }
      func curvature(_ prediction: Double, target: Double) -> Double { 2 }
      func conjugate(_ dual: Double, target: Double) -> Double {
        2 * squared.conjugate(dual / 2, target: target)
      }
      func dualDomain(target: Double) -> ClosedRange<Double> { squared.dualDomain(target: target) }
      func valueError(_ prediction: Double, target: Double) -> Double {
        2 * squared.valueError(prediction, target: target)
      }
      func conjugateError(_ dual: Double, target: Double) -> Double {
        2 * squared.conjugateError(dual / 2, target: target)
      }
    }
    let known = try Self.instance(.oneOutput, n: 2003, width: 120)
    let problem = try known.problem.replacing(loss: Own(), beta: 1)
    let instance = Case(
      problem: problem, weights: known.weights, precision: .double, chosen: known.chosen)
    #expect(Self.areSame(Self.shared(2, instance), Self.alone(instance)))
  }

  /// A run of a gradient method with mini-batches, small and large, ends with the same bytes every time.
  @Test(arguments: [40, 2000]) func runsEndWithTheSameBytes(batch: Int) throws {
    let problem = try Self.instance(.oneOutput, n: 2003, width: 120).problem
    var options = GradientTraining.Options()
    (options.width, options.batchSize, options.maximumEpochs) = (120, batch, 3)
    let training = try GradientTraining(problem, options: options)
    func run(_ processes: Int) -> [Double] {
      BLAS.singleThreaded {
        ThreadGroup.run(processes) { group -> [Double] in
          guard group.rank == 0 else {
            HelpingRanks.serve(group, by: [SharedPasses()])
            return []
          }
          defer { HelpingRanks.dismiss(group) }
          return HelpingRanks.$group.withValue(group) {
            let end = training.descend()
            return (TwoLayerNetwork(end.network, .relu)?.weights ?? []) + end.trace.map(\.objective)
          }
        }[0]
      }
    }
    let (alone, two) = (run(1), run(2))
    let isSame = run(2) == two
    #expect(isSame && two.count == alone.count)
    for (x, y) in zip(two, alone).suffix(4) { #expect(abs(x - y) <= 1e-8 * abs(y)) }
  }
}

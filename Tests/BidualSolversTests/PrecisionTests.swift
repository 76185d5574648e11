import BidualLinear
import BidualModels
import BidualObjectives
import CBidualKernels
import Testing

@testable import BidualSolvers

@Suite struct PrecisionTests {
  /// Random data with weights, and with an offset where n is even.
  private func problem(
    _ n: Int, _ d: Int, loss: String = "squared", beta: Double = 1, seed: UInt64
  ) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    let loss = try #require(try LossRegistry.standard.loss(loss))
    let design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let targets = (0..<n).map { i in
      let value = max(0, design[i, 0]) - 0.5 * max(0, -design[i, d - 1]) + 0.1 * random.nextGaussian()
      switch loss.targetKind {
      case .real: return value
      case .sign: return value < 0 ? -1 : 1
      case .count, .oneHot: return abs(value).rounded()
      }
    }
    return try TrainingProblem(
      design: design, targets: targets, weights: (0..<n).map { _ in 0.5 + random.nextUniform() }, loss: loss,
      beta: beta, hasOffset: n % 2 == 0)
  }

  private func network(_ width: Int, _ problem: TrainingProblem) -> NetworkParameters {
    var random = SeededGenerator(seed: UInt64(width))
    let d = problem.design.columns
    return NetworkParameters(
      TwoLayerNetwork(
        hidden: Matrix(
          rows: width, columns: d, elements: (0..<(width * d)).map { _ in random.nextGaussian() }),
        output: (0..<width).map { _ in random.nextGaussian() }, offset: problem.hasOffset ? 0.3 : nil))
  }

  /// Floats against doubles, which have a naive twin of their own: a relative 10⁻⁵ of the largest entry.
  @Test(
    arguments: LossRegistry.standard.separableNames.filter { $0 != "interpolation" },
    [(1, 1, 1), (7, 3, 1), (40, 5, 9), (300, 4, 130), (2500, 2, 40)])
  func gradientsAgreeWithThoseInDouble(loss: String, shape: (n: Int, d: Int, width: Int)) throws {
    let problem = try problem(shape.n, shape.d, loss: loss, seed: 4)
    let weights = network(shape.width, problem)
    let rows = (0..<max(1, shape.n / 2)).map { $0 * 7 % shape.n }
    for level in [0, 0.3] {
      let rounding =
        level > 0
        ? RoundedKinks(problem, lengths: weights.network.hidden.rowNorms, level: level) : nil
      for threads in [1, 3] {
        let evaluators = Precision.allCases.map {
          NetworkGradient(problem, width: shape.width, threads: threads, precision: $0)
        }
        var results: [(loss: Double, gradient: [Double])] = []
        for evaluator in evaluators {
          evaluator.rounding = rounding
          for chosen in [nil, rows] {
            var gradient = [Double](repeating: .nan, count: weights.count)
            let loss = gradient.withUnsafeMutableBufferPointer { gradient in
              chosen?.withUnsafeBufferPointer {
                evaluator.evaluate(weights, rows: $0, gradient: gradient.baseAddress!)
              } ?? evaluator.evaluate(weights, gradient: gradient.baseAddress)
            }
            results.append((loss, gradient))
          }
        }
        for (double, single) in [(results[0], results[2]), (results[1], results[3])] {
          let scale = double.gradient.map(abs).max()!
          #expect(abs(double.loss - single.loss) <= 1e-5 * (abs(double.loss) + scale))
          #expect(zip(double.gradient, single.gradient).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
        }
        withExtendedLifetime(evaluators) {
          for (double, single) in zip(evaluators[0].predictions, evaluators[1].predictions) {
            #expect(abs(double - single) <= 1e-5 * (Double(shape.width) + abs(double)))
          }
        }
      }
    }
  }

  @Test func kernelsOfFloatsAgreeWithThoseOfDoubles() {
    var random = SeededGenerator(seed: 6)
    for (rows, width) in [(1, 1), (3, 7), (5, 16), (4, 129)] {
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.nextGaussian()) } }
      let (heights, output, slopes) = (numbers(rows * width), numbers(width), numbers(rows))
      let kinks = numbers(width).map { abs($0) + 0.01 }
      let steepness = kinks.map { 0.5 / $0 }
      func doubles(_ floats: [Float]) -> [Double] { floats.map(Double.init) }
      func expectClose(_ single: [Float], _ double: [Double]) {
        for (a, b) in zip(single, double) { #expect(abs(Double(a) - b) <= 1e-5 * (Double(width) + abs(b))) }
      }
      var (single, double) = ([Float](repeating: .nan, count: rows), [Double](repeating: .nan, count: rows))
      bidual_relu_outputs_float(rows, width, heights, output, &single)
      bidual_relu_outputs_double(rows, width, doubles(heights), doubles(output), &double)
      expectClose(single, double)
      bidual_smooth_relu_outputs_float(rows, width, heights, output, kinks, steepness, &single)
      bidual_smooth_relu_outputs_double(
        rows, width, doubles(heights), doubles(output), doubles(kinks), doubles(steepness), &double)
      expectClose(single, double)

      for isSmooth in [false, true] {
        var (h, g) = (heights, [Float](repeating: 1, count: width))
        var (heights, gradient) = (doubles(heights), [Double](repeating: 1, count: width))
        if isSmooth {
          bidual_smooth_relu_adjoint_float(rows, width, &h, output, kinks, steepness, slopes, &g)
          bidual_smooth_relu_adjoint_double(
            rows, width, &heights, doubles(output), doubles(kinks), doubles(steepness), doubles(slopes),
            &gradient)
        } else {
          bidual_relu_adjoint_float(rows, width, &h, output, slopes, &g)
          bidual_relu_adjoint_double(
            rows, width, &heights, doubles(output), doubles(slopes), &gradient)
        }
        expectClose(h, heights)
        expectClose(g, gradient)
      }
    }
    var prediction: Float = 0
    bidual_relu_outputs_float(1, 2, [.nan, 1], [1, 1], &prediction)
    #expect(prediction.isNaN)
  }

  @Test func theStepOfAdamAgreesWithALoop() {
    var random = SeededGenerator(seed: 8)
    for count in [1, 5, 64, 1001] {
      func numbers() -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
      let gradient = numbers()
      var (first, second, values) = (numbers(), numbers().map(abs), numbers())
      var (m, v, x) = (first, second, values)
      bidual_adam_step(count, 0.1, 0.01, 0.3, 1.5, 1e-8, gradient, &first, &second, &values)
      for k in 0..<count {
        m[k] += 0.1 * (gradient[k] - m[k])
        v[k] += 0.01 * (gradient[k] * gradient[k] - v[k])
        x[k] -= 0.3 * m[k] / ((v[k] * 1.5).squareRoot() + 1e-8)
      }
      #expect(first == m && second == v && values == x)
    }
  }

  private func options(_ rule: UpdateRule, _ precision: Precision) -> GradientTraining.Options {
    var options = GradientTraining.Options()
    options.rule = rule
    options.width = 20
    options.learningRate = rule == .plain ? 0.02 : 0.003
    options.maximumEpochs = 150
    options.precision = precision
    return options
  }

  /// Runs in the two precisions end alike, and the objective reported is that of the network in double.
  @Test(arguments: ["squared", "logistic", "huber"]) func runsEndAlike(loss: String) throws {
    let problem = try problem(60, 4, loss: loss, beta: 0.5, seed: 11)
    for rule in [UpdateRule.plain, .momentum(), .adam()] {
      let (outcomes, again) = try BLAS.singleThreaded {
        let train = { try GradientTraining(problem, options: options(rule, $0)).descend() }
        return (try Precision.allCases.map(train), try train(.single))
      }
      for outcome in outcomes {
        let objective = naiveObjective(outcome.network, problem)
        #expect(abs(outcome.objective - objective) <= 1e-10 * objective)
      }
      let (double, single) = (outcomes[0].objective, outcomes[1].objective)
      #expect(abs(double - single) <= 1e-5 * double, "\(rule)")
      #expect(double < 0.9 * outcomes[0].trace[0].objective)
      #expect(again.network == outcomes[1].network)
    }
  }

  @Test func adaptiveTrainingEndsAlike() throws {
    let problem = try problem(80, 6, beta: 1, seed: 12)
    var objectives: [Double] = []
    for precision in Precision.allCases {
      var options = WorkingSet.Options()
      options.aim = .localGap
      options.gap = 1e-3
      options.precision = precision
      let outcome = try WorkingSet(problem, options: options).train()
      let objective = naiveObjective(outcome.network, problem)
      #expect(abs(outcome.certificate.objective - objective) <= 1e-9 * objective)
      #expect(outcome.certificate.lowerBound <= objective)
      #expect(outcome.localGap ?? 1 <= 1e-3, "\(precision): \(outcome.status)")
      objectives.append(objective)
    }
    #expect(abs(objectives[0] - objectives[1]) <= 2e-3 * objectives[0])
  }

  @Test func numbersBeyondFloatsAreRefused() throws {
    let remedy = "change the units or use double precision"
    func problem(_ entry: Double, target: Double = 1, weight: Double = 1) throws -> TrainingProblem {
      try TrainingProblem(
        design: Matrix([[1, 2], [3, entry], [0.5, 1]]), targets: [1, 2, target], weights: [1, weight, 1],
        beta: 1)
    }
    let cases: [(TrainingProblem, String)] = [
      (try problem(-1e39), "row 2, input 2: -1e+39 is too large for single precision; \(remedy)"),
      (try problem(1e20), "row 2, input 2: 1e+20 is too large for single precision; \(remedy)"),
      (try problem(1, target: 1e30), "row 3, target: 1e+30 is too large for single precision; \(remedy)"),
      (
        try problem(1, weight: 1e16),
        "row 2, sample weight: 1e+16 is too large for single precision; \(remedy)"
      ),
      (
        try TrainingProblem(design: Matrix([[1e-20], [0]]), targets: [1, 2], beta: 1),
        "the largest input is 1e-20, too small for single precision; \(remedy)"
      ),
    ]
    for (problem, message) in cases {
      #expect(throws: DataError(.badData, message)) {
        try GradientTraining(problem, options: self.options(.adam(), .single))
      }
      #expect(throws: DataError(.badData, message)) { try problem.require(.single) }
      _ = try GradientTraining(problem, options: options(.adam(), .double))
      try problem.require(.double)
    }
  }

  /// At the edge of what is accepted a run may diverge, but its network and objective are numbers.
  @Test(arguments: [1e15, 1e8, 1e-14], [UpdateRule.plain, .momentum(), .adam()])
  func extremesGiveNumbers(scale: Double, rule: UpdateRule) throws {
    var random = SeededGenerator(seed: 9)
    let design = Matrix(
      rows: 30, columns: 3,
      elements: (0..<90).map { _ in 0.2 * scale * max(-5, min(5, random.nextGaussian())) }
    )
    for target in [1, scale] {
      let problem = try TrainingProblem(
        design: design, targets: (0..<30).map { $0 % 3 == 0 ? -target : target }, beta: 1)
      for rate in [1e-3, 1e3] {
        var options = options(rule, .single)
        options.learningRate = rate
        options.maximumEpochs = 20
        let outcome = try GradientTraining(problem, options: options).descend()
        #expect(outcome.objective.isFinite)
        #expect(
          (outcome.network.twoLayer!.hidden.elements + outcome.network.twoLayer!.output).allSatisfy {
            $0.isFinite
          })
        #expect(outcome.trace.allSatisfy { $0.objective.isFinite })
      }
    }
  }
}

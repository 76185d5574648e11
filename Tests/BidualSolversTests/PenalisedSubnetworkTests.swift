import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// The penalised program of three layers over drawn sub-networks.
@Suite struct PenalisedSubnetworkTests {
  private func problem(_ outputs: Int, loss: any Loss = SquaredLoss(), hasOffset: Bool = false) throws
    -> TrainingProblem
  {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: 24, columns: 4, elements: (0..<96).map { _ in random.nextGaussian() })
    let targets = (0..<24).flatMap { i in
      loss.coupled == nil
        ? (0..<outputs).map { _ in random.nextGaussian() } : (0..<outputs).map { $0 == i % outputs ? 1.0 : 0 }
    }
    return try TrainingProblem(
      design: design, targets: targets, outputs: outputs, weights: (0..<24).map { 1 + Double($0 % 3) },
      loss: loss, beta: 0.2, hasOffset: hasOffset, architecture: ThreeLayer(width: 3))
  }

  /// The program's sums by loops over samples, sub-networks, signs, outputs, units and features.
  private func naive(
    _ problem: TrainingProblem, _ sampled: SampledSubnetworks, _ values: [Double], rho: Double
  )
    -> (objective: Double, predictions: [Double], crossing: Double)
  {
    let (m, c, d) = (sampled.units, problem.outputs, problem.design.columns)
    let (first, second) = sampled.patterns(over: problem.design)
    var predictions: [Double] = []
    var crossing = 0.0
    for i in 0..<problem.design.rows {
      var own =
        problem.hasOffset ? Array(values[(2 * sampled.count * c * m * d)...]) : Array(repeating: 0, count: c)
      for p in 0..<sampled.count {
        for sign in 0..<2 {
          for k in 0..<c {
            var input = 0.0
            for j in 0..<m {
              let start = (((p * 2 + sign) * c + k) * m + j) * d
              let height = dot(problem.design.row(i), values[start..<(start + d)])
              let isActive = first[i * sampled.inner.count + p * m + j] == 1
              if isActive { input += (sampled.inner[p * m + j] < 0 ? -1 : 1) * height }
              crossing += max(0, isActive ? -height : height)
            }
            if second[i * sampled.count + p] == 1 {
              own[k] += sign == 0 ? input : -input
              crossing += max(0, -input)
            } else {
              crossing += max(0, input)
            }
          }
        }
      }
      predictions += own
    }
    var lengths = 0.0
    for start in stride(from: 0, to: 2 * sampled.count * c * m * d, by: d) {
      lengths += norm(values[start..<(start + d)])
    }
    return (
      problem.lossValue(predictions) + problem.beta * lengths + rho * crossing, predictions, crossing
    )
  }

  /// Sums and gradients are those of loops and of differences, in both precisions, for parts of the samples together as for all.
  @Test(arguments: [false, true], [1, 2]) func sumsAndGradientsAreRight(hasOffset: Bool, threads: Int) throws
  {
    for problem in [
      try problem(1, hasOffset: hasOffset), try problem(2, hasOffset: hasOffset),
      try problem(3, loss: SoftmaxLoss(), hasOffset: hasOffset),
    ] {
      let sampled = SampledSubnetworks(count: 5, units: 3, inputs: 4, seed: 9)
      let program = PenalisedSubnetworks<Double>(problem, sampled, conePenalty: 0.7, threads: threads)
      var random = SeededGenerator(seed: 1)
      let values = (0..<program.count).map { _ in 0.3 * random.nextGaussian() }
      var gradient = values
      let all = Array(0..<24)
      let sums = program.evaluate(values, rows: all, gradient: &gradient)
      let naive = naive(problem, sampled, values, rho: 0.7)
      let objective = sums.loss + problem.beta * program.lengths(values) + 0.7 * sums.crossing
      #expect(abs(objective - naive.objective) <= 1e-10 * naive.objective)
      #expect(abs(sums.crossing - naive.crossing) <= 1e-10 * naive.crossing)
      #expect(
        abs(sums.networkLoss - problem.lossValue(program.network(values).predictions(problem.design))) <= 1e-8
      )
      for (k, predicted) in program.gatedPredictions(values, problem.design).enumerated() {
        #expect(abs(predicted - naive.predictions[k]) <= 1e-10)
      }
      // β/n is what the norms' slopes are told in.
      for k in gradient.indices { gradient[k] /= 24 }
      program.addNormSlope(values, to: &gradient)
      for _ in 0..<30 {
        let k = Int.random(in: 0..<values.count, using: &random)
        let step = 1e-6
        var (ahead, behind) = (values, values)
        ahead[k] += step
        behind[k] -= step
        let slope =
          (self.naive(problem, sampled, ahead, rho: 0.7).objective
            - self.naive(problem, sampled, behind, rho: 0.7).objective) / (2 * step) / 24
        #expect(abs(slope - gradient[k]) <= 1e-5 * max(1, abs(slope)), "\(k): \(slope), \(gradient[k])")
      }
      let single = PenalisedSubnetworks<Float>(problem, sampled, conePenalty: 0.7, threads: threads)
      var rounded = values
      let approximate = single.evaluate(values, rows: all, gradient: &rounded)
      #expect(abs(approximate.loss - sums.loss) <= 1e-4 * sums.loss)
      let parts = [Array(0..<10), Array(10..<24)].map {
        program.evaluate(values, rows: $0, gradient: &rounded).loss
      }
      #expect(abs(parts[0] + parts[1] - sums.loss) <= 1e-10 * sums.loss)
    }
  }

  /// Training ends below the constant, says what its network is worth, and is the same again.
  @Test(arguments: [1, 3], [Precision.double, .single]) func trainingIsHonest(
    outputs: Int, precision: Precision
  ) throws {
    let problem = try problem(outputs, loss: outputs == 1 ? SquaredLoss() : SoftmaxLoss())
    var options = PenalisedTraining.Options()
    options.descent.maximumEpochs = 300
    options.descent.batchSize = 8
    options.descent.precision = precision
    try BLAS.singleThreaded {
      let solver = try PenalisedSubnetworkTraining(problem, subnetworks: 20, options: options)
      let outcome = solver.train()
      let objective = problem.objective(outcome.network)
      #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * objective)
      #expect(objective < 0.9 * problem.objective(problem.constantNetwork()))
      #expect(outcome.certificate.lowerBound <= objective && outcome.certificate.scope == .global)
      try Certifier(problem).verify(outcome.certificate, of: outcome.network)
      #expect(solver.train().network.isEqual(to: outcome.network))
      let cut = solver.train(stop: StopSignal(timeLimit: .seconds(0)))
      #expect(cut.status == .timeLimit && cut.certificate.objective.isFinite)
    }
  }

  /// What is watched is the run: its last moment is its end, at the epochs that were asked for.
  @Test func runsCanBeWatched() throws {
    let problem = try problem(3, loss: SquaredLoss())
    var options = PenalisedTraining.Options()
    (options.descent.maximumEpochs, options.descent.evaluationInterval) = (7, 3)
    var moments: [PenalisedMoment] = []
    try BLAS.singleThreaded {
      let end = try PenalisedSubnetworkTraining(problem, subnetworks: 5, options: options)
        .descend(watch: { moments.append($0) })
      #expect(moments.map(\.epoch) == [3, 6, 7])
      let last = try #require(moments.last)
      #expect(last.network.isEqual(to: end.network))
      #expect(last.gatedPredictions(problem.design) == end.gatedPredictions(problem.design))
      #expect(last.penalty > 0 && last.loss > 0 && last.networkLoss > 0)
      #expect(zip(moments, moments.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
    }
  }

  @Test func badSettingsAreRefused() throws {
    let problem = try problem(1)
    #expect(throws: DataError.self) { try PenalisedSubnetworkTraining(problem, subnetworks: 0) }
    #expect(throws: DataError.self) { try PenalisedSubnetworkTraining(problem, subnetworks: 1_000_000_000) }
    var options = PenalisedTraining.Options()
    options.conePenalty = -1
    #expect(throws: DataError.self) {
      try PenalisedSubnetworkTraining(problem, subnetworks: 3, options: options)
    }
    let two = try problem.replacing(architecture: TwoLayer())
    #expect(throws: DataError.self) { try PenalisedSubnetworkTraining(two, subnetworks: 3) }
  }
}

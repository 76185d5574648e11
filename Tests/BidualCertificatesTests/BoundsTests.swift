import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualCertificates

/// The two bounds beside the same sums in extended precision.
#if arch(x86_64)
  @Suite struct BoundsTests {
    private func problem(_ n: Int, _ d: Int, scale: Double, _ random: inout SeededGenerator) throws
      -> TrainingProblem
    {
      let numbers = { (count: Int, random: inout SeededGenerator) in
        (0..<count).map { _ in random.nextGaussian() }
      }
      let design = Matrix(rows: n, columns: d, elements: numbers(n * d, &random).map { scale * $0 })
      return try TrainingProblem(design: design, targets: numbers(n, &random), beta: 0.1 * scale)
    }

    private func objective(_ network: TwoLayerNetwork, _ problem: TrainingProblem) -> Float80 {
      var sum: Float80 = 0
      for i in 0..<problem.design.rows {
        var prediction: Float80 = 0
        for j in 0..<network.neurons {
          var height: Float80 = 0
          for k in 0..<problem.design.columns {
            height += Float80(problem.design[i, k]) * Float80(network.hidden[j, k])
          }
          prediction += Float80(network.output[j]) * max(0, height)
        }
        let rest = prediction - Float80(problem.targets[i])
        sum += rest * rest / 2
      }
      var decay: Float80 = 0
      for weight in network.hidden.elements + network.output { decay += Float80(weight) * Float80(weight) }
      return sum + Float80(problem.beta) * decay / 2
    }

    @Test(arguments: [1e-6, 1, 1e6]) func upperBoundIsAboveAndClose(scale: Double) throws {
      var random = SeededGenerator(seed: 1)
      for trial in 0..<200 {
        let d = 1 + trial % 7
        let problem = try problem(1 + trial % 30, d, scale: scale, &random)
        let neurons = trial % 12
        let network = TwoLayerNetwork(
          hidden: Matrix(
            rows: neurons, columns: d,
            elements: (0..<(neurons * d)).map { _ in random.nextGaussian() / scale }),
          output: (0..<neurons).map { _ in random.nextGaussian() })
        let exact = objective(network, problem)
        let found = UpperBound.objective(of: network, in: problem)
        #expect(Float80(found) >= exact)
        #expect(Float80(found) <= exact * (1 + 1e-10))
      }
    }

    /// Huge neurons that cancel: predictions lose digits, the bound may not.
    @Test(arguments: [1e3, 1e6, 1e9, 1e12]) func upperBoundHoldsWhereNeuronsCancel(size: Double) throws {
      var random = SeededGenerator(seed: 2)
      for _ in 0..<100 {
        let problem = try problem(8, 3, scale: 1, &random)
        let u = (0..<3).map { _ in size * random.nextGaussian() }
        let w = u.map { $0 * (1 + 1e-14 * random.nextGaussian()) }
        let network = TwoLayerNetwork(hidden: Matrix([u, w, [1, 2, 3]]), output: [size, -size, 0.1])
        #expect(Float80(UpperBound.objective(of: network, in: problem)) >= objective(network, problem))
      }
    }

    @Test(arguments: [1e-12, 1e-6, 1, 1e6, 1e12]) func lowerBoundIsBelowAndClose(size: Double) throws {
      var random = SeededGenerator(seed: 3)
      for trial in 0..<200 {
        let problem = try problem(1 + trial % 40, 2, scale: 1, &random)
        let dual = problem.targets.map { y in size * (y + 0.3 * random.nextGaussian()) }
        let scale = random.nextUniform()
        var exact: Float80 = 0
        var magnitude: Float80 = 0
        for (v, y) in zip(dual, problem.targets) {
          let point = Float80(scale) * Float80(v)
          exact += point * Float80(y) - point * point / 2
          magnitude += abs(point * Float80(y)) + point * point / 2
        }
        let found = LowerBound.value(dual, scale: scale, in: problem)
        #expect(Float80(found) <= exact)
        #expect(exact - Float80(found) <= 1e-13 * magnitude)

        let best = LowerBound.best(dualPoint: dual, longest: scale, in: problem)
        #expect(best.scale >= 0 && best.scale <= scale)
        // The parabola's top over [0, longest].
        let slope = zip(dual, problem.targets).reduce(0) { $0 + $1.0 * $1.1 }
        let square = dual.reduce(0) { $0 + $1 * $1 }
        let top = min(scale, max(0, slope / square))
        let highest = top * slope - 0.5 * top * top * square
        #expect(best.value <= highest + 1e-12 * Double(magnitude))
        #expect(best.value >= highest - 1e-12 * (abs(highest) + Double(magnitude)))
      }
    }

    @Test func numbersThatAreNoneBoundNothing() throws {
      let problem = try TrainingProblem(design: Matrix([[1], [2]]), targets: [1, 1], beta: 1)
      #expect(LowerBound.value([.nan, 1], scale: 1, in: problem) == -.infinity)
      #expect(LowerBound.value([.infinity, 1], scale: 1, in: problem) == -.infinity)
    }

    /// Finite weights whose predictions are inf − inf: the objective is beyond all numbers, not nothing.
    @Test func overflowingNetworksHaveAnInfiniteObjective() throws {
      let problem = try TrainingProblem(design: Matrix([[1], [2]]), targets: [1, 1], beta: 1)
      let network = TwoLayerNetwork(hidden: Matrix([[1e200], [1e200]]), output: [1e200, -1e200])
      #expect(UpperBound.objective(of: network, in: problem) == .infinity)
      let verdict = Certifier(problem).certify(network, dualPoint: [0.1, 0.1], gap: 1e-3)
      #expect(verdict.certificate.lowerBound.isFinite)
      #expect(!verdict.certificate.isCertified(to: 1))
    }
  }
#endif

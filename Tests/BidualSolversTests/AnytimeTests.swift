import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Testing

@testable import BidualSolvers

/// A run that is cut short at any moment holds the best network that it could have had by then.
@Suite struct AnytimeTests {
  /// Smooth targets with noise over Gaussian inputs and a bias.
  private func problem(
    _ n: Int, _ d: Int, loss: any Loss = SquaredLoss(), ratio: Double = 0.05, seed: UInt64 = 1
  )
    throws -> TrainingProblem
  {
    var random = SeededGenerator(seed: seed)
    var design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    for i in 0..<n { design[i, d - 1] = 1 }
    let targets = (0..<n).map { i in
      let value = abs(design[i, 0]) - max(0, design[i, 1] + design[i, 0]) + 0.2 * random.nextGaussian()
      return loss.targetKind == .sign ? (value > 0 ? 1 : -1) : value
    }
    let problem = try TrainingProblem(design: design, targets: targets, loss: loss, beta: 1)
    return try problem.replacing(beta: ratio * problem.betaMax())
  }

  private func options(
    _ aim: WorkingSet.Aim, rounds: Int = 200, gap: Double = 1e-4, nodes: Int = .max
  ) -> WorkingSet.Options {
    var options = WorkingSet.Options()
    options.nodeLimit = nodes
    options.aim = aim
    options.gap = gap
    options.maximumIterations = rounds
    return options
  }

  /// Ten thousand samples of nine columns in the time of a few matrix products: neurons first.
  @Test func aShortLimitStillBringsNeurons() throws {
    let problem = try problem(10_000, 9)
    let zero = problem.objective(TwoLayerNetwork.zero(inputs: 9))
    for aim in [WorkingSet.Aim.proof, .localGap] {
      for milliseconds in [0, 300] {
        let clock = ContinuousClock.now
        let outcome = try WorkingSet(problem, options: options(aim)).train(
          stop: StopSignal(timeLimit: .milliseconds(milliseconds)))
        #expect(outcome.status == .timeLimit)
        #expect(outcome.network.neurons > 0 && outcome.certificate.objective < 0.9 * zero)
        // Far above the limit, since other tests share the processors; the benchmark `Anytime` measures it.
        #expect(ContinuousClock.now - clock < .seconds(60))
      }
    }
  }

  /// Cones of hundreds of dimensions: what the first projection brings is a neuron that keeps to its pattern.
  @Test(arguments: ["squared", "logistic"]) func givenPatternsCutShortBringNeurons(name: String) throws {
    let problem = try problem(900, 300, loss: #require(try LossRegistry.standard.loss(name)), ratio: 0.3)
    let patterns = try PatternCollection([GaussianGates(draws: 300)], data: problem.neuronRows, seed: 2)
    let zero = problem.objective(TwoLayerNetwork.zero(inputs: 300))
    // As `Training` calls it: threads of the library that wait for one another take many times as long on a busy machine.
    let outcome = try BLAS.singleThreaded {
      try PatternTraining(problem, patterns: patterns).train(stop: StopSignal(timeLimit: .zero))
    }
    #expect(outcome.status == .timeLimit)
    #expect(outcome.network.neurons > 0 && outcome.certificate.objective < zero)
    #expect(outcome.certificate.lowerBound <= outcome.certificate.objective)
    let restriction = try #require(PatternRestriction(patterns.packed, multipliers: []))
    let certifier = try Certifier(problem, restrictedTo: restriction)
    let standing = certifier.standing(of: outcome.network, under: outcome.certificate)
    #expect(standing?.keepsToPatterns == true)
  }

  /// Several outputs in many directions: what limits bring is a network of the problem as posed, of neurons and of filters, better than none.
  @Test func severalOutputsBeginWideWithinALimit() throws {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: 40, columns: 36, elements: (0..<1440).map { _ in random.nextGaussian() })
    let targets = (0..<80).map { max(0, design[$0 / 2, $0 % 2]) + 0.1 * random.nextGaussian() }
    let patches = try Patches(
      channels: 1, image: .init(height: 6, width: 6), filter: .init(height: 4, width: 4))
    let kinds: [any Architecture] = [TwoLayer(), ReLUConvolution(patches, averages: false)]
    for architecture in kinds {
      let problem = try TrainingProblem(
        design: design, targets: targets, outputs: 2, beta: 0.5, architecture: architecture)
      let zero = problem.objective(problem.constantNetwork())
      let outcome = try BLAS.singleThreaded {
        try VectorTraining(problem, options: options(.proof, gap: 1e-9, nodes: 100)).train(
          stop: StopSignal(timeLimit: .milliseconds(400)))
      }
      #expect(outcome.network.neurons > 0 && outcome.certificate.objective < zero)
      #expect(outcome.certificate.objective == Certifier(problem).objective(of: outcome.network))
      #expect(outcome.certificate.lowerBound <= outcome.certificate.objective)
    }
  }

  /// Whatever the round at which a run ends, the default is no worse than the same run without proofs.
  @Test(arguments: [(40, 4), (60, 8)]) func proofsCostNoObjective(n: Int, d: Int) throws {
    let problem = try problem(n, d)
    for rounds in 1...8 {
      let proven = try WorkingSet(problem, options: options(.proof, rounds: rounds, nodes: 2000)).train()
      let unproven = try WorkingSet(problem, options: options(.localGap, rounds: rounds)).train()
      #expect(
        proven.certificate.objective <= unproven.certificate.objective * (1 + 1e-9), "\(rounds) rounds")
    }
  }

  /// The network's own neurons are among the directions that the local gap is measured by.
  @Test(arguments: ["squared", "logistic", "hinge", "absolute"]) func localGapsAreNotNegative(name: String)
    throws
  {
    let problem = try problem(50, 5, loss: #require(try LossRegistry.standard.loss(name)), ratio: 0.1)
    let certifier = Certifier(problem)
    var seen: [TrainingProgress] = []
    let outcome = try WorkingSet(problem, options: options(.proof, gap: 1e-3)).train { seen.append($0) }
    #expect(seen.count >= 2 && seen.allSatisfy { ($0.localGap ?? 0) >= 0 && ($0.localGap ?? 0).isFinite })
    #expect(outcome.status == .solved)
    #expect(certifier.objective(of: outcome.network) == outcome.certificate.objective)
  }
}

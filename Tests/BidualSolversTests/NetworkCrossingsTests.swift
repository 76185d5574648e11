import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// Restarts of three layers by crossings with random networks.
@Suite struct NetworkCrossingsTests {
  /// Columns of unlike sizes and a rule that no plane follows, as in tables of patients: a temperature and signs.
  private func patients(_ loss: any Loss, hasOffset: Bool = false, beta: Double = 0.02) throws
    -> TrainingProblem
  {
    var random = SeededGenerator(seed: 5)
    var (rows, targets): ([[Double]], [Double]) = ([], [])
    for _ in 0..<40 {
      let temperature = 38 + 1.5 * random.nextGaussian()
      let signs = (0..<3).map { _ in Bool.random(using: &random) ? 1.0 : 0 }
      rows.append([temperature] + signs + (hasOffset ? [] : [1]))
      let isIll = (temperature > 38.5) != (signs[0] + signs[1] > 1)
      targets.append(loss is SquaredLoss || isIll ? (isIll ? 1 : 0) : -1)
    }
    return try TrainingProblem(
      design: Matrix(rows), targets: targets, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: ThreeLayer(width: 3))
  }

  /// Where restarts from the network without neurons end.
  private func restarted(
    _ problem: TrainingProblem, seed: UInt64, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> JointDescent.Network {
    let crossings = NetworkCrossings(
      problem, reduced: problem.reduced, atoms: try #require(problem.atoms as? SubnetworkAtoms),
      isCancelled: isCancelled)
    let start = JointDescent.Network(withoutNeuronsIn: problem.reduced)
    return BLAS.singleThreaded { crossings.network(from: start, seed: seed) }
  }

  /// What counts is the objective of the network on the data as they are.
  @Test(arguments: [
    (SquaredLoss() as any Loss, false), (LogisticLoss(), true), (HingeLoss(), false), (AbsoluteLoss(), true),
  ])
  private func networksAreNoWorseAndWhatTheySay(loss: any Loss, hasOffset: Bool) throws {
    let problem = try patients(loss, hasOffset: hasOffset)
    let atoms = try #require(problem.atoms as? SubnetworkAtoms)
    let start = JointDescent.Network(withoutNeuronsIn: problem.reduced)
    let reached = try restarted(problem, seed: 1)
    #expect(reached.objective <= start.objective)
    let network = atoms.network(of: reached.neurons, offset: hasOffset ? reached.offset : nil)
    #expect(abs(problem.objective(network) - reached.objective) <= 1e-9 * reached.objective)
    guard loss.hasSlope else { return }
    #expect(reached.objective < 0.9 * start.objective)
  }

  /// They end far below short runs of descent.
  @Test func randomNetworksAreHigher() throws {
    let problem = try patients(SquaredLoss())
    let reached = try restarted(problem, seed: 0)
    for seed in 0..<10 {
      var options = GradientTraining.Options()
      (options.width, options.maximumEpochs, options.seed) = (8, 100, UInt64(seed))
      let random = try GradientTraining(problem, options: options).descend()
      #expect(reached.objective < 0.6 * random.objective, "\(reached.objective), \(random.objective)")
    }
  }

  /// Where β is so large that random networks end without neurons there are no pieces.
  @Test func networksWithoutNeuronsHaveNoPatterns() throws {
    let problem = try patients(SquaredLoss(), beta: 1e9)
    let start = JointDescent.Network(withoutNeuronsIn: problem.reduced)
    let reached = try restarted(problem, seed: 1)
    #expect(reached.neurons.isEmpty && reached.objective == start.objective)
  }

  /// One that is told to stop has met nothing.
  @Test func cancelledOnesStay() throws {
    let problem = try patients(SquaredLoss())
    let start = JointDescent.Network(withoutNeuronsIn: problem.reduced)
    let reached = try restarted(problem, seed: 1, isCancelled: { true })
    #expect(reached.neurons.isEmpty && reached.objective == start.objective)
  }
}

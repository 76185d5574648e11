import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// The program over the patterns of a network's own neurons.
@Suite struct OwnPatternsTests {
  /// As many dimensions as samples, nearly, and random signs.
  private func problem(_ loss: any Loss, hasOffset: Bool = false, beta: Double = 0.01) throws
    -> TrainingProblem
  {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(
      rows: 30, columns: 26, elements: (0..<(30 * 26)).map { _ in random.nextGaussian() })
    let targets = (0..<30).map { _ in Bool.random(using: &random) ? 1.0 : -1 }
    return try TrainingProblem(
      design: design, targets: targets, loss: loss, beta: beta, hasOffset: hasOffset)
  }

  private func start(_ problem: TrainingProblem, neurons: Int = 20) throws -> JointDescent.Network {
    var random = SeededGenerator(seed: 4)
    let atoms = try #require(problem.atoms as? ReLUAtoms)
    let parts = (0..<neurons).map { j in
      Part(sign: j % 2 == 0 ? 1 : -1, vector: (0..<26).map { _ in 0.1 * random.nextGaussian() })
    }
    return JointDescent.Network(parts, offset: 0, dualPoint: [], in: problem.reduced, atoms: atoms)
  }

  private func program(_ problem: TrainingProblem) throws -> OwnPatterns {
    let atoms = try #require(problem.atoms as? ReLUAtoms)
    return OwnPatterns(problem, reduced: problem.reduced, atoms: atoms, threads: 1)
  }

  /// What counts is the objective of the network on the data as they are.
  @Test(arguments: [
    (SquaredLoss() as any Loss, false), (LogisticLoss(), true), (HingeLoss(), false), (AbsoluteLoss(), true),
  ])
  private func networksAreLowerAndWhatTheySay(loss: any Loss, hasOffset: Bool) throws {
    let problem = try problem(loss, hasOffset: hasOffset)
    let atoms = try #require(problem.atoms as? ReLUAtoms)
    let start = try start(problem)
    let reached = try program(problem).network(from: start, stop: StopSignal())
    #expect(reached.objective < 0.5 * start.objective)
    let network = atoms.network(of: reached.neurons, offset: hasOffset ? reached.offset : nil)
    #expect(abs(problem.objective(network) - reached.objective) <= 1e-9 * reached.objective)
  }

  /// Few dimensions are left to the program over chambers, and networks that are too wide to descent.
  @Test func largeProgramsAreNotAffordable() throws {
    let program = try program(problem(HingeLoss()))
    let part = Part(sign: 1, vector: Array(repeating: 1, count: 26))
    #expect(program.isAffordable([part]))
    #expect(!program.isAffordable(Array(repeating: part, count: 20_000)))
    let plane = try TrainingProblem(
      design: Matrix([[1.0, 2], [2, 1], [-1, 1]]), targets: [1, -1, 1], loss: HingeLoss(), beta: 0.1)
    #expect(try !self.program(plane).isAffordable([Part(sign: 1, vector: [1, 0])]))
  }

  /// Where descent alone creeps, some tens of rounds bring the local gap to a few per cent.
  @Test func trainingGetsOn() throws {
    var options = WorkingSet.Options()
    (options.aim, options.gap, options.maximumIterations) = (.localGap, 1e-3, 25)
    let outcome = try WorkingSet(problem(HingeLoss()), options: options).train()
    #expect(outcome.localGap ?? 1 < 0.05, "\(outcome.localGap ?? 1)")
  }
}

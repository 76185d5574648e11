import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// Steps of linear models of pooled neurons.
@Suite struct GaussNewtonTests {
  private static let losses: [any Loss] = [
    HingeLoss(), SquaredLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  private static func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  /// Images of 6×6 pixels, brighter or darker as a whole, whose classes no plane separates.
  private func problem(
    _ loss: any Loss = HingeLoss(), beta: Double, averages: Bool = false, hasOffset: Bool = false
  ) throws -> TrainingProblem {
    var images = Self.gaussian(24, 36, seed: 1)
    for i in 0..<24 {
      let light = 4 * images[i, 0]
      for k in 0..<36 { images[i, k] += light }
    }
    let extent = Patches.Extent(height: 3, width: 3)
    return try TrainingProblem(
      design: images, targets: Self.gaussian(24, 1, seed: 2).elements.map { $0 > 0 ? 1.0 : -1 }, loss: loss,
      beta: beta, hasOffset: hasOffset,
      architecture: ReLUConvolution(
        try Patches(channels: 1, image: .init(height: 6, width: 6), filter: extent, stride: extent),
        averages: averages))
  }

  /// No other dual point gives less, whatever the loss.
  @Test(arguments: losses.indices) func proximalResponsesAreMinima(loss: Int) throws {
    let problem = try problem(Self.losses[loss], beta: 1)
    let factor = Self.gaussian(24, 10, seed: 3)
    let kernel = factor.timesTransposed(factor)
    let base = Self.gaussian(24, 1, seed: 4).elements
    func objective(_ dualPoint: [Double]) -> Double {
      let moved = kernel.times(dualPoint)
      return problem.lossValue(zip(base, moved).map(+)) + 0.5 * dot(dualPoint, moved)
    }
    let found = ProximalResponse(problem, kernel: kernel, base: base)
      .minimiser(from: problem.constantDualPoint, centre: base, accuracy: 1e-9)
    let least = objective(found)
    #expect(least < objective(Array(repeating: 0, count: 24)))
    for seed in 5..<60 {
      let away = Self.gaussian(24, 1, seed: UInt64(seed)).elements
      for length in [1e-4, 1e-2, 0.3] {
        #expect(objective(zip(found, away).map { $0 + length * $1 }) >= least * (1 - 1e-6))
      }
    }
  }

  /// A short step from a network of the parts gains what the model says.
  private func expectRightModel(
    of parts: [Part], in problem: TrainingProblem, _ atoms: any LinearizableAtoms
  ) throws {
    var network = JointDescent.Network(
      parts, offset: problem.hasOffset ? 0.1 : 0, dualPoint: problem.constantDualPoint, in: problem,
      atoms: atoms)
    network.dualPoint = problem.dualPoint(network.predictions)
    let model = try #require(
      LinearModel(of: network, in: problem, atoms: atoms, rows: PrincipalRows(problem.neuronRows)))
    let step = model.step(ridge: 1e4 * model.naturalRidge, from: network.dualPoint, accuracy: 1e-12)
    let reached = JointDescent.Network(
      step.parts, offset: step.offset, dualPoint: step.dualPoint, in: problem, atoms: atoms)
    let (gain, expected) = (network.objective - reached.objective, network.objective - step.objective)
    #expect(expected > 0 && abs(gain - expected) <= 0.1 * expected)
  }

  /// Short steps do what the model says.
  @Test(arguments: [false, true], [false, true]) func modelsAreRightNearby(averages: Bool, hasOffset: Bool)
    throws
  {
    let problem = try problem(beta: 0.01, averages: averages, hasOffset: hasOffset).reduced
    let atoms = try #require(problem.atoms as? ConvolutionAtoms)
    let parts = (0..<6).map { j in
      Part(sign: j % 2 == 0 ? 1 : -1, vector: Array(Self.gaussian(6, 9, seed: 6).row(j)).map { 0.01 * $0 })
    }
    try expectRightModel(of: parts, in: problem, atoms)
  }

  /// Of sub-networks too, whose units that are zero stay so.
  @Test(arguments: [false, true]) func modelsOfSubnetworksAreRightNearby(hasOffset: Bool) throws {
    let problem = try TrainingProblem(
      design: Self.gaussian(20, 4, seed: 1), targets: Self.gaussian(20, 1, seed: 2).elements, beta: 0.01,
      hasOffset: hasOffset, architecture: ThreeLayer(width: 3)
    ).reduced
    let atoms = try #require(problem.atoms as? SubnetworkAtoms)
    let parts = (0..<6).map { j in
      var vector = Array(Self.gaussian(6, 12, seed: 3).row(j)).map { 0.3 * $0 }
      if j == 2 { for k in 4..<8 { vector[k] = 0 } }
      return Part(sign: j % 2 == 0 ? 1 : -1, vector: vector, family: 1 + j % 2)
    }
    try expectRightModel(of: parts, in: problem, atoms)
    #expect(atoms.balancedWeights(of: parts) == 17 * 5)
  }

  /// No network of the program over clustered and random patterns of patches, nor of a gradient method, is better, however small β is.
  @Test(arguments: [1e-4, 1e-2, 1], [false, true]) func noProgramOverPatternsIsBetter(
    beta: Double, averages: Bool
  ) throws {
    let problem = try problem(beta: averages ? 6 * beta : 24 * beta, averages: averages, hasOffset: averages)
    var options = WorkingSet.Options()
    (options.aim, options.gap, options.maximumIterations) = (.localGap, 1e-3, 6)
    let trained = try BLAS.singleThreaded { try WorkingSet(problem, options: options).train() }
    let reached = trained.certificate.objective
    let patterns = try PatternChoice.collection(
      [.source(ClusterGates(clusters: 12, bisects: false)), .source(GaussianGates(draws: 60))], for: problem,
      seed: 0)
    let program = try BLAS.singleThreaded { try PatternTraining(problem, patterns: patterns).train() }
    #expect(reached <= program.certificate.objective * (1 + 1e-3))
    var descent = GradientTraining.Options()
    (descent.rule, descent.width, descent.maximumEpochs) = (.adam(), 20, 500)
    #expect(try reached <= GradientTraining(problem, options: descent).descend().objective * (1 + 1e-3))
  }

  /// Lengths found anew are no worse; at their dual point no neuron pays, and one that pays there joins to some effect, however
  /// small β is.
  @Test(arguments: [1e-4, 1e-2], [false, true]) func lassosOfNeuronsLeadOn(beta: Double, hasOffset: Bool)
    throws
  {
    let problem = try problem(beta: 24 * beta, hasOffset: hasOffset).reduced
    let atoms = try #require(problem.atoms as? ConvolutionAtoms)
    let found = atoms.neuronSearch(problem, posed: problem, options: .init(), isCancelled: { false })
    let search = try #require(found)
    let lasso = try #require(search.lasso)
    let parts = (0..<8).map { j in
      Part(sign: j % 2 == 0 ? 1 : -1, vector: Array(Self.gaussian(8, 9, seed: 8).row(j)).map { 0.01 * $0 })
    }
    let start = JointDescent.Network(
      parts, offset: 0, dualPoint: problem.constantDualPoint, in: problem, atoms: atoms)
    let weighed = lasso.weighed(start)
    #expect(weighed.objective <= start.objective)
    #expect(atoms.largestValue(of: parts, at: weighed.dualPoint) <= problem.beta * (1 + 1e-2))
    var starts = StartingPoints(rank: 9, seed: 0)
    let directions = search.pricing.someDirections(
      at: weighed.dualPoint, around: weighed.neurons, from: &starts)
    #expect(directions.first?.value ?? 0 > problem.beta)
    let joined = lasso.network(weighed, joinedBy: directions, from: &starts)
    #expect(joined.objective < 0.99 * weighed.objective)
  }

  /// Without neurons, and where none pays, a network stays as it is.
  @Test func lassosWithoutNeuronsAreConstants() throws {
    let problem = try problem(beta: 1e6).reduced
    let atoms = try #require(problem.atoms as? ConvolutionAtoms)
    let search = atoms.neuronSearch(problem, posed: problem, options: .init(), isCancelled: { false })
    let lasso = try #require(search?.lasso)
    let none = JointDescent.Network(withoutNeuronsIn: problem)
    var starts = StartingPoints(rank: 9, seed: 0)
    let joined = lasso.network(none, joinedBy: [], from: &starts)
    #expect(joined.neurons.isEmpty && joined.objective == none.objective)
  }

  /// Networks that are none, and rows without variance, are left as they are.
  @Test func nothingIsLostWhereNothingIsGained() throws {
    let patches = try Patches(
      channels: 1, image: .init(height: 1, width: 8), filter: .init(height: 1, width: 8),
      stride: .init(height: 1, width: 8), padding: .init(height: 0, width: 7))
    let problem = try TrainingProblem(
      design: Matrix(rows: 3, columns: 8), targets: [1, -1, 1], loss: HingeLoss(), beta: 0.1,
      architecture: ReLUConvolution(patches)
    ).reduced
    let atoms = try #require(problem.atoms as? ConvolutionAtoms)
    let none = JointDescent.Network(withoutNeuronsIn: problem)
    let descent = GaussNewtonDescent(problem, atoms: atoms, isCancelled: { false })
    #expect(descent.descend(none).objective == none.objective)
    #expect(FirstNeurons.network(problem, atoms: atoms, seed: 0, stop: StopSignal()) == nil)
  }
}

import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Foundation
import Testing

@testable import BidualSolvers

/// Convolutional networks on given activation patterns of the patches.
@Suite struct PatchPatternTests {
  private static func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  private func signals(_ length: Int, filter: Int, stride: Int = 1) throws -> Patches {
    try Patches(
      channels: 1, image: .init(height: 1, width: length), filter: .init(height: 1, width: filter),
      stride: .init(height: 1, width: stride))
  }

  private func trained(
    _ problem: TrainingProblem, _ sources: [any PatternSource], gap: Double = 1e-7, seed: UInt64 = 0
  ) throws -> TrainingOutcome {
    var options = GivenPatterns.Options()
    options.gap = gap
    let patterns = try PatternChoice.collection(sources.map { .source($0) }, for: problem, seed: seed)
    return try BLAS.singleThreaded {
      try PatternTraining(problem, patterns: patterns, options: options).train()
    }
  }

  /// The training objective from the signals, by loops over samples, filters, places and pixels.
  private func naiveObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
    let network = try #require(network as? ConvolutionalNetwork)
    let (patches, filters) = (network.patches, network.filters)
    var sum = 0.0
    for i in 0..<problem.design.rows {
      var prediction = 0.0
      for j in 0..<network.neurons {
        for place in 0..<patches.count {
          let height = (0..<patches.size).reduce(0.0) {
            $0 + filters.hidden[j, $1] * problem.design[i, place * patches.stride.width + $1]
          }
          prediction += filters.output[j] * max(height, 0)
        }
      }
      if network.averages { prediction /= Double(patches.count) }
      sum +=
        problem.weights[i]
        * problem.loss.value(prediction + (network.offset ?? 0), target: problem.targets[i])
    }
    return sum + 0.5 * problem.beta
      * (dot(filters.hidden.elements, filters.hidden.elements) + dot(filters.output, filters.output))
  }

  /// A gate in each chamber of the patches' hyperplanes.
  private func chambers(_ problem: TrainingProblem) throws -> GivenGates {
    let tree = try Arrangement(problem.neuronRows).chambers(limit: 10_000)
    return GivenGates(rows: Matrix((0..<tree.count).map(tree.interiorPoint)))
  }

  /// On the patterns of all chambers the optimum is that of all networks; on some it is no less.
  @Test(arguments: [false, true]) func allChambersHaveTheOptimum(averages: Bool) throws {
    let patches = try signals(5, filter: 2)
    let problem = try TrainingProblem(
      design: Self.gaussian(9, 5, seed: 1), targets: Self.gaussian(9, 1, seed: 2).elements,
      beta: averages ? 0.1 : 0.4, architecture: ReLUConvolution(patches, averages: averages))
    var options = WorkingSet.Options()
    options.gap = 1e-7
    let best = try ExactTraining(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(60)))
    #expect(best.status == .solved && best.network.neurons > 0)
    let all = try trained(problem, [chambers(problem)])
    #expect(all.status == .solved && all.certificate.scope == .restricted)
    #expect(abs(all.certificate.objective - best.certificate.objective) <= 1e-6 * best.certificate.objective)
    let some = try trained(problem, [GaussianGates(draws: 6)])
    #expect(some.certificate.objective >= best.certificate.lowerBound)
    for outcome in [all, some] {
      let naive = try naiveObjective(outcome.network, problem)
      #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    }
  }

  /// Signals of the same patch twice are samples of that patch: their sum is training at β/2 of two layers with twice the design,
  /// their mean training of two layers.
  @Test(arguments: [false, true]) func repeatedPatchesAreTwoLayerTraining(averages: Bool) throws {
    let half = Self.gaussian(20, 3, seed: 3)
    let targets = Self.gaussian(20, 1, seed: 4).elements
    let design = Matrix((0..<20).map { Array(half.row($0)) + Array(half.row($0)) })
    let gates = GivenGates(rows: Self.gaussian(15, 3, seed: 5))
    for loss in [SquaredLoss(), HingeLoss()] as [any Loss] {
      let signs = targets.map { $0 > 0 ? 1.0 : -1 }
      let posed = loss.targetKind == .sign ? signs : targets
      let whole = try TrainingProblem(
        design: design, targets: posed, loss: loss, beta: 0.6, hasOffset: true,
        architecture: ReLUConvolution(signals(6, filter: 3, stride: 3), averages: averages))
      let plain = try TrainingProblem(
        design: half, targets: posed, loss: loss, beta: averages ? 0.6 : 0.3, hasOffset: true)
      let (pooled, single) = (try trained(whole, [gates]), try trained(plain, [gates]))
      #expect(pooled.status == .solved && single.status == .solved)
      #expect(
        abs(pooled.certificate.objective - single.certificate.objective)
          <= 1e-6 * single.certificate.objective)
    }
  }

  private static let losses: [any Loss] = [
    SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  /// Every kind of loss, on signals with constant parts, repeats, multiples and zeros; the proof is found again from the file's numbers.
  @Test(arguments: losses.indices) func degenerateSignalsAreProven(loss: Int) throws {
    var design = Self.gaussian(14, 6, seed: 6)
    for place in 0..<6 {
      design[0, place] = 0
      design[1, place] = 1
      design[2, place] = design[3, place]
      design[4, place] = -2 * design[3, place]
      if place < 4 { design[5, place] = 0.5 }
    }
    let targets = Self.gaussian(14, 1, seed: 7).elements.map { $0 > 0 ? 1.0 : -1 }
    let problem = try TrainingProblem(
      design: design, targets: targets, loss: Self.losses[loss], beta: 0.3, hasOffset: true,
      architecture: ReLUConvolution(signals(6, filter: 3), averages: loss % 2 == 1))
    let outcome = try trained(
      problem, [GaussianGates(draws: 12), ClusterGates(clusters: 4, bisects: false), ComplementGates()],
      gap: 1e-5)
    let certificate = outcome.certificate
    #expect(outcome.status == .solved && certificate.scope == .restricted, "\(certificate.relativeGap)")
    let naive = try naiveObjective(outcome.network, problem)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    let restriction = try #require(certificate.restriction)
    #expect(restriction.patterns.samples == 14 * 4)
    let certifier = try Certifier(problem, restrictedTo: restriction)
    try certifier.verify(certificate, of: outcome.network)
    #expect(certifier.standing(of: outcome.network, under: certificate)?.keepsToPatterns == true)
    // Patterns of images are not patterns of patches.
    let images = try #require(
      PatternRestriction(PatternSet(rows: [Array(repeating: true, count: 14)], samples: 14), multipliers: []))
    #expect(throws: VerificationFailure.self) { try Certifier(problem, restrictedTo: images) }
  }

  /// No filter in a pattern's cone gains more than the bound says, whatever multipliers it is given.
  @Test(arguments: [false, true]) func boundsHoldOverTheCones(averages: Bool) throws {
    let patches = try signals(5, filter: 2)
    let problem = try TrainingProblem(
      design: Self.gaussian(6, 5, seed: 8), targets: Self.gaussian(6, 1, seed: 9).elements, beta: 1,
      architecture: ReLUConvolution(patches, averages: averages))
    let atoms = try #require(problem.atoms as? ConvolutionAtoms)
    let rows = problem.neuronRows
    var random = SeededGenerator(seed: 10)
    let collection = try PatternCollection([GaussianGates(draws: 8)], data: rows, seed: 11)
    for trial in 0..<20 {
      let weights = (0..<6).map { _ in random.nextGaussian() }
      let multipliers = (0..<collection.count).flatMap { pattern in
        [false, true].map { isNegative in
          ConeMultipliers(
            pattern: pattern, isNegative: isNegative, rows: Array(0..<rows.rows),
            values: (0..<rows.rows).map { _ in trial == 0 ? 0 : 0.2 * abs(random.nextGaussian()) })
        }
      }
      let restriction = try #require(PatternRestriction(collection.packed, multipliers: multipliers))
      let upper = atoms.oracle(restrictedTo: restriction, threads: 1)
        .bound(weights, goal: .maximize(relativeTolerance: 0, floor: 0)).upper
      var largest = 0.0
      for step in 0..<2000 {
        let angle = 2 * Double.pi * Double(step) / 2000
        let heights = rows.times([cos(angle), sin(angle)])
        guard collection.patterns.contains(ActivationPattern(preActivations: heights)) else { continue }
        let entries = (0..<6).map { i in
          heights[(4 * i)..<(4 * i + 4)].reduce(0) { $0 + max($1, 0) } / (averages ? 4 : 1)
        }
        largest = max(largest, abs(dot(weights, entries)))
      }
      #expect(largest > 0 && largest <= upper)
    }
  }

  /// The same with several outputs, whose weights after the filter are any unit vector.
  @Test(arguments: [false, true], [2, 3]) func boundsOfSeveralOutputsHoldOverTheCones(
    averages: Bool, outputs: Int
  )
    throws
  {
    let problem = try TrainingProblem(
      design: Self.gaussian(6, 5, seed: 14), targets: Self.gaussian(6, outputs, seed: 15).elements,
      outputs: outputs, beta: 1,
      architecture: ReLUConvolution(try signals(5, filter: 2), averages: averages))
    let atoms = try #require(problem.atoms as? VectorReLUAtoms)
    let rows = problem.neuronRows
    let collection = try PatternCollection([GaussianGates(draws: 8)], data: rows, seed: 16)
    let restriction = try #require(PatternRestriction(collection.packed, multipliers: []))
    let oracle = atoms.oracle(restrictedTo: restriction, threads: 1)
    let whole = atoms.oracle(threads: 1)
    var random = SeededGenerator(seed: 17)
    for _ in 0..<10 {
      let weights = (0..<(6 * outputs)).map { _ in random.nextGaussian() }
      let goal = PolarGoal.maximize(relativeTolerance: 1e-6, floor: 0)
      let upper = oracle.bound(weights, goal: goal).upper
      var (inside, everywhere) = (0.0, 0.0)
      for step in 0..<2000 {
        let angle = 2 * Double.pi * Double(step) / 2000
        let heights = rows.times([cos(angle), sin(angle)])
        let entries = (0..<6).map { i in
          heights[(4 * i)..<(4 * i + 4)].reduce(0) { $0 + max($1, 0) } / (averages ? 4 : 1)
        }
        let value = norm(Matrix(rows: 6, columns: outputs, elements: weights).transposedTimes(entries))
        everywhere = max(everywhere, value)
        guard collection.patterns.contains(ActivationPattern(preActivations: heights)) else { continue }
        inside = max(inside, value)
      }
      // Cones of two dimensions have two facets, over which the bound is exact.
      #expect(inside > 0 && inside <= upper && upper <= inside * 1.01)
      #expect(whole.bound(weights, goal: goal).upper >= everywhere)
    }
  }

  /// Patterns of networks before and after training, and given ones, are of the patches.
  @Test func trainedAndInitialPatternsAreOfPatches() throws {
    let problem = try TrainingProblem(
      design: Self.gaussian(10, 5, seed: 12), targets: Self.gaussian(10, 1, seed: 13).elements, beta: 0.2,
      architecture: ReLUConvolution(signals(5, filter: 3)))
    let collection = try PatternChoice.collection(
      [.initial(neurons: 4), .trained(neurons: 4), .source(ClusterGates(clusters: 3, bisects: false))],
      for: problem, seed: 1)
    #expect(collection.data == problem.neuronRows)
    #expect(collection.count > 4 && collection.patterns.allSatisfy { $0.count == 30 })
    let outcome = try PatternTraining(problem, patterns: collection).train()
    #expect(outcome.status == .solved)
  }
}

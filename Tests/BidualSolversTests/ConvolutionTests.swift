import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Foundation
import Testing

@testable import BidualSolvers

/// The reference case of a convolution with sum pooling, its patches as images of which filters see one part after another.
private struct ConvolutionGoldenCase: Decodable, Sendable {
  let beta: Double
  let patches: [[[Double]]]
  let Y: [Double]
  let optimum: Double

  static let only: ConvolutionGoldenCase = {
    let url = Bundle.module.resourceURL!.appendingPathComponent("Golden/relu_conv_average_pool.json")
    return try! JSONDecoder().decode(ConvolutionGoldenCase.self, from: Data(contentsOf: url))
  }()

  var design: Matrix { Matrix(Y.indices.map { i in patches.flatMap { $0[i] } }) }

  func convolution(averages: Bool = false) throws -> ReLUConvolution {
    let size = patches[0][0].count
    return ReLUConvolution(
      try Patches(
        channels: 1, image: .init(height: 1, width: patches.count * size),
        filter: .init(height: 1, width: size),
        stride: .init(height: 1, width: size)), averages: averages)
  }

  func problem(beta: Double? = nil, averages: Bool = false) throws -> TrainingProblem {
    try TrainingProblem(
      design: design, targets: Y, beta: beta ?? self.beta, architecture: convolution(averages: averages))
  }
}

private func signals(_ length: Int, filter: Int, stride: Int = 1, padding: Int = 0, hasBias: Bool = false)
  throws -> Patches
{
  try Patches(
    channels: 1, image: .init(height: 1, width: length), filter: .init(height: 1, width: filter),
    stride: .init(height: 1, width: stride), padding: .init(height: 0, width: padding), hasBias: hasBias)
}

private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var random = SeededGenerator(seed: seed)
  return Matrix(
    rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
}

/// The training objective by loops over samples, filters, places and pixels.
private func naiveConvolutionObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
  let network = try #require(network as? ConvolutionalNetwork)
  let patches = network.patches
  let filters = network.filters
  var sum = 0.0
  for i in 0..<problem.design.rows {
    var prediction = 0.0
    for j in 0..<network.neurons {
      var responses = 0.0
      for down in 0..<patches.places.height {
        for across in 0..<patches.places.width {
          var height = 0.0
          for c in 0..<patches.channels {
            for y in 0..<patches.filter.height {
              for x in 0..<patches.filter.width {
                let row = down * patches.stride.height - patches.padding.height + y
                let column = across * patches.stride.width - patches.padding.width + x
                guard (0..<patches.image.height).contains(row), (0..<patches.image.width).contains(column)
                else { continue }
                height +=
                  filters.hidden[j, (c * patches.filter.height + y) * patches.filter.width + x]
                  * problem.design[i, (c * patches.image.height + row) * patches.image.width + column]
              }
            }
          }
          if patches.hasBias {
            height += filters.hidden[j, patches.size - 1] * problem.design[i, patches.inputs - 1]
          }
          responses += max(height, 0)
        }
      }
      prediction += filters.output[j] * responses
    }
    if network.averages { prediction /= Double(patches.count) }
    prediction += network.offset ?? 0
    sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
  }
  return sum + 0.5 * problem.beta
    * (dot(filters.hidden.elements, filters.hidden.elements) + dot(filters.output, filters.output))
}

private func trained(_ problem: TrainingProblem, gap: Double) throws -> TrainingOutcome {
  var options = WorkingSet.Options()
  options.gap = gap
  return try ExactTraining(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(60)))
}

@Suite struct ConvolutionTests {
  /// The reference optimum; the mean over K patches at β/K is the same problem.
  @Test(arguments: [false, true]) func referenceOptimumIsCertified(averages: Bool) throws {
    let golden = ConvolutionGoldenCase.only
    let beta = averages ? golden.beta / Double(golden.patches.count) : golden.beta
    let problem = try golden.problem(beta: beta, averages: averages)
    let outcome = try trained(problem, gap: 1e-7)
    let certificate = outcome.certificate
    #expect(outcome.status == .solved && certificate.scope == .global)
    #expect(abs(certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-8))
    let naive = try naiveConvolutionObjective(outcome.network, problem)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }

  /// A stride may leave a filter with one place, which then sees a part of the image only.
  @Test(arguments: [nil, 2]) func oneNarrowPlaceIsTrainedByGradients(batchSize: Int?) throws {
    let patches = try Patches(
      channels: 1, image: .init(height: 1, width: 3), filter: .init(height: 1, width: 2),
      stride: .init(height: 1, width: 2))
    let problem = try TrainingProblem(
      design: Matrix([[1, 2, 50], [-1, 0.5, 60], [0.3, -2, 70], [2, 1, -80]]), targets: [1, -1, 0.5, 2],
      beta: 0.01, architecture: ReLUConvolution(patches))
    var options = GradientTraining.Options()
    options.width = 12
    options.rule = .adam()
    options.batchSize = batchSize
    options.maximumEpochs = 100
    let reached = try GradientTraining(problem, options: options).descend()
    let naive = try naiveConvolutionObjective(reached.network, problem)
    #expect(abs(naive - reached.objective) <= 1e-9 * naive)
  }

  /// Gradient descent from many starts never comes below the bound, and to the optimum from some.
  @Test func descentStaysAboveTheBound() throws {
    let golden = ConvolutionGoldenCase.only
    let problem = try golden.problem()
    let lower = try trained(problem, gap: 1e-7).certificate.lowerBound
    var best = Double.infinity
    for seed in 0..<12 {
      var options = GradientTraining.Options()
      options.width = 8
      options.seed = UInt64(seed)
      options.maximumEpochs = 4000
      options.learningRate = 0.02
      options.schedule = .cosine
      let reached = try GradientTraining(problem, options: options).descend()
      let naive = try naiveConvolutionObjective(reached.network, problem)
      #expect(naive >= lower)
      #expect(abs(naive - reached.objective) <= 1e-9 * naive)
      best = min(best, naive)
    }
    #expect(best <= golden.optimum * (1 + 1e-4))
  }

  /// A filter as large as the image is a neuron.
  @Test(arguments: [false, true]) func wholeImagesAreTwoLayerTraining(hasOffset: Bool) throws {
    let design = gaussian(20, 3, seed: 1)
    let targets = gaussian(20, 1, seed: 2).elements
    func optimum(_ architecture: any Architecture) throws -> Certificate {
      let problem = try TrainingProblem(
        design: design, targets: targets, beta: 0.3, hasOffset: hasOffset, architecture: architecture)
      return try trained(problem, gap: 1e-7).certificate
    }
    let whole = try optimum(ReLUConvolution(signals(3, filter: 3), averages: true))
    let plain = try optimum(TwoLayer())
    #expect(whole.isCertified(to: 1e-7) && plain.isCertified(to: 1e-7))
    #expect(abs(whole.objective - plain.objective) <= 2e-7 * plain.objective)
  }

  private static let losses: [any Loss] = [
    SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  /// Every kind of loss, channels, strides, padding and biases, on images with constant parts, repeats and zeros.
  @Test(arguments: losses.indices) func degenerateImagesAreCertified(loss: Int) throws {
    var images = gaussian(14, 18, seed: 3)
    for place in 0..<18 {
      images[0, place] = 0
      images[1, place] = 1
      images[2, place] = images[3, place]
      images[4, place] = -2 * images[3, place]
      if place % 9 < 5 { images[5, place] = 0.5 }
    }
    let targets = gaussian(14, 1, seed: 4).elements.map { $0 > 0 ? 1.0 : -1 }
    let patches = try Patches(
      channels: 2, image: .init(height: 3, width: 3), filter: .init(height: 2, width: 1),
      stride: .init(height: 2, width: 1), padding: .init(height: 1, width: 0), hasBias: false)
    let problem = try TrainingProblem(
      design: images, targets: targets, loss: Self.losses[loss], beta: 0.4, hasOffset: true,
      architecture: ReLUConvolution(patches, averages: loss % 2 == 1))
    let outcome = try trained(problem, gap: 1e-4)
    #expect(outcome.certificate.isCertified(to: 1e-4), "\(outcome.status)")
    let naive = try naiveConvolutionObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// Where images have many patches, chambers come first.
  @Test(arguments: [WorkingSet.Aim.proof, .localGap]) func manyPatchesAreTrained(aim: WorkingSet.Aim) throws {
    let patches = try signals(20, filter: 2)
    let problem = try TrainingProblem(
      design: gaussian(30, 20, seed: 16), targets: gaussian(30, 1, seed: 17).elements, beta: 3,
      hasOffset: true, architecture: ReLUConvolution(patches))
    var options = WorkingSet.Options()
    options.gap = 1e-3
    options.aim = aim
    let outcome = try WorkingSet(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(60)))
    #expect(outcome.network.neurons > 0)
    #expect(outcome.status == (aim == .proof ? .solved : .localGapReached))
    let naive = try naiveConvolutionObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// The bias is a number of each patch.
  @Test func biasesJoinEveryPatch() throws {
    let design = Matrix([[1, 2, 3, 1], [-1, 0.5, 2, 1]])
    let patches = try signals(3, filter: 2, hasBias: true)
    #expect(
      patches.rows(of: design, images: 0..<2)
        == Matrix([[1, 2, 1], [2, 3, 1], [-1, 0.5, 1], [0.5, 2, 1]]))
    let images = gaussian(15, 5, seed: 5)
    let biased = Matrix((0..<15).map { Array(images.row($0)) + [1] })
    let problem = try TrainingProblem(
      design: biased, targets: gaussian(15, 1, seed: 6).elements, beta: 0.2,
      architecture: ReLUConvolution(try signals(5, filter: 2, padding: 1, hasBias: true)))
    let outcome = try trained(problem, gap: 1e-5)
    #expect(outcome.certificate.isCertified(to: 1e-5))
    let naive = try naiveConvolutionObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
  }

  /// Patches of lower rank than their size: what the row space hides is charged for all patches of an image.
  @Test(arguments: [false, true]) func lowRankPatchesAreCharged(averages: Bool) throws {
    let factors = gaussian(2, 3, seed: 7)
    let shares = gaussian(12 * 4, 2, seed: 8)
    let patches = shares.times(factors)
    let problem = try TrainingProblem(
      design: Matrix(rows: 12, columns: 12, elements: patches.elements),
      targets: gaussian(12, 1, seed: 9).elements, beta: 0.1,
      architecture: ReLUConvolution(try signals(12, filter: 3, stride: 3), averages: averages))
    let geometry = problem.atoms.geometry
    #expect(geometry.rank == 2)
    for i in 0..<12 {
      let hidden = geometry.rowSpace.deviation[(4 * i)..<(4 * i + 4)].reduce(0, +)
      #expect(problem.atoms.deviation[i] >= hidden / (averages ? 4 : 1))
      #expect(problem.atoms.deviation[i] <= hidden * (1 + 1e-12))
    }
    let outcome = try trained(problem, gap: 1e-6)
    #expect(outcome.certificate.isCertified(to: 1e-6))
    // Filters in the patches' own coordinates, tried at random, never refute the proven polar.
    let (dualPoint, bound) = (outcome.certificate.dualPoint, outcome.certificate.polarBound)
    let neurons = gaussian(2000, 3, seed: 10)
    for j in 0..<neurons.rows {
      let unit = Array(neurons.row(j)).normalized
      let responses = patches.times(unit).map { max($0, 0) }
      var value = 0.0
      for i in 0..<12 {
        let sum = responses[(4 * i)..<(4 * i + 4)].reduce(0, +)
        value += dualPoint[i] * (averages ? sum / 4 : sum)
      }
      #expect(abs(value) <= bound)
    }
  }

  /// The pooled polar is that of the patches with the weights of their images.
  @Test(arguments: [1, 3, 7]) func pooledPolarIsBounded(rows: Int) throws {
    let patches = gaussian(5 * rows, 2, seed: UInt64(rows))
    let weights = gaussian(5, 1, seed: 11).elements
    for averages in [false, true] {
      let pooling = RowPooling(rows: rows, averages: averages)
      let oracle = PooledPolar(TwoLayerPolar(patches), pooling: pooling)
      let spread = pooling.spread(weights)
      var largest = 0.0
      for step in 0..<200_000 {
        let angle = 2 * Double.pi * Double(step) / 200_000
        let unit = [cos(angle), sin(angle)]
        var value = 0.0
        for i in spread.indices { value += spread[i] * max(0, dot(patches.row(i), unit[...])) }
        largest = max(largest, abs(value))
      }
      let found = oracle.bound(weights, goal: .maximize(relativeTolerance: 1e-9, floor: 0))
      #expect(found.upper >= largest && found.upper <= largest * (1 + 1e-6))
      let claim = found.upper * (1 + 1e-7)
      let proof = oracle.bound(weights, goal: .prove(threshold: claim, maximumViolators: 1))
      #expect(proof.isComplete && proof.upper <= claim)
      let refuted = oracle.bound(weights, goal: .prove(threshold: 0.9 * largest, maximumViolators: 1))
      #expect(refuted.maximizers.first.map { $0.value > 0.9 * largest } == true)
    }
  }

  /// The enclosure of predictions holds the sums of exact arithmetic.
  @Test(arguments: [false, true]) func enclosuresHoldExactSums(averages: Bool) throws {
    // Products of such numbers are exact in 80 bits, and so are their sums here.
    let design = Matrix(
      rows: 4, columns: 40, elements: gaussian(4, 40, seed: 12).elements.map { Double(Float($0)) })
    let patches = try signals(40, filter: 3)
    let hidden = Matrix(
      rows: 5, columns: 3, elements: gaussian(5, 3, seed: 13).elements.map { Double(Float($0)) })
    let output = gaussian(5, 1, seed: 14).elements
    let network = ReLUConvolution(patches, averages: averages).network(
      TwoLayerNetwork(hidden: hidden, output: output, offset: 0.1))
    let enclosure = try #require(
      ReLUConvolution(patches, averages: averages).enclosure(of: network, over: design))
    #expect(enclosure.predictions == network.predictions(design))
    for i in 0..<4 {
      var sum = DoubleDouble()
      for j in 0..<5 {
        for k in 0..<patches.count {
          var height = DoubleDouble()
          for c in 0..<3 { height.add(design[i, k + c], times: hidden[j, c]) }
          if height.high > 0 {
            sum.add(height.high, times: output[j])
            sum.add(height.low, times: output[j])
          }
        }
      }
      let truth = averages ? sum.high / Double(patches.count) : sum.high
      #expect(abs(truth + 0.1 - enclosure.predictions[i]) <= enclosure.errors[i])
      #expect(enclosure.errors[i] <= 1e-11)
    }
    let other = ReLUConvolution(patches, averages: !averages)
    #expect(other.enclosure(of: network, over: design) == nil && other.penalty(of: network) == .infinity)
    #expect(TwoLayer().enclosure(of: network, over: design) == nil)
  }

  /// Several outputs: columns of targets that are multiples of one another by a unit vector are one output.
  @Test(arguments: [false, true]) func severalOutputsAreCertified(averages: Bool) throws {
    let golden = ConvolutionGoldenCase.only
    let beta = averages ? golden.beta / Double(golden.patches.count) : golden.beta
    let problem = try TrainingProblem(
      design: golden.design, targets: golden.Y.flatMap { [0.6 * $0, -0.8 * $0] }, outputs: 2, beta: beta,
      architecture: golden.convolution(averages: averages))
    var options = WorkingSet.Options()
    options.gap = 1e-5
    let outcome = try VectorTraining(problem, options: options).train(
      stop: StopSignal(timeLimit: .seconds(60)))
    #expect(outcome.certificate.isCertified(to: 1e-5), "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-5 * golden.optimum)
    #expect(outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-8))
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// Filters as large as the images are neurons, and several places are worth at least what descent finds.
  @Test func classesOfImagesAreCertified() throws {
    let images = gaussian(18, 4, seed: 30)
    let classes = (0..<18).map { i in abs(images[i, 1]) > 1 ? 0 : images[i, 0] > images[i, 3] ? 1 : 2 }
    let targets = classes.flatMap { own in (0..<3).map { $0 == own ? 1.0 : 0 } }
    func problem(_ architecture: any Architecture) throws -> TrainingProblem {
      try TrainingProblem(
        design: images, targets: targets, outputs: 3, loss: SoftmaxLoss(), beta: 0.3, hasOffset: true,
        architecture: architecture)
    }
    func optimum(_ problem: TrainingProblem) throws -> TrainingOutcome {
      var options = WorkingSet.Options()
      options.gap = 1e-3
      return try VectorTraining(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(60)))
    }
    let whole = try optimum(problem(ReLUConvolution(signals(4, filter: 4))))
    let plain = try optimum(problem(TwoLayer()))
    #expect(whole.certificate.isCertified(to: 1e-3) && plain.certificate.isCertified(to: 1e-3))
    #expect(whole.certificate.lowerBound <= plain.certificate.objective)
    #expect(plain.certificate.lowerBound <= whole.certificate.objective)
    let places = try problem(ReLUConvolution(signals(4, filter: 2), averages: true))
    let outcome = try optimum(places)
    #expect(outcome.certificate.isCertified(to: 1e-3), "\(outcome.status)")
    try Certifier(places).verify(outcome.certificate, of: outcome.network)
    for seed in 0..<3 {
      var options = GradientTraining.Options()
      options.width = 10
      options.seed = UInt64(seed)
      options.maximumEpochs = 500
      let reached = try GradientTraining(places, options: options).descend()
      #expect(reached.objective >= outcome.certificate.lowerBound)
      #expect(Certifier(places).objective(of: reached.network) <= reached.objective * (1 + 1e-9))
    }
    let assessment = try NetworkAssessment(of: outcome.network, in: places)
    #expect(assessment.certificate.lowerBound <= assessment.restrictedOptimum)
    #expect(throws: DataError.self) { try CopositiveTraining.check(places) }
    #expect(throws: DataError.self) { try CuttingPlane.check(places) }
    #expect(throws: DataError.self) { try SoftThresholdedSVD.check(places) }
    #expect(throws: DataError.self) { try FrankWolfe.check(places) }
  }

  @Test func shapesAreChecked() throws {
    func refused(
      _ channels: Int = 1, _ image: (Int, Int) = (4, 4), _ filter: (Int, Int) = (2, 2),
      _ stride: (Int, Int) = (1, 1), _ padding: (Int, Int) = (0, 0)
    ) -> String? {
      func extent(_ numbers: (Int, Int)) -> Patches.Extent { .init(height: numbers.0, width: numbers.1) }
      do {
        _ = try Patches(
          channels: channels, image: extent(image), filter: extent(filter), stride: extent(stride),
          padding: extent(padding))
        return nil
      } catch {
        return error.kind == .badSettings ? error.description : nil
      }
    }
    #expect(refused() == nil)
    #expect(
      refused(1, (4, 4), (5, 2))
        == "the filter is 5×2, larger than the image of 4×4 with its padding of 0,0; give a smaller filter")
    #expect(refused(1, (4, 4), (2, 2), (0, 1)) == "the stride is 0,1; give numbers of at least 1")
    #expect(refused(0)?.hasPrefix("the image shape is 0,4,4") == true)
    #expect(refused(1, (4, 4), (0, 2))?.hasPrefix("the filter is 0×2") == true)
    #expect(refused(1, (4, 4), (2, 2), (1, 1), (2, 0))?.hasPrefix("the padding is 2,0") == true)
    #expect(refused(1, (4, 4), (2, 2), (1, 1), (-1, 0)) != nil)
    #expect(refused(.max, (.max, .max), (2, 2)) != nil)
    #expect(refused(1, (1, 1 << 40), (1 << 40, 1), (1, 1), ((1 << 40) - 1, 0)) != nil)
    #expect(refused(1, (3, 3), (5, 5), (1, 1), (1, 1)) == nil)
    let error = #expect(throws: DataError.self) {
      try TrainingProblem(
        design: gaussian(3, 5, seed: 1), targets: [1, 2, 3], beta: 1,
        architecture: ReLUConvolution(signals(4, filter: 2)))
    }
    #expect(error?.kind == .badData)
    #expect(
      error?.description
        == "a row has 5 inputs, but images of 1×1×4 have 4; check the shape of the images or the feature columns"
    )
    let large = #expect(throws: DataError.self) {
      try signals(1 << 40, filter: 2).check(inputs: 1 << 40, samples: 9)
    }
    #expect(large?.description.contains("memory") == true)
  }

  /// A network from elsewhere is assessed.
  @Test func networksAreAssessed() throws {
    let problem = try ConvolutionGoldenCase.only.problem()
    let architecture = try ConvolutionGoldenCase.only.convolution()
    let network = architecture.network(
      TwoLayerNetwork(hidden: gaussian(4, 2, seed: 15), output: [0.3, -0.2, 0.1, 0.4]))
    let assessment = try NetworkAssessment(of: network, in: problem)
    #expect(assessment.certificate.lowerBound <= assessment.restrictedOptimum)
    #expect(assessment.restrictedOptimum <= assessment.balancedObjective * (1 + 1e-9))
    #expect(assessment.balancedObjective <= assessment.certificate.objective * (1 + 1e-9))
  }
}

/// A sum of products in twice the digits.
private struct DoubleDouble {
  private(set) var high = 0.0
  private(set) var low = 0.0

  mutating func add(_ x: Double, times y: Double) {
    let product = x * y
    let rest = (-product).addingProduct(x, y)
    let sum = high + product
    let part = sum - high
    low += (high - (sum - part)) + (product - part) + rest
    high = sum + low
    low = low - (high - sum)
  }
}

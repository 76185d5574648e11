import Bidual
import Foundation
import Testing

/// Convolutions with targets for each place of their filters.
@Suite struct PlacewiseTests {
  private static let images: Matrix = {
    var random = SeededGenerator(seed: 51)
    return Matrix(rows: 6, columns: 12, elements: (0..<72).map { _ in random.nextGaussian() })
  }()

  /// Filters of 1×2 on two channels of 2×3 pixels: two places down, two across.
  private static func patches() throws -> Patches {
    try Patches(channels: 2, image: .init(height: 2, width: 3), filter: .init(height: 1, width: 2))
  }

  private static func training(
    gap: Double = 1e-3, bias: Bool = false, intercept: Bool = false, loss: any Loss = SquaredLoss(),
    architecture: Training.Architecture
  ) -> Training {
    Training(
      loss: loss, beta: .ratio(0.3), gap: gap, bias: bias, intercept: intercept, architecture: architecture)
  }

  private static func placewise() throws -> Training.Architecture {
    .reluConvolution(Training.ImageShape(try patches(), pooling: .placewise))
  }

  /// So many targets for each of the four places, row after row of places.
  private static func dataset(outputs: Int, weights: [Double]? = nil) throws -> Dataset {
    var random = SeededGenerator(seed: 52)
    let count = 4 * outputs
    return try Dataset(
      features: images, targets: (0..<(6 * count)).map { _ in random.nextGaussian() }, outputs: count,
      weights: weights, targetNames: (0..<count).map { "y\($0)" })
  }

  /// The patches cut by hand, with the targets and the weight of each.
  private static func cut(_ dataset: Dataset) throws -> Dataset {
    var rows: [[Double]] = []
    for i in 0..<6 {
      for y in 0..<2 {
        for x in 0..<2 {
          rows.append(
            [0, 1].flatMap { channel in
              [0, 1].map { dataset.features[i, channel * 6 + y * 3 + x + $0] }
            })
        }
      }
    }
    return try Dataset(
      features: Matrix(rows), targets: dataset.targets, outputs: dataset.outputs / 4,
      weights: dataset.weights.map { weights in (0..<24).map { weights[$0 / 4] } },
      targetNames: (0..<(dataset.outputs / 4)).map { "y\($0)" })
  }

  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  }

  @Test(arguments: [
    (outputs: 1, bias: false, isWeighted: false), (1, true, true), (2, false, true), (2, true, false),
  ]) func itIsTwoLayerTrainingOnThePatches(_ example: (outputs: Int, bias: Bool, isWeighted: Bool)) throws {
    let weights: [Double]? = example.isWeighted ? [1, 2, 0.5, 0, 1, 3] : nil
    let dataset = try Self.dataset(outputs: example.outputs, weights: weights)
    let gap = example.outputs == 1 ? 1e-5 : 1e-2
    let whole = try Self.training(
      gap: gap, bias: example.bias, intercept: true, architecture: try Self.placewise()
    ).fit(dataset)
    let rows = try Self.training(
      gap: gap, bias: example.bias, intercept: true, architecture: .twoLayer
    ).fit(try Self.cut(dataset))
    #expect(whole.certificate.scope == .global && whole.certificate.isCertified(to: gap))
    #expect(whole.certificate.objective == rows.certificate.objective)
    #expect(whole.certificate.lowerBound == rows.certificate.lowerBound)
    #expect(whole.betaMax == rows.betaMax)
    let network = try #require(whole.model.network as? PlacewiseConvolutionalNetwork)
    #expect(network.filters == rows.model.network.twoLayer && network.neurons > 0)
    #expect(whole.model.network.outputs == 4 * example.outputs)
    let predictions = whole.model.predictions(dataset.features)
    #expect(predictions == rows.model.predictions(try Self.cut(dataset).features))
  }

  @Test(arguments: [(outputs: 1, bias: true), (2, false)])
  func filesKeepTheNetworkAndItsProof(_ example: (outputs: Int, bias: Bool)) throws {
    let dataset = try Self.dataset(outputs: example.outputs)
    let result = try Self.training(
      gap: 1e-2, bias: example.bias, intercept: true, architecture: try Self.placewise()
    ).fit(dataset)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    #expect(read.predictions(dataset.features) == result.model.predictions(dataset.features))
    try Certifier(read.problem(on: dataset)).verify(result.certificate, of: read.sampleNetwork)
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for (old, new) in [
      (#""pooling" : "none""#, #""pooling" : "sum""#), (#""y3","#, ""),
      (#""stride" : ["#, #""stride" : [2,"#),
      (#""version" : 5"#, #""version" : 3"#), (#""offsets" : ["#, #""offsets" : [0,"#),
    ] where text.contains(old) {
      try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: (any Error).self, "\(old)") {
        let tampered = try ModelFile.read(path: file)
        try CertificateFile(path: certificateFile).checkSubject(model: tampered, dataset: dataset)
      }
    }
  }

  /// Softmax takes the classes of a place together, in training, proofs and scores.
  @Test func classesOfPlacesAreThoseOfPatches() throws {
    var random = SeededGenerator(seed: 53)
    let own = (0..<24).map { _ in Int.random(in: 0..<3, using: &random) }
    let dataset = try Dataset(
      features: Self.images, targets: own.flatMap { place in (0..<3).map { $0 == place ? 1.0 : 0 } },
      outputs: 12, targetNames: (0..<12).map { "y\($0)" })
    let training = Self.training(gap: 1e-2, loss: SoftmaxLoss(), architecture: try Self.placewise())
    let result = try training.fit(dataset)
    let plain = try Self.training(gap: 1e-2, loss: SoftmaxLoss(), architecture: .twoLayer)
      .fit(try Self.cut(dataset))
    let (one, other) = (result.certificate, plain.certificate)
    #expect(one.objective == other.objective && one.lowerBound == other.lowerBound)
    #expect(one.scope == .global && one.isCertified(to: 1e-2))
    try Certifier(result.model.problem(on: dataset)).verify(one, of: result.model.sampleNetwork)
    let predictions = result.model.predictions(dataset.features)
    var losses = 0.0
    for place in 0..<24 {
      let heights = predictions[(3 * place)..<(3 * place + 3)]
      losses += Foundation.log(heights.reduce(0) { $0 + Foundation.exp($1) })
      losses -= heights[heights.startIndex + own[place]]
    }
    let score = try Metric.loss.value(
      predictions, of: dataset, loss: SoftmaxLoss(), classes: nil, places: 4)
    #expect(abs(score - losses / 6) <= 1e-12 * losses)
    var wrong = dataset.targets
    wrong[17] += 1
    let mistaken = try Dataset(
      features: Self.images, targets: wrong, outputs: 12, targetNames: dataset.targetNames)
    #expect(throws: DataError.self) { try training.fit(mistaken) }
  }

  @Test func gradientMethodsTrainThem() throws {
    let dataset = try Self.dataset(outputs: 2)
    var training = Self.training(architecture: try Self.placewise())
    training.beta = .value(0.5)
    let proven = try training.fit(dataset)
    (training.method, training.descent.width, training.descent.epochs) = (.adam, 8, 300)
    let descended = try training.fit(dataset)
    #expect(descended.certificate.objective >= proven.certificate.lowerBound)
    #expect(descended.certificate.objective < training.problemAtZero(dataset))
  }

  @Test func otherTargetsAreRefused() throws {
    let architecture = try Self.placewise()
    func refusal(_ training: Training, _ dataset: Dataset, _ classes: ClassLabels? = nil) -> String {
      do {
        _ = try training.fit(dataset, classes: classes)
      } catch { return error.description }
      return ""
    }
    let three = try Dataset(
      features: Self.images, targets: Array(repeating: 1, count: 18), outputs: 3,
      targetNames: ["a", "b", "c"])
    #expect(
      refusal(Self.training(architecture: architecture), three)
        == "an image has 3 targets for 4 places of the filter (2 down, 2 across); give as many for each place, those of a place together and places row after row"
    )
    let four = try Dataset(
      features: Self.images, targets: (0..<6).flatMap { i in (0..<4).map { $0 == i % 4 ? 1.0 : 0 } },
      outputs: 4,
      targetNames: ["class"])
    let classes = ClassLabels(oneHot: ["p", "q", "r", "s"])
    #expect(
      refusal(Self.training(architecture: architecture), four, classes)
        == "classes are those of whole images, but there are targets for each place of the filter; give columns of numbers, or pool the places"
    )
    #expect(
      refusal(Self.training(loss: SoftmaxLoss(), architecture: architecture), four)
        == "the softmax loss tells classes apart; give a target for each of two classes or more")
    let narrow = try Dataset(features: Matrix(rows: 2, columns: 5), targets: [1, 2])
    #expect(
      refusal(Self.training(architecture: architecture), narrow).hasPrefix("a row has 5 inputs, but images"))
  }
}

extension Training {
  /// The objective of the network that predicts 0.
  fileprivate func problemAtZero(_ dataset: Dataset) -> Double {
    dataset.targets.reduce(0) { $0 + loss.value(0, target: $1) }
  }
}

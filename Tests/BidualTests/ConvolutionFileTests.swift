import Bidual
import Foundation
import Testing

/// Convolutional networks through the front door, and as files.
@Suite struct ConvolutionFileTests {
  private let dataset: Dataset = {
    var random = SeededGenerator(seed: 21)
    let features = Matrix(rows: 12, columns: 6, elements: (0..<72).map { _ in random.nextGaussian() })
    return try! Dataset(features: features, targets: (0..<12).map { _ in random.nextGaussian() })
  }()

  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  }

  private func shape(filter: Int = 2, pooling: Training.ImageShape.Pooling = .average) throws
    -> Training.ImageShape
  {
    Training.ImageShape(
      try Patches(
        channels: 2, image: .init(height: 1, width: 3), filter: .init(height: 1, width: filter),
        padding: .init(height: 0, width: 1)), pooling: pooling)
  }

  private func trained(bias: Bool = false) throws -> Training.Result {
    try Training(
      beta: .ratio(0.3), gap: 1e-2, bias: bias, intercept: true, architecture: .reluConvolution(shape())
    ).fit(dataset)
  }

  @Test(arguments: [false, true]) func filesKeepTheNetworkAndItsProof(bias: Bool) throws {
    let result = try trained(bias: bias)
    #expect(result.certificate.isCertified(to: 1e-2) && result.model.network.neurons > 0)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    #expect(read.predictions(dataset.features) == result.model.predictions(dataset.features))
    try Certifier(read.problem(on: dataset)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
  }

  @Test func severalOutputsAreKept() throws {
    let several = try Dataset(
      features: dataset.features, targets: dataset.targets.flatMap { [$0, $0 * $0] }, outputs: 2,
      targetNames: ["a", "b"])
    let result = try Training(
      beta: .ratio(0.3), gap: 1e-2, intercept: true, architecture: .reluConvolution(shape())
    ).fit(several)
    #expect(result.certificate.isCertified(to: 1e-2), "\(result.outcome.status)")
    let file = path()
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.outputs == 2)
    try Certifier(read.problem(on: several)).verify(result.certificate, of: read.network)
  }

  @Test(arguments: [2, 5]) func linearConvolutionsAreKept(filter: Int) throws {
    let result = try Training(
      beta: .ratio(0.3), gap: 1e-4, intercept: true, architecture: .linearConvolution(shape(filter: filter))
    ).fit(dataset)
    #expect(result.certificate.isCertified(to: 1e-4) && result.model.network.neurons > 0)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    try Certifier(read.problem(on: dataset)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for (old, new) in [("linear-convolution", "relu-convolution"), (#""padding" : ["#, #""padding" : [9,"#)] {
      try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: DataError.self) { try ModelFile.read(path: file) }
    }
  }

  /// With one place and with several, with offsets and without.
  @Test(arguments: [2, 5], [false, true])
  func linearConvolutionsOfSeveralOutputsAreKept(filter: Int, intercept: Bool) throws {
    let several = try Dataset(
      features: dataset.features, targets: dataset.targets.flatMap { [$0, $0 * $0 - 1] }, outputs: 2,
      targetNames: ["a", "b"])
    let result = try Training(
      beta: .ratio(0.1), gap: 1e-4, intercept: intercept,
      architecture: .linearConvolution(shape(filter: filter))
    ).fit(several)
    #expect(result.certificate.isCertified(to: 1e-4) && result.model.network.neurons > 0)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.outputs == 2)
    #expect(read.network.weights == result.model.network.weights)
    #expect(read.predictions(several.features) == result.model.predictions(several.features))
    try Certifier(read.problem(on: several)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: several).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: several)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let damaged = [
      text.replacingOccurrences(of: "linear-convolution", with: "relu-convolution"),
      text.replacingOccurrences(of: #""offsets" : ["#, with: #""offsets" : [0,"#),
    ]
    for damage in damaged where damage != text {
      try damage.write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: DataError.self) { try ModelFile.read(path: file) }
    }
  }

  @Test(arguments: [1, 2, 5, 6]) func circularConvolutionsAreKept(length: Int) throws {
    let signals = try Dataset(
      features: Matrix((0..<12).map { i in (0..<length).map { dataset.features[i, $0] } }),
      targets: dataset.targets)
    let result = try Training(
      beta: .ratio(0.1), gap: 1e-6, intercept: true, architecture: .circularConvolution
    ).fit(signals)
    #expect(result.certificate.isCertified(to: 1e-6) && result.model.network.neurons > 0)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    #expect(read.predictions(signals.features) == result.model.predictions(signals.features))
    try Certifier(read.problem(on: signals)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: signals).write(to: certificateFile)
    let certificate = try CertificateFile(path: certificateFile)
    try certificate.checkSubject(model: read, dataset: signals)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for (old, new) in [
      (#""version" : 5"#, #""version" : 3"#), ("circular-convolution", "relu-convolution"),
      (#""hidden" : ["#, #""hidden" : [[1],"#), (#""offset" : "#, #""offset" : 1"#),
      ("circular-convolution", "linear"), (#""beta" : "#, #""beta" : 1"#),
    ] {
      #expect(text.contains(old))
      try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(throws: (any Error).self, "\(old)") {
        let tampered = try ModelFile.read(path: file)
        try certificate.checkSubject(model: tampered, dataset: signals)
      }
    }
  }

  @Test func settingsThatMakeNoCircularRunAreRefused() throws {
    var settings = [
      Training(bias: true), Training(standardize: true), Training(whiten: .zca), Training(norm: .l1),
      Training(patterns: .all),
    ]
    settings += [.clifford, .copositive, .svd, .penalised, .local].map { Training(method: $0) }
    for var training in settings {
      training.architecture = .circularConvolution
      let error = #expect(throws: DataError.self) { try training.fit(dataset) }
      #expect(error?.kind == .badSettings)
    }
  }

  @Test(
    arguments: [
      (#""pooling" : "average""#, #""pooling" : "maximum""#),
      (#""pooling" : "average""#, #""pooling" : "sum""#),
      (#""version" : 5"#, #""version" : 2"#), (#""convolution""#, #""konvolution""#),
      (#""architecture" : "relu-convolution""#, #""architecture" : "two-layer""#),
      (#""stride" : ["#, #""stride" : [0,"#), (#""filter" : ["#, #""filter" : [7,"#),
    ]) func damagedModelsAreRefused(_ change: (from: String, to: String)) throws
  {
    let (result, file, certificateFile) = (try trained(), path(), path())
    try ModelFile.write(result.model, to: file)
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(change.from))
    try text.replacingOccurrences(of: change.from, with: change.to).write(
      toFile: file, atomically: true, encoding: .utf8)
    // Another pooling is another model, of which the certificate is none.
    #expect(throws: (any Error).self) {
      let read = try ModelFile.read(path: file)
      try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
    }
  }

  @Test func settingsThatMakeNoRunAreRefused() throws {
    func refused(_ training: Training) -> DataError.Kind? {
      do { _ = try training.fit(dataset) } catch { return error.kind }
      return nil
    }
    #expect(refused(Training(architecture: .reluConvolution())) == .badSettings)
    #expect(refused(Training(standardize: true, architecture: .reluConvolution(try shape()))) == .badSettings)
    #expect(refused(Training(whiten: .zca, architecture: .reluConvolution(try shape()))) == .badSettings)
    #expect(refused(Training(norm: .l1, architecture: .reluConvolution(try shape()))) == .badSettings)
    #expect(
      refused(Training(patterns: .all, architecture: .reluConvolution(try shape()))) == .badSettings)
    for method in [Training.Method.clifford, .copositive, .svd, .penalised] {
      #expect(
        refused(Training(method: method, architecture: .reluConvolution(try shape()))) == .badSettings)
    }
    let other = try Training.ImageShape(
      Patches(channels: 1, image: .init(height: 2, width: 4), filter: .init(height: 1, width: 1)))
    #expect(refused(Training(architecture: .reluConvolution(other))) == .badData)
  }

  /// A checkpoint of one shape is none of another.
  @Test func checkpointsKnowTheShape() throws {
    let file = path()
    func fit(_ pooling: Training.ImageShape.Pooling, resumes: Bool) throws {
      _ = try Training(
        beta: .ratio(0.3), gap: 1e-2, architecture: .reluConvolution(shape(pooling: pooling))
      ).fit(dataset, checkpoint: CheckpointPolicy(path: file, resumes: resumes))
    }
    try fit(.sum, resumes: false)
    try fit(.sum, resumes: true)
    let error = #expect(throws: DataError.self) { try fit(.average, resumes: true) }
    #expect(error?.description.contains("pooling") == true)
  }
}

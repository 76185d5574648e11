import Bidual
import Foundation
import Testing

/// Models and certificates of three layers, as files.
@Suite struct ThreeLayerFileTests {
  private let dataset = try! Dataset(
    features: Matrix([[1, 2], [-1, 0.5], [0.3, -2], [2, 1], [-0.7, -0.2]]), targets: [1, -0.5, 2, 0.1, 0.4])

  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  }

  private func trained() throws -> Training.Result {
    try Training(beta: .value(0.1), gap: 1e-5, intercept: true, architecture: .threeLayer(width: 2)).fit(
      dataset)
  }

  @Test func filesKeepTheNetworkAndItsProof() throws {
    let result = try trained()
    #expect(result.certificate.isCertified(to: 1e-5))
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    #expect(read.architecture.isEqual(to: ThreeLayer(width: 2)))
    try Certifier(read.problem(on: dataset)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
  }

  /// A network without sub-networks has the units of its architecture, before it is written and after.
  @Test(arguments: [1, 2]) func noSubnetworksAreKept(outputs: Int) throws {
    let targets = dataset.targets.flatMap { target in (0..<outputs).map { target - Double($0) } }
    let data = try Dataset(
      features: dataset.features, targets: targets, outputs: outputs,
      targetNames: Array(["a", "b"].prefix(outputs)))
    let result = try Training(beta: .value(1e3), intercept: true, architecture: .threeLayer(width: 2)).fit(
      data)
    #expect(result.model.network.neurons == 0)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model)
    try CertificateFile(result.certificate, model: result.model, dataset: data).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: data)
  }

  /// Claims about dual points that cancel to nothing but rounding are proven again, as Soundness draws them: numbers 47748, 70380
  /// and 72052.
  @Test(
    arguments: [
      ("logistic", 158.18935474796723, [0, -434849.1874348543, -434849.1874348543, 0], [1, -1, 1, -1]),
      (
        "squared", 0.00034497046630809874, [3.427344518862111, 1, 3.427344518862111],
        [-0.016891246116334496, -0.008445623058167248, 0.016891246116334496]
      ),
      ("poisson", 0.6258896380727915, [1, 1, 1, -2, 1], [1, 5, 0, 2, 2]),
    ] as [(String, Double, [Double], [Double])])
  func cancellingDualPointsAreProvenAgain(
    loss: String, beta: Double, features: [Double], targets: [Double]
  ) throws {
    let data = try Dataset(
      features: Matrix(rows: features.count, columns: 1, elements: features), targets: targets)
    for (gap, intercept) in [(1e-2, true), (1e-5, true), (1e-5, false)] {
      let training = Training(
        loss: try #require(try LossRegistry.standard.loss(loss, parameter: nil)), beta: .value(beta),
        gap: gap,
        intercept: intercept, architecture: .threeLayer(width: 2))
      for method in [Training.Method.exact, .local, .adam] {
        var training = training
        training.method = method
        training.descent.epochs = 50
        let result = try training.fit(data, stop: StopSignal(timeLimit: .seconds(0.2)))
        let problem = try result.model.problem(on: data)
        try BLAS.singleThreaded {
          _ = try Certifier(problem).verify(result.certificate, of: result.model.network)
        }
      }
    }
  }

  /// The same with two classes and with two targets.
  @Test(arguments: [Training.Method.exact, .local, .adam]) func severalOutputsAreKept(
    _ method: Training.Method
  )
    throws
  {
    let several = try Dataset(
      features: dataset.features, targets: dataset.targets.flatMap { [$0, 1 - $0] }, outputs: 2,
      targetNames: ["a", "b"])
    let result = try Training(
      beta: .value(0.5), gap: 1e-2, intercept: true, method: method, architecture: .threeLayer(width: 2)
    ).fit(several)
    let (file, certificateFile) = (path(), path())
    try ModelFile.write(result.model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == result.model && read.network.weights == result.model.network.weights)
    #expect(read.network.outputs == 2)
    try Certifier(read.problem(on: several)).verify(result.certificate, of: read.network)
    try CertificateFile(result.certificate, model: result.model, dataset: several).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: several)
  }

  /// A certificate of one width is none of another.
  @Test func widthBelongsToTheSubject() throws {
    let result = try trained()
    let certificateFile = path()
    try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificateFile)
    let model = result.model
    let wider = try Model(
      featureNames: model.featureNames, targetNames: model.targetNames, preprocessing: model.preprocessing,
      architecture: ThreeLayer(width: 3), network: model.network, loss: model.loss, beta: model.beta)
    #expect(throws: (any Error).self) {
      try CertificateFile(path: certificateFile).checkSubject(model: wider, dataset: dataset)
    }
  }

  @Test(
    arguments: [
      (#""width" : 2"#, #""width" : 0"#), (#""width" : 2"#, #""width" : 1"#), (#""inner""#, #""inside""#),
      (#""version" : 4"#, #""version" : 3"#),
      (#""architecture" : "three-layer""#, #""architecture" : "two-layer""#),
      (#""architecture" : "three-layer""#, #""architecture" : "four-layer""#),
    ]) func damagedModelsAreRefused(_ change: (from: String, to: String)) throws
  {
    let file = path()
    try ModelFile.write(try trained().model, to: file)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(change.from))
    try text.replacingOccurrences(of: change.from, with: change.to).write(
      toFile: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: DataError.self) { try ModelFile.read(path: file) }
    #expect(error?.kind == .badData)
  }

  @Test(arguments: [#"[[]]"#, #"[[1], [1, 2]]"#, "[]"]) func innerLayersMustFit(_ inner: String) throws {
    let file = path()
    let text = """
      {"architecture": "three-layer", "beta": 1, "bias": false, "features": ["a"], "format": "bidual-model", "hidden": [],
       "inner": \(inner), "loss": "squared", "output": [1], "target": "y", "version": 4, "width": 2}
      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: DataError.self) { try ModelFile.read(path: file) }
    #expect(error?.kind == .badData)
  }

  /// A width from a file may be any number: bounds stay bounds.
  @Test func hugeWidthsAreBounded() throws {
    let problem = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, beta: 0.1, architecture: ThreeLayer(width: .max))
    let network = ThreeLayer(width: .max).constant(inputs: 2, outputs: 1, offsets: [])
    let verdict = Certifier(problem).certify(network, dualPoint: dataset.targets, gap: 1e-3)
    #expect(verdict.certificate.lowerBound <= verdict.certificate.objective)
    #expect(!verdict.isComplete && verdict.certificate.lowerBound > 0)
    let error = #expect(throws: DataError.self) {
      try Training(beta: .value(0.1), architecture: .threeLayer(width: .max)).fit(dataset)
    }
    #expect(error?.kind == .badSettings)
  }

  /// A checkpoint of one width is none of another.
  @Test func checkpointsKnowTheWidth() throws {
    let file = path()
    func fit(_ width: Int, resumes: Bool) throws {
      _ = try Training(beta: .value(0.1), architecture: .threeLayer(width: width)).fit(
        dataset, checkpoint: CheckpointPolicy(path: file, resumes: resumes))
    }
    try fit(2, resumes: false)
    try fit(2, resumes: true)
    let error = #expect(throws: DataError.self) { try fit(3, resumes: true) }
    #expect(error?.description.contains("width") == true)
  }

  @Test func subnetworksHaveUnits() throws {
    let error = #expect(throws: DataError.self) {
      try Training(beta: .value(0.1), architecture: .threeLayer(width: 0)).fit(dataset)
    }
    #expect(error?.kind == .badSettings)
  }
}

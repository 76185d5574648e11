import Bidual
import Foundation
import Testing

/// Models and certificates under the ℓ₁ norm, as files.
@Suite struct NormFileTests {
  private let dataset = try! Dataset(
    features: Matrix([[1, 2], [-1, 0.5], [0.3, -2], [2, 1], [-0.7, -0.2]]), targets: [1, -0.5, 2, 0.1, 0.4])

  private func trained(_ norm: FirstLayerNorm) throws -> (model: Model, certificate: Certificate) {
    let problem = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, beta: 0.1, architecture: TwoLayer(norm))
    let outcome = try CliffordLasso(problem).train()
    let model = try Model(
      featureNames: dataset.featureNames, targetNames: dataset.targetNames, preprocessing: Preprocessing(),
      architecture: TwoLayer(norm), network: outcome.network, loss: "squared", beta: 0.1)
    return (model, outcome.certificate)
  }

  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  }

  @Test func theNormSurvivesFilesAndDefinesTheProblem() throws {
    let (model, certificate) = try trained(.l1)
    let file = path()
    try ModelFile.write(model, to: file)
    let read = try ModelFile.read(path: file)
    #expect(read == model && read.architecture.norm == .l1)
    let problem = try read.problem(on: dataset)
    #expect(problem.architecture.norm == .l1)
    try Certifier(problem).verify(certificate, of: read.network)
    let certificateFile = path()
    try CertificateFile(certificate, model: model, dataset: dataset).write(to: certificateFile)
    try CertificateFile(path: certificateFile).checkSubject(model: read, dataset: dataset)
    let text = try String(contentsOfFile: certificateFile, encoding: .utf8)
    #expect(text.contains("\"norm\""))
  }

  @Test func filesOfTheEuclideanNormStayAsTheyWere() throws {
    let (model, _) = try trained(.l2)
    let file = path()
    try ModelFile.write(model, to: file)
    #expect(try !String(contentsOfFile: file, encoding: .utf8).contains("\"norm\""))
    #expect(try ModelFile.read(path: file).architecture.norm == .l2)
  }

  @Test func anotherNormIsAnotherModel() throws {
    let (model, certificate) = try trained(.l1)
    let file = path()
    try ModelFile.write(model, to: file)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.contains("\"norm\"") })
    try text.replacingOccurrences(of: String(line), with: line.replacingOccurrences(of: "l1", with: "l2"))
      .write(toFile: file, atomically: true, encoding: .utf8)
    let forged = try ModelFile.read(path: file)
    #expect(throws: VerificationFailure.self) {
      try CertificateFile(certificate, model: model, dataset: dataset)
        .checkSubject(model: forged, dataset: dataset)
    }
    // The objective under ℓ₂ is another number, whatever the fingerprints say.
    #expect(throws: VerificationFailure.self) {
      try Certifier(forged.problem(on: dataset)).verify(certificate, of: forged.network)
    }
    try text.replacingOccurrences(of: String(line), with: line.replacingOccurrences(of: "l1", with: "l7"))
      .write(toFile: file, atomically: true, encoding: .utf8)
    do {
      _ = try ModelFile.read(path: file)
      Issue.record("the norm l7 was read")
    } catch {
      #expect(error.kind == .badData && error.description.contains("the norm 'l7' is unknown"))
    }
  }
}

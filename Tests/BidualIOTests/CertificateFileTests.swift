import BidualCertificates
import BidualIO
import BidualLinear
import BidualModels
import Foundation
import Testing

@Suite struct CertificateFileTests {
  private func subject() throws -> (model: Model, dataset: Dataset) {
    let dataset = try Dataset(
      features: Matrix([[1, 2], [3, 4]]), targets: [0x1p-40, 0x1p-41], featureNames: ["a", "b"])
    let model = try Model(
      featureNames: ["a", "b"], targetNames: dataset.targetNames, preprocessing: Preprocessing(),
      network: TwoLayerNetwork.zero(inputs: 2), loss: "squared", beta: 1)
    return (model, dataset)
  }

  /// What proves nothing can be written, read back and verified.
  @Test func infinitePolarBoundsAreRepresented() throws {
    let folder = try TemporaryFolder()
    let (model, dataset) = try subject()
    let certifier = Certifier(try model.problem(on: dataset))
    let certificate = try Certificate(
      objective: certifier.objective(of: model.network), lowerBound: 0, scope: .global, dualPoint: [1, 2],
      polarBound: .infinity, dualScale: 0)
    let path = folder.file("c.json")
    try CertificateFile(certificate, model: model, dataset: dataset).write(to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("\"polarBound\" : \"infinite\""))
    let file = try CertificateFile(path: path)
    #expect(file.certificate == certificate)
    try file.checkSubject(model: model, dataset: dataset)
    try certifier.verify(file.certificate, of: model.network)
    for other in ["\"finite\"", "\"inf\"", "\"\"", "null", "true", "[]", "1e999"] {
      try Data(text.replacing("\"infinite\"", with: other).utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: DataError.self, "\(other)") { try CertificateFile(path: path) }
    }
  }

  /// The reference is written where the gap is measured by it, and sealed.
  @Test func theReferenceIsKeptWhereItCounts() throws {
    let folder = try TemporaryFolder()
    let (model, dataset) = try subject()
    let path = folder.file("c.json")
    for (reference, isWritten) in [(1.0, false), (1e3, true)] {
      let certificate = try Certificate(
        objective: 1e-10, lowerBound: 0, scope: .global, dualPoint: [1, 2], polarBound: 1, dualScale: 0,
        reference: reference)
      try CertificateFile(certificate, model: model, dataset: dataset).write(to: path)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("\"reference\"") == isWritten)
      let file = try CertificateFile(path: path)
      #expect(file.certificate.relativeGap == certificate.relativeGap)
      try file.checkSubject(model: model, dataset: dataset)
      guard isWritten else { continue }
      try Data(text.replacing("\"reference\" : 1000", with: "\"reference\" : 2000").utf8)
        .write(to: URL(fileURLWithPath: path))
      #expect(throws: VerificationFailure.self) {
        try CertificateFile(path: path).checkSubject(model: model, dataset: dataset)
      }
    }
  }
}

import Bidual
import Foundation
import Testing

/// Certificates that an earlier version wrote, with fingerprints by FNV-1a: they are still verified.
@Suite struct EarlierFilesTests {
  private static let names = ["global", "norm", "patterns", "gated"]
  private static let verification = ["verify", "m.json", "c.json", BundledData.balloons.file]

  private func folder(_ name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder(.balloons)
    let earlier = Bundle.module.bundleURL.appendingPathComponent("Data/Earlier")
    for (kind, file) in [("model", "m.json"), ("certificate", "c.json")] {
      let bytes = try Data(contentsOf: earlier.appendingPathComponent("\(name).\(kind).json"))
      try folder.write([UInt8](bytes), to: file)
    }
    return folder
  }

  @Test(arguments: names) func areVerified(_ name: String) throws {
    let folder = try folder(name)
    let text = String(decoding: try folder.read("c.json"), as: UTF8.self)
    #expect(try /"seal" : "[0-9a-f]{16}"/.firstMatch(in: text) != nil)
    expectStatus(0, try Program.run(Self.verification, in: folder))
  }

  /// Their fingerprints still count.
  @Test(arguments: names) func areRefusedWhereAltered(_ name: String) throws {
    let folder = try folder(name)
    let original = String(decoding: try folder.read("c.json"), as: UTF8.self)
    for (field, reason) in [
      ("data", "is of another data set"), ("model", "is of another model"), ("seal", "was altered"),
    ] {
      let place = try #require(original.firstRange(of: "\"\(field)\" : \"")).upperBound
      var altered = original
      altered.replaceSubrange(place...place, with: original[place] == "0" ? "1" : "0")
      try folder.write(altered, to: "c.json")
      let run = try Program.run(Self.verification, in: folder)
      expectStatus(3, run)
      #expect(run.errors.hasPrefix("bidual: not verified: the certificate \(reason)"))
    }
  }

  /// Written anew the same certificate has fingerprints by SHA-256.
  @Test(arguments: names) func areWrittenAnewWithLongerFingerprints(_ name: String) throws {
    let folder = try folder(name)
    let model = try ModelFile.read(path: folder.file("m.json"))
    let dataset = try CSVReader(labelColumn: model.classes.map { _ in model.targetName })
      .table(path: folder.file(BundledData.balloons.file))
      .dataset(
        target: model.targetName, features: model.featureNames, classes: model.classes,
        weights: model.weightsName)
    let certificate = try CertificateFile(path: folder.file("c.json")).certificate
    try CertificateFile(certificate, model: model, dataset: dataset).write(to: folder.file("c.json"))
    let text = String(decoding: try folder.read("c.json"), as: UTF8.self)
    #expect(text.matches(of: /"(data|model|seal)" : "sha256:[0-9a-f]{64}"/).count == 3)
    expectStatus(0, try Program.run(Self.verification, in: folder))
  }
}

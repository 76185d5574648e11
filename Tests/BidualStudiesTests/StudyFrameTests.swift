import Bidual
import Foundation
import Testing

@testable import BidualStudies

/// The frame that studies are run in.
@Suite struct StudyFrameTests {
  private func run(_ study: any Study, _ changes: [(key: String, text: String)] = []) throws -> StudyRun {
    try StudyRun(study, scale: .quick, changes: changes, folder: "/")
  }

  /// A study that finds what it is told to.
  private struct Told: Study {
    let id = "told"
    let title = "A study"
    let system = "None."
    let settings = [
      StudySetting("beta", .stated, "weight", 1, quick: 0.5),
      StudySetting("widths", .proposed, "a list", [1, 2]),
    ]
    let remark = "No remark."
    var objective = 1.0

    func run(_ run: StudyRun) throws {
      let subject = StudySubject(
        panel: "p", dataset: try Dataset(features: Matrix([[1.0], [2], [-1]]), targets: [1, 2, 0]), factor: 2)
      try run.prove("optimum", on: subject, with: Training(beta: .value(run.number("beta"))))
      run.add(
        FinalRow(
          panel: "p", method: "other", seed: 0, objectiveSum: objective, factor: 2, status: "", neurons: 1,
          seconds: 0))
    }
  }

  @Test func idsAreOneEach() {
    let ids = Studies.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    for study in Studies.all {
      let keys = study.settings.map(\.key)
      #expect(Set(keys).count == keys.count, "\(study.id)")
      #expect(StudyName.file(study.id) == study.id)
    }
  }

  @Test func namesOfFilesAreMadeOfWords() {
    #expect(StudyName.file("ReLU, β = 0.1") == "relu-beta-0.1")
    #expect(StudyName.file("K = 5") == "k-5")
  }

  @Test func settingsAreReadByTheirKind() throws {
    let run = try run(Told(), [("beta", "0.25"), ("widths", "3,4")])
    #expect(run.number("beta") == 0.25 && run.counts("widths") == [3, 4])
    for (key, text) in [("beta", "much"), ("beta", "nan"), ("widths", "1,,2"), ("gamma", "1")] {
      #expect(throws: DataError.self) { try self.run(Told(), [(key, text)]) }
    }
    #expect(StudySetting("a", .stated, "", 1, quick: 2).value(at: .paper) == 1)
  }

  /// A run below a proven bound is told, and one above it is not.
  @Test func runsBelowABoundAreTold() throws {
    for (objective, holds) in [(1e3, true), (1e-9, false)] {
      let run = try run(Told(objective: objective))
      try run.complete()
      #expect(run.claims.map { $0.verdict == .holds } == [holds, true])
      let row = try #require(run.end(of: "optimum", in: "p"))
      #expect(row.objective == 2 * row.objectiveSum)
    }
  }

  /// What a folder holds can be read by those who read such files, and the certificate verified.
  @Test func folderHoldsWhatWasFound() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try run(Told())
    try run.complete()
    let studyFolder = try StudyFolder(of: run.study, in: folder, version: "1")
    #expect(try !studyFolder.holds(run))
    try studyFolder.write(run)
    // What is whole is known by its settings and version.
    #expect(try studyFolder.holds(self.run(Told())) && !studyFolder.holds(self.run(Told(), [("beta", "2")])))
    #expect(try !StudyFolder(of: run.study, in: folder, version: "2").holds(run))
    let path = "\(folder)/told/certificates/p-optimum"
    let model = try ModelFile.read(path: path + "-model.json")
    let file = try CertificateFile(path: path + "-certificate.json")
    let dataset = try CSVReader().table(path: path + "-data.csv").dataset(target: "target")
    try file.checkSubject(model: model, dataset: dataset)
    try Certifier(model.problem(on: dataset)).verify(file.certificate, of: model.network)
    let finals = try String(contentsOfFile: "\(folder)/told/finals.csv", encoding: .utf8)
    #expect(finals.hasPrefix("panel,method,seed,objective,") && finals.split(separator: "\n").count == 3)
    for name in ["settings.json", "claims.csv", "summary.md"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/told/\(name)"))
    }
  }

  @Test func cellsAreQuotedWhereTheyMust() {
    var rows = TextRows(["a", "b"])
    rows.append(["x,y", "say \"no\""])
    #expect(rows.csv == "a,b\n\"x,y\",\"say \"\"no\"\"\"\n")
  }
}

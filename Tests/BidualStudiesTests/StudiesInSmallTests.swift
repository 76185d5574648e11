import Testing

@testable import BidualStudies

/// Every study that needs no files, cut down.
@Suite struct StudiesInSmallTests {
  /// Values that make a study small, for those settings that it has.
  private static let small = [
    "epochs": "40", "epochs-share": "0.01", "trials": "1", "seconds": "2", "neurons": "20", "teachers": "2",
    "tuned-rates": "1e-4", "betas": "0.3", "grid": "5", "segments": "100", "samples": "8",
    "plane-samples": "6,8", "space-samples": "5,6", "whitened-samples": "4,6", "teacher-neurons": "10",
  ]

  @Test(arguments: Studies.all.filter(\.files.isEmpty).map(\.id))
  func whatIsProvenStands(_ id: String) throws {
    let study = try #require(Studies.named(id))
    let changes = Self.small.filter { change in study.settings.contains { $0.key == change.key } }
      .sorted { $0.key < $1.key }.map { (key: $0.key, text: $0.value) }
    let run = try StudyRun(study, scale: .quick, changes: changes, folder: "/")
    try run.complete()
    #expect(!run.finals.isEmpty && run.claims.count > 1)
    for claim in run.claims where claim.isPromise {
      #expect(claim.verdict != .doesNotHold, "\(claim)")
    }
  }
}

import Bidual
import BidualIO
import Foundation
import Testing

@testable import BidualStudies

/// The studies of images, on a few made-up ones.
@Suite struct ImageStudyTests {
  /// Runs a study on 24 images whose classes differ in brightness.
  private func run(_ study: any Study, _ changes: [(key: String, text: String)]) throws -> StudyRun {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = SeededGenerator(seed: 3)
    for part in ["train", "test"] {
      let labels = (0..<24).map { Double($0 % 3) }
      let images = labels.flatMap { label in
        (0..<3072).map { _ in 80 + 60 * label + (30 * random.nextGaussian()).rounded() }
      }
      for (name, shape, elements) in [("images", [24, 3, 32, 32], images), ("labels", [24], labels)] {
        try NPYWriter.write(
          NPYArray(shape: shape, elements: elements), to: "\(folder)/cifar10_\(part)_\(name).npy")
      }
    }
    let run = try StudyRun(study, scale: .quick, changes: changes, folder: folder)
    try run.complete()
    #expect(run.claims.suffix(2).allSatisfy { $0.verdict != .doesNotHold })
    #expect(!run.proofs.isEmpty && !run.plots.isEmpty)
    return run
  }

  @Test func filtersComeNearTheOptimum() throws {
    let run = try run(
      FilterTrials(),
      [("samples", "12"), ("width", "4"), ("trials", "1"), ("epochs", "20"), ("rates", "0.1")])
    #expect(Set(run.finals.map(\.panel)).count == 4 && run.proofs.count == 4)
    for row in run.finals where row.method == "L1-Convex" { #expect((row.bound?.gap ?? 1) <= 1e-6) }
    #expect(run.tables.map(\.name) == ["distances"])
  }

  @Test func programsOverPatchesAreHeldBesideSGD() throws {
    let small = [
      ("samples", "10"), ("width", "2"), ("filter", "16"), ("clusters", "2"), ("epochs", "5"),
      ("rates", "0.001"),
    ].map { (key: $0.0, text: $0.1) }
    let trials = try run(
      PatchTrials(), small + [("trials", "1"), ("betas", "1"), ("limit", "1")])
    #expect(trials.finals.map(\.method) == ["SGD"] + PatchReading.allCases.map(\.rawValue) + ["adaptive"])
    let neurons = try run(PatchNeurons(), small + [("beta", "1"), ("limit", "1")])
    #expect(neurons.tables.map(\.name) == ["matrix"])
  }

  /// The closed form is where theory puts it, and every draw and number of parts has its panels.
  @Test func whitenedImagesHaveDrawsAndParts() throws {
    let run = try run(
      WhitenedClasses(figure: 6),
      [("per-class", "4"), ("test-images", "12"), ("neurons", "5"), ("epochs", "5"), ("seconds", "1")])
    let panels = ["uncentred", "de-meaned"].flatMap { name in
      ["", ", 2 parts"].flatMap { parts in ["", ", draw 1"].map { name + parts + $0 } }
    }
    #expect(Set(run.finals.map(\.panel)) == Set(panels))
    for row in run.finals where row.method == "Theorem 2" { #expect((row.bound?.gap ?? 1) <= 1e-6) }
    #expect(run.claims.count { $0.measured.contains("over 2 splits") } == 4)
  }

  /// Filters that are turned are no way off, and neither are waves that are shifted; others are.
  @Test func distancesLeaveOutWhatPredictsTheSame() {
    func network(_ rows: [[Double]]) -> TwoLayerNetwork {
      TwoLayerNetwork(hidden: Matrix(rows), output: rows.map { _ in 1 })
    }
    let (u, v) = ([1, 2, 0.5, -1], [0, 1, -1, 2.0])
    let filters = network([u, v])
    let turned = network([
      zip(u, v).map { 0.6 * $0 + 0.8 * $1 }, zip(u, v).map { 0.6 * $1 - 0.8 * $0 },
    ])
    #expect(FilterDistance.turned(turned, from: filters) < 1e-6)
    #expect(FilterDistance.turned(network([u]), from: filters) > 0.1)
    let shifted = network([Array(u[1...] + u[..<1]), v])
    #expect(FilterDistance.shifted(shifted, from: filters) < 1e-12)
    #expect(FilterDistance.shifted(network([u]), from: filters) > 0.1)
  }
}

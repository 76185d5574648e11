import Bidual
import Foundation
import Testing

@testable import BidualStudies

/// The data that studies make, and what they measure on them.
@Suite struct StudyDataTests {
  /// SEPP21 tells 114 patterns, which three points at the origin explain, whatever the noise.
  @Test(arguments: [0, 1, 7]) func spiralsHaveTheirChambers(_ seed: UInt64) throws {
    let data = try SpiralData.dataset(seed: seed)
    #expect(data.samples == 60 && data.outputs == 3)
    #expect((0..<60).count { norm(data.features.row($0)) == 0 } == 3)
    for i in 0..<60 { #expect(data.targets[(3 * i)..<(3 * i + 3)].reduce(0, +) == 1) }
    let chambers = try Arrangement(data.features).chambers(limit: 1000, isCancelled: { false })
    #expect(chambers.count == 114)
    let again = try SpiralData.dataset(seed: seed)
    let other = try SpiralData.dataset(seed: seed + 1)
    #expect(again == data && other != data)
  }

  @Test func teachersGiveTheTargets() throws {
    let deep = try ParallelTeacher.dataset(samples: 50, features: 3, width: 2, subnetworks: 4, seed: 3)
    let mean = try #require(deep.targets.mean)
    let variance = try #require(deep.targets.map { ($0 - mean) * ($0 - mean) }.mean)
    #expect(abs(variance - 1) < 1e-12)
    var random = SeededGenerator(seed: 1)
    let teacher = VectorTeacher(inputs: 2, neurons: 7, outputs: 3, start: .uniform, using: &random)
    let features = Matrix.gaussian(rows: 5, columns: 2, using: &random)
    let data = try teacher.dataset(features)
    #expect(data.targets == teacher.network.predictions(features) && data.targetNames == ["y0", "y1", "y2"])
  }

  @Test func imagesAreBalancedAndNormalised() throws {
    let stem = NSTemporaryDirectory() + UUID().uuidString
    defer {
      for end in ["images", "labels"] { try? FileManager.default.removeItem(atPath: "\(stem)_\(end).npy") }
    }
    let pixels = (0..<(6 * 2 * 4)).map { Double(($0 * 37) % 256) }
    try NPYWriter.write(NPYArray(shape: [6, 2, 2, 2], elements: pixels), to: stem + "_images.npy")
    try NPYWriter.write(NPYArray(shape: [6], elements: [1, 0, 0, 1, 1, 0]), to: stem + "_labels.npy")
    let images = try ImageSet(stem: stem)
    #expect(images.channels == 2 && images.images[0, 1] == pixels[1] / 255)
    let balanced = images.balanced(perClass: 2)
    #expect(balanced.classes == [0, 0, 1, 1])
    #expect(Array(balanced.images.row(2)) == Array(images.images.row(0)))
    let normal = balanced.normalized(like: balanced)
    for plane in 0..<2 {
      let values = (0..<4).flatMap { i in (0..<4).map { normal.images[i, 4 * plane + $0] } }
      #expect(abs(try #require(values.mean)) < 1e-12)
      #expect(abs(try #require(values.map { $0 * $0 }.mean) - 1) < 1e-12)
    }
    for labels in [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1e300], [0, 1, 0, 1, 0, -1], [0, 1, 0, 1, 0, 0.5]] {
      try NPYWriter.write(NPYArray(shape: [labels.count], elements: labels), to: stem + "_labels.npy")
      #expect(throws: DataError.self) { try ImageSet(stem: stem) }
    }
  }

  /// Lengths alone tell the optimum of one sample, and never more than it of several.
  @Test func lengthsBoundTheObjective() throws {
    let one = try Dataset(features: Matrix([[3.0, 4]]), targets: [-2])
    let exact = try Training(beta: .value(0.5), gap: 1e-6).fit(one).certificate
    let bound = LengthBound.value(one, beta: 0.5)
    #expect(bound <= exact.objective && bound >= exact.objective * (1 - 1e-5))
    let several = try ParallelTeacher.dataset(samples: 12, features: 2, width: 2, subnetworks: 2, seed: 0)
    #expect(
      LengthBound.value(several, beta: 0.1)
        <= (try Training(beta: .value(0.1)).fit(several).certificate.objective))
    let mute = try Dataset(features: Matrix([[0.0], [1]]), targets: [3, 0])
    #expect(abs(LengthBound.value(mute, beta: 1) - 4.5) < 1e-6)
  }

  /// Theorem 2's formula is what its method certifies on orthonormal samples.
  @Test(arguments: [0.5, 1.2, 1.6]) func formulaOfTheoremTwo(_ beta: Double) throws {
    let data = try Dataset(features: Matrix.identity(5), labels: [0, 0, 1, 1, 1], classes: 2)
    let certified = try Training(beta: .value(beta), gap: 1e-9, method: .svd).fit(data).certificate
    let formula = ThresholdFormula.value(classSizes: [2, 3], beta: beta)
    #expect(abs(formula - certified.objective) < 1e-9 * formula)
  }

  @Test func landscapesAreJudged() {
    var random = SeededGenerator(seed: 0)
    let bowl = LandscapeGrid(size: 11) { a, b in 1 + a * a + 2 * b * b }
    #expect(bowl.failingShare(segments: 500, using: &random) == 0 && bowl.strictMinima == 1)
    let saddle = LandscapeGrid(size: 11) { a, b in 3 + a * a - 2 * b * b }
    let share = saddle.failingShare(segments: 500, using: &random)
    #expect(share > 0.1 && share < 1 && saddle.strictMinima == 0)
    let network = ThreeLayerNetwork(
      hidden: .gaussian(rows: 4, columns: 3, using: &random), inner: [1, -1, 2, 0.5], output: [1, -2],
      width: 2)
    let plane = WeightPlane(through: network, using: &random)
    #expect(plane.network(0, 0) == network && plane.network(0.5, 0) != network)
  }

  /// Differences on the same splits: their mean, and the deviation of such means.
  @Test func differencesArePaired() throws {
    let difference = try #require(PairedDifference([1, 4, 7], less: [0, 2, 4]))
    #expect(difference.mean == 2 && difference.pairs == 3)
    #expect(abs(try #require(difference.error) - (1.0 / 3).squareRoot()) < 1e-15)
    #expect(difference.text == "2.0 ± 0.5774 over 3 splits")
    #expect(PairedDifference([1], less: [3])?.text == "-2.0 over 1 split")
    #expect(PairedDifference([1, 2], less: [3]) == nil && PairedDifference([], less: []) == nil)
  }
}

import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualIO

@Suite struct DigestTests {
  private func dataset(
    features: Matrix = Matrix([[1, 2], [-0.0, 4]]), weights: [Double]? = nil
  ) throws -> Dataset {
    try Dataset(
      features: features, targets: [0.5, -3], weights: weights, featureNames: ["a", "größe"], targetName: "y")
  }

  private func model(norm: FirstLayerNorm = .l2, weightsName: String? = nil) throws -> Model {
    try Model(
      featureNames: ["a"], targetNames: ["y"], preprocessing: Preprocessing(),
      architecture: TwoLayer(norm), network: TwoLayerNetwork.zero(inputs: 1),
      loss: "squared", beta: 1, weightsName: weightsName)
  }

  /// What Guides/certificate.md describes, hashed by Python's hashlib and by FNV-1a written there anew.
  @Test func referencesFromAnotherProgram() throws {
    #expect(
      Digest(of: try dataset()).text
        == "sha256:ead0e2060a4f7f3bebfb351792160a6a091fee06eed27d042cf715f7a4044f3b")
    #expect(
      Digest(of: try dataset(weights: [1, 2])).text
        == "sha256:895bb26cf9c89d5655f6f9e97409f36c8fb5f64a8582d02911f1e6e2faa43de0")
    #expect(Digest(of: try dataset(), by: .fnv1a).text == "f52d59794c553e5b")
    #expect(Digest(of: try dataset(weights: [1, 2]), by: .fnv1a).text == "c9ee6fb0600fc524")
  }

  @Test func theZerosAreOne() throws {
    let other = try dataset(features: Matrix([[1, 2], [0, 4]]))
    #expect(Digest(of: other).text == Digest(of: try dataset()).text)
  }

  /// The values alone are the same: only their fields' names tell the two models apart.
  @Test func absentFieldsDontPassForOthers() throws {
    let (first, second) = (try model(norm: .l1), try model(weightsName: "l1"))
    #expect(Digest(of: first, by: .fnv1a).text == Digest(of: second, by: .fnv1a).text)
    #expect(Digest(of: first).text != Digest(of: second).text)
  }

  /// Nor do the items of one list pass for those of the next.
  @Test func listsEndWhereTheyEnd() {
    func text(_ first: [Int], _ second: [Int], _ method: Digest.Method) -> String {
      var digest = Digest(by: method)
      digest.add("first", first)
      digest.add("second", second)
      return digest.text
    }
    #expect(text([1, 2], [3], .fnv1a) == text([1], [2, 3], .fnv1a))
    #expect(text([1, 2], [3], .sha256) != text([1], [2, 3], .sha256))
  }

  @Test func aTextTellsItsMethod() {
    for method in [Digest.Method.sha256, .fnv1a] {
      #expect(Digest.Method(of: Digest(by: method).text) == method)
    }
  }
}

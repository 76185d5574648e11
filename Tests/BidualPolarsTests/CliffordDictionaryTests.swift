import BidualArrangements
import BidualLinear
import BidualObjectives
import BidualSolvers
import Testing

@testable import BidualPolars

@Suite struct CliffordDictionaryTests {
  /// The rows of a design without full rank have rays in their row space only.
  private func pointed(_ design: Matrix, _ norm: FirstLayerNorm) -> Matrix {
    norm == .l1 ? design : RowSpace(of: design).coordinates
  }

  @Test(arguments: DesignKind.allCases, FirstLayerNorm.allCases)
  func bestRaysAreTheBestOfAllRays(kind: DesignKind, norm: FirstLayerNorm) throws {
    var random = SeededGenerator(seed: 300)
    for rank in 1...4 {
      for rows in [1, 3, 8, rank == 4 ? 9 : 14] {
        let (raw, weights) = kind.instance(rows: rows, rank: rank, &random)
        let design = pointed(raw, norm)
        guard design.columns > 0 else { continue }
        let dictionary = try CliffordDictionary(design, norm: norm)
        let rays = dictionary.bestRays(for: weights, limit: 10)
        let rounding = 1e-10 * magnitude(design, weights)
        let exact = NaiveRays.polar(design, weights, norm: norm)
        #expect(abs((rays.first?.value ?? 0) - exact) <= rounding, "\(kind), \(rows)×\(rank)")
        #expect(rays.map(\.value) == rays.map(\.value).sorted(by: >))
        for ray in rays {
          #expect(abs(norm.length(ray.direction) - 1) < 1e-12)
          #expect(abs(ray.sign * naiveValue(design, weights, ray.direction) - ray.value) <= rounding)
        }
      }
    }
  }

  @Test(arguments: FirstLayerNorm.allCases) func allRaysComeOnceEach(norm: FirstLayerNorm) throws {
    var random = SeededGenerator(seed: 301)
    for rank in 2...5 {
      let (design, weights) = DesignKind.gaussian.instance(rows: rank + 3, rank: rank, &random)
      let dictionary = try CliffordDictionary(design, norm: norm)
      let naive = NaiveRays.all(design, norm: norm)
      #expect(Double(naive.count) == 2 * dictionary.subsetCount || norm == .l1)
      let rays = dictionary.bestRays(for: weights, above: -1, limit: .max)
      let values = naive.map { abs(naiveValue(design, weights, $0)) }.sorted(by: >)
      // Under ℓ₁ a set of axes and rows may be dependent in the naive list only to rounding.
      #expect(rays.count == naive.count)
      for (ray, value) in zip(rays, values) { #expect(abs(ray.value - value) < 1e-9) }
      let few = dictionary.bestRays(for: weights, above: values[6], limit: 4)
      #expect(few == Array(rays.prefix(4)))
      #expect(dictionary.bestRays(for: weights, above: values[0] * 1.001, limit: 4).isEmpty)
    }
  }

  @Test func raysOfDegenerateArrangementsComeOnceEach() throws {
    // Six planes through one ray, and a seventh.
    let design = Matrix((0..<6).map { [Double($0) - 2.5, 1, 0] } + [[0, 0, 1]])
    let rays = try CliffordDictionary(design, norm: .l2).bestRays(
      for: [1, -1, 2, 0.5, -3, 1, 2], above: -1, limit: 1000)
    // ±e₃, and two for each of the planes cut by the seventh.
    #expect(rays.count == 14)
  }

  @Test(arguments: [1, 2, 3]) func threadsDoNotMatter(threads: Int) throws {
    var random = SeededGenerator(seed: 302)
    let (design, weights) = DesignKind.integers.instance(rows: 30, rank: 3, &random)
    let rays = try CliffordDictionary(design, norm: .l1, threads: threads).bestRays(for: weights, limit: 50)
    #expect(rays == (try CliffordDictionary(design, norm: .l1).bestRays(for: weights, limit: 50)))
  }

  @Test func dictionariesThatAreTooLargeAreRefused() throws {
    var random = SeededGenerator(seed: 303)
    let (design, _) = DesignKind.gaussian.instance(rows: 100, rank: 6, &random)
    do {
      _ = try CliffordDictionary(design, norm: .l2, limit: 1_000_000)
      Issue.record("75287520 subsets were accepted")
    } catch {
      #expect(error == .tooManyRays(count: 75_287_520, limit: 1_000_000))
      #expect("\(error)".contains("raise the limit"))
    }
  }

  @Test func zeroDesignsAndZeroWeights() throws {
    for norm in FirstLayerNorm.allCases {
      let zero = try CliffordDictionary(Matrix(rows: 3, columns: 2), norm: norm)
      #expect(zero.bestRays(for: [1, 2, 3], limit: 5).isEmpty)
      let silent = try CliffordDictionary(Matrix([[1, 2], [3, 4]]), norm: norm)
      #expect(silent.bestRays(for: [0, 0], limit: 5).isEmpty)
      #expect(
        try CliffordDictionary(Matrix(rows: 2, columns: 0), norm: norm).bestRays(for: [1, 1], limit: 5)
          .isEmpty)
    }
  }
}

@Suite struct RayAscentTests {
  @Test(arguments: DesignKind.allCases, FirstLayerNorm.allCases)
  func endsAreRaysAndTheBestIsFound(kind: DesignKind, norm: FirstLayerNorm) {
    var random = SeededGenerator(seed: 310)
    for rank in 1...5 {
      let (raw, weights) = kind.instance(rows: 12, rank: rank, &random)
      let design = norm == .l1 ? raw : RowSpace(of: raw).coordinates
      let r = design.columns
      let starts = (0..<30).map { _ in randomDirection(r, &random) }
      let found = RayAscent(design, norm: norm).maxima(of: weights, from: starts, above: 0, limit: 50)
      let rounding = 1e-10 * magnitude(design, weights)
      let normals = design.unitRows
      for ray in found {
        #expect(abs(norm.length(ray.direction) - 1) < 1e-12)
        #expect(abs(ray.sign * naiveValue(design, weights, ray.direction) - ray.value) <= rounding)
        var active = (0..<design.rows).filter { abs(dot(normals.row($0), ray.direction)) < 1e-9 }
          .map { Array(normals.row($0)) }
        if norm == .l1 {
          active += (0..<r).filter { abs(ray.direction[$0]) < 1e-9 }.map { k in
            (0..<r).map { $0 == k ? 1 : 0 }
          }
        }
        let values = SingularValues(of: Matrix(active))?.values ?? []
        #expect(r == 1 || values.count { $0 > 1e-7 } == r - 1, "\(kind), rank \(r)")
      }
      let exact = NaiveRays.polar(design, weights, norm: norm)
      #expect(abs((found.first?.value ?? 0) - exact) <= 0.02 * exact + rounding, "\(kind), rank \(r)")
    }
  }

  @Test func ascentFromAPointNeverLosesUnderL1() {
    var random = SeededGenerator(seed: 311)
    let norm = FirstLayerNorm.l1
    for rank in 2...6 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 25, rank: rank, &random)
      for _ in 0..<10 {
        let start = norm.normalized(randomDirection(rank, &random))
        let found = RayAscent(design, norm: norm).maxima(of: weights, from: [start], above: 0, limit: 1)
        #expect((found.first?.value ?? 0) >= abs(naiveValue(design, weights, start)) * (1 - 1e-12))
      }
    }
  }
}

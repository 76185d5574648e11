import BidualLinear
import BidualSolvers
import Testing

@testable import BidualPolars

@Suite struct LocalAscentTests {
  private func starts(_ count: Int, _ rank: Int, _ random: inout SeededGenerator) -> Matrix {
    Matrix((0..<count).map { _ in randomDirection(rank, &random) })
  }

  @Test(arguments: DesignKind.allCases, 1...5) func everyValueIsAttained(kind: DesignKind, rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for _ in 0..<8 {
      let (design, weights) = kind.instance(rows: 30, rank: rank, &random)
      let size = magnitude(design, weights)
      let hyperplanes = Hyperplanes(design)
      let ascent = LocalAscent(hyperplanes)
      let threshold = 0.01 * size / 30
      let maxima = ascent.maxima(
        of: weights, from: starts(50, rank, &random), above: threshold, limit: 12)
      #expect(maxima.count <= 12)
      #expect(Set(maxima.map(\.key)).count == maxima.count)
      for maximum in maxima {
        #expect(maximum.value > threshold)
        #expect(abs(norm(maximum.direction) - 1) < 1e-12)
        let value = maximum.key.sign * naiveValue(design, weights, maximum.direction)
        #expect(abs(value - maximum.value) <= 1e-9 * size)
        // The maximiser lies in the chamber's closure, on the facets named.
        let heights = hyperplanes.unitRows.times(maximum.direction)
        for (side, height) in zip(maximum.key.sides, heights) { #expect(Double(side) * height >= -1e-9) }
        for facet in maximum.facets { #expect(abs(heights[facet]) <= 1e-9) }
        let again = ascent.maximum(of: weights, in: maximum.key)
        #expect(abs(again.value - maximum.value) <= 1e-12 * size)
      }
    }
  }

  /// A maximum in general position is one on the whole sphere, not only in its chamber.
  @Test(arguments: 2...5) func maximaAreLocallyOptimal(rank: Int) {
    var random = SeededGenerator(seed: UInt64(60 + rank))
    var checked = 0
    for _ in 0..<20 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 25, rank: rank, &random)
      let ascent = LocalAscent(Hyperplanes(design))
      for maximum in ascent.maxima(of: weights, from: starts(30, rank, &random), above: 0.1, limit: 5) {
        checked += 1
        for scale in [1e-5, 1e-7] {
          for _ in 0..<100 {
            let step = randomDirection(rank, &random)
            let near = zip(maximum.direction, step).map { $0 + scale * $1 }.normalized
            let value = maximum.key.sign * naiveValue(design, weights, near)
            #expect(value <= maximum.value * (1 + 1e-9))
          }
        }
      }
    }
    #expect(checked > 20)
  }

  /// With many starts in a plane the best local maximum is the best of all.
  @Test func bestOfManyAscentsIsThePolarInThePlane() {
    var random = SeededGenerator(seed: 65)
    for kind in DesignKind.allCases where kind != .rankDeficient {
      let (design, weights) = kind.instance(rows: 20, rank: 2, &random)
      let exact = BruteForcePolar.value(design, weights)
      let maxima = LocalAscent(Hyperplanes(design)).maxima(
        of: weights, from: starts(300, 2, &random), above: 0, limit: 100)
      let best = maxima.first.map(\.value) ?? 0
      #expect(abs((maxima.map(\.value).max() ?? 0) - exact) <= 1e-9 * exact, "\(kind)")
      #expect(best <= exact * (1 + 1e-12))
    }
  }

  @Test func nothingComesOfNothing() {
    let flat = LocalAscent(Hyperplanes(Matrix(rows: 3, columns: 2)))
    #expect(flat.maxima(of: [1, 2, 3], from: Matrix([[1, 0]]), above: 0, limit: 5).isEmpty)
    let ascent = LocalAscent(Hyperplanes(Matrix([[1, 0], [0, 1]])))
    #expect(ascent.maxima(of: [1, 1], from: Matrix(rows: 0, columns: 2), above: 0, limit: 5).isEmpty)
    #expect(ascent.maxima(of: [0, 0], from: Matrix([[1, 0]]), above: 0, limit: 5).isEmpty)
  }
}

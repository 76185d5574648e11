import BidualLinear
import CBidualKernels
import Testing

/// The C kernels beside naive twins.
@Suite struct ConeKernelTests {
  private static let sizes = [0, 1, 2, 3, 7, 8, 9, 31, 64, 257]

  /// Numbers with exact zeros among them, which count as neither sign.
  private func numbers(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in Int.random(in: 0..<5, using: &random) == 0 ? 0 : random.nextGaussian() }
  }

  @Test(arguments: 1...8) func coneSums(rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for rows in Self.sizes {
      let dots = numbers(rows * rank, &random)
      let v = numbers(rows, &random)
      let start = numbers(rank, &random)
      var sums = start
      var center = [Double](repeating: .nan, count: rows)
      let value = bidual_cone_sums(rows, rank, dots, v, &center, &sums)

      var expectedSums = start
      var expectedValue = 0.0
      var size = 1.0
      for i in 0..<rows {
        var middle = 0.0
        for k in 0..<rank { middle += dots[k * rows + i] }
        #expect(center[i] == middle)
        expectedValue += v[i] * max(middle, 0)
        for k in 0..<rank {
          let dot = dots[k * rows + i]
          size += abs(v[i] * dot)
          if v[i] > 0 { expectedSums[k] += v[i] * max(dot, 0) }
          if v[i] < 0, middle > 0 { expectedSums[k] += v[i] * dot }
        }
      }
      #expect(abs(value - expectedValue) <= 1e-14 * size)
      for k in 0..<rank { #expect(abs(sums[k] - expectedSums[k]) <= 1e-14 * size) }
    }
  }

  @Test func coneMidpoint() {
    var random = SeededGenerator(seed: 20)
    for rows in Self.sizes {
      let first = numbers(rows, &random)
      let second = numbers(rows, &random)
      var middle = [Double](repeating: .nan, count: rows)
      bidual_cone_midpoint(rows, first, second, 0.75, 0.5, &middle)
      for i in 0..<rows {
        #expect(
          abs(middle[i] - 0.75 * first[i] - 0.5 * second[i]) <= 1e-15 * (abs(first[i]) + abs(second[i])))
      }
    }
  }

  @Test(arguments: 1...8) func coneChild(rank: Int) {
    var random = SeededGenerator(seed: UInt64(30 + rank))
    for rows in Self.sizes {
      for replaced in 0..<rank {
        // A bias towards one sign, so that rows of all three kinds occur at every rank.
        let bias = (0..<rows).map { _ in [-3.0, 0, 3].randomElement(using: &random)! }
        var dots = numbers(rows * rank, &random)
        for k in 0..<rank {
          for i in 0..<rows where dots[k * rows + i] != 0 { dots[k * rows + i] += bias[i] }
        }
        let v = numbers(rows, &random)
        let middle = zip(numbers(rows, &random), bias).map { $0 == 0 ? 0 : $0 + $1 }
        let design = numbers((rows + 3) * rank, &random)
        let index = (0..<rows).map { _ in Int32.random(in: 0..<Int32(rows + 3), using: &random) }
        let start = numbers(rank, &random)

        var linear = start
        var flags = [UInt8](repeating: 77, count: rows)
        var childDots = [Double](repeating: .nan, count: rows * rank)
        var childV = [Double](repeating: .nan, count: rows)
        var childIndex = [Int32](repeating: -1, count: rows)
        let mixed = bidual_cone_child(
          rows, rank, dots, v, index, middle, replaced, design, &flags, &linear, &childDots, &childV,
          &childIndex)

        var expectedLinear = start
        var kept: [Int] = []
        func height(_ k: Int, _ i: Int) -> Double { k == replaced ? middle[i] : dots[k * rows + i] }
        for i in 0..<rows {
          let heights = (0..<rank).map { height($0, i) }
          let rises = heights.contains { $0 > 0 }
          let falls = heights.contains { $0 < 0 }
          if rises && falls { kept.append(i) }
          if rises && !falls {
            for k in 0..<rank { expectedLinear[k] += v[i] * design[Int(index[i]) * rank + k] }
          }
        }
        #expect(mixed == kept.count)
        #expect(Array(childV[..<mixed]) == kept.map { v[$0] })
        #expect(Array(childIndex[..<mixed]) == kept.map { index[$0] })
        for k in 0..<rank {
          #expect(Array(childDots[(k * mixed)..<((k + 1) * mixed)]) == kept.map { height(k, $0) })
          #expect(abs(linear[k] - expectedLinear[k]) <= 1e-13 * Double(rows + 1) * 10)
        }
        // Nothing is written behind the packed rows.
        #expect(childV[mixed...].allSatisfy { $0.isNaN } && childIndex[mixed...].allSatisfy { $0 == -1 })
      }
    }
  }
}

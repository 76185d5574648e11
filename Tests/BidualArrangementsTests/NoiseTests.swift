import BidualArrangements
import BidualLinear
import Testing

/// Degenerate data seen through rounding and noise of every size.
@Suite struct NoiseTests {
  @Test(arguments: [1e-15, 1e-13, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-5])
  func noiseIsIgnoredOrHeededOrRefusedButNeverHalfHeeded(noise: Double) throws {
    for (n, d, range) in [(20, 3, 2), (30, 3, 4), (12, 4, 1), (14, 5, 1)] {
      for seed in 0..<10 {
        var generator = SeededGenerator(seed: UInt64(1000 * seed + n))
        let clean = integers(n, d, in: -range...range, using: &generator)
        var data = clean
        for i in 0..<n where clean.row(i).contains(where: { $0 != 0 }) {
          for j in 0..<d { data[i, j] += noise * generator.nextGaussian() }
        }
        let arrangement = try Arrangement(data)
        do {
          let tree = try arrangement.chambers()
          #expect(fault(in: tree, of: data) == nil)
          if noise <= 1e-13 { #expect(try tree.count == Arrangement(clean).chamberCount()) }
          if noise >= 1e-5 {
            let cover = CoverCount.chambers(hyperplanes: arrangement.hyperplaneCount, rank: d)
            #expect(tree.count == cover)
          }
        } catch ArrangementError.ambiguous {
          #expect(noise > 1e-13 && noise < 1e-5)
        }
      }
    }
  }

  @Test(arguments: [(50, 2, 20), (30, 3, 5), (20, 4, 3)], [0, 1000, 100_000])
  func standardisingIntegersKeepsTheCount(shape: (n: Int, d: Int, range: Int), shift: Int) throws {
    var generator = SeededGenerator(seed: UInt64(shape.n))
    let plain = integers(shape.n, shape.d, in: shift...(shift + shape.range), using: &generator)
    let data = withOnes(standardised(plain))
    let tree = try Arrangement(data).chambers()
    #expect(try tree.count == Arrangement(withOnes(plain)).chamberCount())
    #expect(fault(in: tree, of: data) == nil)
  }

  private func integers(
    _ n: Int, _ d: Int, in range: ClosedRange<Int>, using generator: inout SeededGenerator
  ) -> Matrix {
    Matrix(
      rows: n, columns: d,
      elements: (0..<(n * d)).map { _ in Double(Int.random(in: range, using: &generator)) })
  }
}

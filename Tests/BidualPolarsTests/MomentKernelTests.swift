import BidualLinear
import CBidualKernels
import Testing

/// The kernels of the boxes beside naive twins.
@Suite struct MomentKernelTests {
  /// A block with rows of both signs, some zero on the box, some parallel to an axis.
  private struct Block {
    let rank: Int
    let convex: Int
    let concave: Int
    var elements: [Double]
    var rows: Int { convex + concave }

    init(rank: Int, convex: Int, concave: Int, _ random: inout SeededGenerator) {
      self.rank = rank
      self.convex = convex
      self.concave = concave
      let rows = convex + concave
      elements = Array(repeating: 0, count: rows * (rank + 1))
      for i in 0..<rows where i % 8 != 7 {
        let kind = Int.random(in: 0..<6, using: &random)
        for a in 0..<rank {
          elements[a * rows + i] =
            switch kind {
            case 0: a == i % rank ? 1 : 0
            case 1: Double(Int.random(in: -1...1, using: &random))
            default: random.nextGaussian()
            }
        }
        elements[rank * rows + i] = (i < convex ? 1 : -1) * random.nextUniform()
      }
    }

    func weight(_ i: Int) -> Double { elements[rank * rows + i] }
    func entry(_ i: Int, _ a: Int) -> Double { elements[a * rows + i] }
  }

  /// A box with halved axes: centre and half-lengths.
  private func box(_ axes: Int, deepest: Int, _ random: inout SeededGenerator) -> (
    center: [Double], half: [Double]
  ) {
    var center = [Double](repeating: 0, count: axes)
    var half = [Double](repeating: 1, count: axes)
    for j in 0..<axes {
      for _ in 0..<Int.random(in: 0...deepest, using: &random) {
        half[j] *= 0.5
        center[j] += Bool.random(using: &random) ? half[j] : -half[j]
      }
    }
    return (center, half)
  }

  @Test(arguments: [1, 2, 3, 5, 6, 9, 14, 32]) func momentSums(rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    let d = rank - 1
    for trial in 0..<40 {
      let block = Block(
        rank: rank, convex: 8 * Int.random(in: 0...4, using: &random),
        concave: 8 * Int.random(in: 0...4, using: &random), &random)
      let face = Int.random(in: 0..<rank, using: &random)
      let (center, half) = box(d, deepest: trial % 12, &random)
      var sums = [Double](repeating: .nan, count: 3 + 2 * d + d * d)
      var scratch = [Double](repeating: .nan, count: 3 + block.convex + block.concave * (d + 3) + 8 * rank)
      bidual_moment_sums(
        rank, face, block.convex, block.concave, block.elements, block.rows, center, half, &scratch, &sums)
      var expected = [Double](repeating: 0, count: sums.count)
      var size = 1.0
      for i in 0..<block.rows where block.weight(i) != 0 {
        let row = QuadraticRow(
          weight: block.weight(i), base: block.entry(i, face),
          slopes: (0..<d).map { block.entry(i, $0 < face ? $0 : $0 + 1) }, center: center, half: half)
        size += abs(row.weight) * (abs(row.height) + row.radius)
        expected[0] += row.weight * row.constant
        expected[1] += row.weight * abs(row.height)
        if abs(row.height) < row.radius { expected[2] += 1 }
        for j in 0..<d {
          expected[3 + j] += row.weight * row.slope * row.steps[j]
          expected[3 + d + j] += row.share(j)
          for l in 0..<d {
            expected[3 + 2 * d + j * d + l] += 2 * row.weight * row.curvature * row.steps[j] * row.steps[l]
          }
        }
      }
      for k in sums.indices {
        #expect(abs(sums[k] - expected[k]) <= 1e-12 * size * Double(rank), "number \(k), rank \(rank)")
      }
    }
  }

  /// The quadratics stand on the right side of |t| at all points, whatever the point of the interval.
  @Test func quadraticsBoundAbsoluteValues() {
    var random = SeededGenerator(seed: 3)
    for trial in 0..<2000 {
      let d = 1 + trial % 6
      let (center, half) = box(d, deepest: 10, &random)
      for weight in [1.0, -1] {
        let row = QuadraticRow(
          weight: weight, base: random.nextGaussian() * (trial % 3 == 0 ? 0.01 : 1),
          slopes: (0..<d).map { _ in random.nextGaussian() }, center: center, half: half)
        for k in -20...20 {
          let step = Double(k) / 20 * row.radius
          let value = row.constant + row.slope * step + row.curvature * step * step
          let height = abs(row.height + step)
          #expect(weight * value >= weight * height - 1e-12 * (abs(row.height) + row.radius))
        }
      }
    }
  }

  @Test(arguments: [1, 2, 4, 9, 32]) func foldedRows(rank: Int) {
    var random = SeededGenerator(seed: UInt64(100 + rank))
    let d = rank - 1
    for trial in 0..<40 {
      let block = Block(
        rank: rank, convex: 8 * Int.random(in: 0...3, using: &random),
        concave: 8 * Int.random(in: 0...3, using: &random), &random)
      let face = Int.random(in: 0..<rank, using: &random)
      let (center, half) = box(d, deepest: trial % 8, &random)
      let start = (0..<rank).map { _ in random.nextGaussian() }
      var linear = start
      var index = [Int32](repeating: -1, count: block.rows + 8)
      var keptConvex = -1
      let kept = bidual_moment_fold(
        rank, face, block.convex, block.concave, block.elements, block.rows, center, half, &index, &linear,
        &keptConvex)
      var expected: [Int32] = []
      var expectedLinear = start
      var expectedConvex = 0
      for i in 0..<block.rows where block.weight(i) != 0 {
        let row = QuadraticRow(
          weight: block.weight(i), base: block.entry(i, face),
          slopes: (0..<d).map { block.entry(i, $0 < face ? $0 : $0 + 1) }, center: center, half: half)
        if abs(row.height) < row.radius {
          expected.append(Int32(i))
          if i < block.convex { expectedConvex += 1 }
        } else {
          for a in 0..<rank {
            expectedLinear[a] += row.weight * (row.height < 0 ? -1 : 1) * block.entry(i, a)
          }
        }
      }
      #expect(Array(index[..<kept]) == expected && keptConvex == expectedConvex)
      for a in 0..<rank { #expect(abs(linear[a] - expectedLinear[a]) <= 1e-12 * Double(block.rows + 1)) }

      let convex = (keptConvex + 7) / 8 * 8
      let rows = convex + (kept - keptConvex + 7) / 8 * 8
      var child = [Double](repeating: .nan, count: rows * (rank + 1) + 1)
      bidual_moment_gather(rank, block.elements, block.rows, kept, keptConvex, index, &child)
      for a in 0...rank {
        for k in 0..<rows {
          let source = k < keptConvex ? k : k < convex ? kept : keptConvex + k - convex
          let value = source < kept ? block.elements[a * block.rows + Int(index[source])] : 0
          #expect(child[a * rows + k] == value)
        }
      }
      #expect(child[rows * (rank + 1)].isNaN)
    }
  }
}

/// One row on a box with its quadratic, by the formulas of the guide.
private struct QuadraticRow {
  let weight: Double
  let height: Double
  let radius: Double
  /// What the row gains along each half-axis.
  let steps: [Double]
  private(set) var constant: Double
  private(set) var slope: Double
  private(set) var curvature = 0.0
  private let spread: Double
  private let square: Double

  init(weight: Double, base: Double, slopes: [Double], center: [Double], half: [Double]) {
    self.weight = weight
    height = base + zip(slopes, center).reduce(0) { $0 + $1.0 * $1.1 }
    steps = zip(slopes, half).map { $0 * $1 }
    radius = steps.reduce(0x1p-70) { $0 + abs($1) }
    square = steps.reduce(0x1p-140) { $0 + $1 * $1 }
    spread = 0.6 * square
    constant = abs(height)
    slope = height < 0 ? -1 : 1
    guard abs(height) < radius else { return }
    let size = abs(height)
    if weight > 0 {
      let touch = size + spread / radius
      if touch >= radius - size {
        // The parabola that touches |t| at `touch` and meets it at the interval's near end.
        curvature = 2 * (radius - size) / ((touch + radius - size) * (touch + radius - size))
        constant = size + curvature * (touch - size) * (touch - size)
        slope *= 1 - 2 * curvature * (touch - size)
      } else {
        let middle = (height * height + spread).squareRoot()
        curvature = 0.5 / middle
        constant = height * height / (2 * middle) + middle / 2
        slope = height / middle
      }
    } else if spread / radius > size {
      curvature = 1 / radius
      constant = 0
      slope = height / radius
    }
  }

  /// The share of an axis in what a concave row loses.
  func share(_ axis: Int) -> Double {
    guard weight < 0, abs(height) < radius else { return 0 }
    let mean = (height * height + spread).squareRoot()
    let minorant = curvature > 0 ? spread / radius : abs(height)
    return -weight * (mean - minorant) * steps[axis] * steps[axis] / square
  }
}

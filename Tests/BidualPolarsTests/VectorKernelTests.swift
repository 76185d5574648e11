import BidualLinear
import CBidualKernels
import Testing

/// The kernels of boxes with several outputs beside naive twins.
@Suite struct VectorKernelTests {
  /// A block and a box with halved axes, and what loops find of its rows.
  private struct Case {
    let rank: Int
    let outputs: Int
    let rows: Int
    let face: Int
    var block: [Double]
    var center: [Double]
    var half: [Double]

    init(rank: Int, outputs: Int, _ random: inout SeededGenerator) {
      self.rank = rank
      self.outputs = outputs
      rows = 8 * Int.random(in: 1...4, using: &random)
      face = Int.random(in: 0..<rank, using: &random)
      block = Array(repeating: 0, count: rows * (rank + 1 + outputs))
      // Some rows are zero, as those that fill up a block.
      for i in 0..<rows where i % 8 < 6 {
        for column in 0...(rank + outputs) where column != rank {
          block[column * rows + i] =
            i % 5 == 0 ? Double(Int.random(in: -1...1, using: &random)) : random.nextGaussian()
        }
      }
      center = Array(repeating: 0, count: rank - 1)
      half = Array(repeating: 1, count: rank - 1)
      for j in center.indices {
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          half[j] *= 0.5
          center[j] += Bool.random(using: &random) ? half[j] : -half[j]
        }
      }
      for i in 0..<rows where isZero(i) {
        for k in 0..<outputs { block[(rank + 1 + k) * rows + i] = 0 }
      }
    }

    func entry(_ i: Int, axis j: Int) -> Double { block[(j < face ? j : j + 1) * rows + i] }
    func weight(_ i: Int, _ k: Int) -> Double { block[(rank + 1 + k) * rows + i] }
    func isZero(_ i: Int) -> Bool { (0..<rank).allSatisfy { block[$0 * rows + i] == 0 } }

    func height(_ i: Int) -> Double {
      center.indices.reduce(block[face * rows + i]) { $0 + entry(i, axis: $1) * center[$1] }
    }
    func radius(_ i: Int) -> Double { half.indices.reduce(0) { $0 + abs(entry(i, axis: $1)) * half[$1] } }
    func isMixed(_ i: Int) -> Bool { !isZero(i) && abs(height(i)) < radius(i) }
  }

  /// The curves stay within their reach, and the sums are those of the curves.
  @Test(arguments: 1...6, [1, 2, 3, 5, 9]) func lines(rank: Int, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(10 * rank + outputs))
    let d = rank - 1
    for trial in 0..<20 {
      let given = Case(rank: rank, outputs: outputs, &random)
      let rows = given.rows
      var lines = [Double](repeating: .nan, count: 7 * rows)
      var sums = [Double](repeating: .nan, count: outputs * (2 + d + d * d))
      let isCurved = trial % 2 == 0
      bidual_vector_lines(
        rank, given.face, outputs, rows, isCurved ? 1 : 0, given.block, given.center, given.half, &lines,
        &sums)
      for i in 0..<rows where !given.isZero(i) {
        let (c, r) = (given.height(i), given.radius(i))
        let (middle, slope, reach) = (lines[rows + i], lines[2 * rows + i], lines[3 * rows + i])
        let alpha = lines[6 * rows + i]
        #expect(abs(lines[i] - abs(c)) < 1e-12 && (reach > 0) == given.isMixed(i))
        #expect(isCurved || alpha == 0)
        var worst = 0.0
        for step in 0...200 {
          let xi = r * (Double(step) / 100 - 1)
          worst = max(worst, abs(abs(c + xi) - (middle + slope * xi + alpha * xi * xi)))
        }
        #expect(worst <= reach + 1e-12 && worst >= 0.9 * reach - 1e-12)
        #expect(reach <= (isCurved ? 0.181 : 0.5) * r)
      }
      for k in 0..<outputs {
        func sum(_ term: (Int) -> Double) -> Double {
          (0..<rows).reduce(0) { given.isZero($1) ? $0 : $0 + given.weight($1, k) * term($1) }
        }
        #expect(abs(sums[k] - sum { abs(given.height($0)) }) < 1e-10)
        #expect(abs(sums[outputs + k] - sum { lines[rows + $0] }) < 1e-10)
        for j in 0..<d {
          let slope = given.half[j] * sum { lines[2 * rows + $0] * given.entry($0, axis: j) }
          #expect(abs(sums[2 * outputs + k * d + j] - slope) < 1e-10)
          for l in 0...j {
            let square =
              given.half[j] * given.half[l]
              * sum { lines[6 * rows + $0] * given.entry($0, axis: j) * given.entry($0, axis: l) }
            #expect(abs(sums[outputs * (2 + d) + (k * d + j) * d + l] - square) < 1e-10)
          }
        }
      }
    }
  }

  @Test(arguments: 1...6, [1, 2, 3, 5, 9]) func splits(rank: Int, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(100 + 10 * rank + outputs))
    let d = rank - 1
    for _ in 0..<20 {
      var given = Case(rank: rank, outputs: outputs, &random)
      let rows = given.rows
      let g = randomDirection(outputs, &random)
      var lines = [Double](repeating: .nan, count: 7 * rows)
      var lineSums = [Double](repeating: .nan, count: outputs * (2 + d + d * d))
      bidual_vector_lines(
        rank, given.face, outputs, rows, 1, given.block, given.center, given.half, &lines, &lineSums)
      var index = [Int32](repeating: -1, count: rows + 8)
      var convex = 0
      var sums = [Double](repeating: .nan, count: 2 + outputs + 2 * d)
      let kept = bidual_vector_split(
        rank, given.face, outputs, rows, &given.block, given.half, g, &lines, &index, &convex, &sums)
      let along = (0..<rows).map { i in (0..<outputs).reduce(0) { $0 + g[$1] * given.weight(i, $1) } }
      for i in 0..<rows { #expect(abs(given.block[rank * rows + i] - along[i]) < 1e-12) }
      let mixed = (0..<rows).filter { given.isMixed($0) }
      #expect(index[0..<convex].map { Int($0) } == mixed.filter { along[$0] > 1e-14 })
      #expect(index[convex..<kept].map { Int($0) } == mixed.filter { along[$0] < -1e-14 })
      let folded = (0..<rows).filter { !given.isMixed($0) }
      #expect(abs(sums[0] - folded.reduce(0) { $0 + along[$1] * abs(given.height($1)) }) < 1e-10)
      #expect(abs(sums[1] - mixed.reduce(0) { $0 + abs(along[$1]) * lines[3 * rows + $1] }) < 1e-10)
      for k in 0..<outputs {
        let across = mixed.reduce(0) {
          $0 + abs(given.weight($1, k) - along[$1] * g[k]) * lines[3 * rows + $1]
        }
        #expect(abs(sums[2 + k] - across) < 1e-10)
      }
      for j in 0..<d {
        let slope = folded.reduce(0) {
          $0 + along[$1] * (given.height($1) < 0 ? -1 : 1) * given.entry($1, axis: j)
        }
        #expect(abs(sums[2 + outputs + j] - given.half[j] * slope) < 1e-10)
        #expect(sums[2 + outputs + d + j] >= 0)
      }
    }
  }

  @Test(arguments: 1...6, [1, 2, 5, 9]) func folds(rank: Int, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(200 + 10 * rank + outputs))
    for _ in 0..<20 {
      let given = Case(rank: rank, outputs: outputs, &random)
      var index = [Int32](repeating: -1, count: given.rows + 8)
      var scratch = [Double](repeating: .nan, count: given.rows)
      var linear = [Double](repeating: 0.25, count: outputs * rank)
      let kept = bidual_vector_fold(
        rank, given.face, outputs, given.rows, given.block, given.center, given.half, &scratch, &index,
        &linear)
      #expect(index[0..<kept].map { Int($0) } == (0..<given.rows).filter { given.isMixed($0) })
      for k in 0..<outputs {
        for a in 0..<rank {
          var sum = 0.25
          for i in 0..<given.rows where !given.isMixed(i) {
            sum += given.weight(i, k) * (given.height(i) < 0 ? -1 : 1) * given.block[a * given.rows + i]
          }
          #expect(abs(linear[k * rank + a] - sum) < 1e-10)
        }
      }
    }
  }
}

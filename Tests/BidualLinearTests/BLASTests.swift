import BidualLinear
import Testing

@Suite struct BLASTests {
  private func numbers(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in random.nextGaussian() }
  }

  private func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) where !(abs(x - y) <= tolerance * max(1, abs(y))) {
      Issue.record("\(x) is not \(y)")
    }
  }

  @Test(arguments: [false, true], [false, true]) func gemmIsThreeLoops(transposeA: Bool, transposeB: Bool) {
    var random = SeededGenerator(seed: 31)
    for (m, n, k) in [(1, 1, 1), (3, 5, 2), (7, 1, 9), (1, 8, 3), (16, 17, 18)] {
      // Leading dimensions two longer than the rows.
      let lda = (transposeA ? m : k) + 2
      let ldb = (transposeB ? k : n) + 2
      let ldc = n + 2
      let a = numbers((transposeA ? k : m) * lda, &random)
      let b = numbers((transposeB ? n : k) * ldb, &random)
      let start = numbers(m * ldc, &random)
      var c = start
      var expected = start
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k {
            sum +=
              (transposeA ? a[p * lda + i] : a[i * lda + p]) * (transposeB ? b[j * ldb + p] : b[p * ldb + j])
          }
          expected[i * ldc + j] = 0.5 * sum - 2 * start[i * ldc + j]
        }
      }
      BLAS.gemm(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 0.5, a: a, lda: lda, b: b,
        ldb: ldb, beta: -2, c: &c, ldc: ldc)
      expectClose(c, expected)
    }
  }

  @Test(arguments: [false, true]) func gemvIsTwoLoops(transpose: Bool) {
    var random = SeededGenerator(seed: 32)
    for (m, n) in [(1, 1), (4, 9), (9, 4), (30, 31)] {
      let a = numbers(m * n, &random)
      let x = numbers(transpose ? m : n, &random)
      let start = numbers(transpose ? n : m, &random)
      var y = start
      var expected = start.map { 3 * $0 }
      for i in 0..<m {
        for j in 0..<n { expected[transpose ? j : i] -= a[i * n + j] * x[transpose ? i : j] }
      }
      BLAS.gemv(transpose: transpose, m: m, n: n, alpha: -1, a: a, x: x, beta: 3, y: &y)
      expectClose(y, expected)
    }
  }

  @Test(arguments: [false, true]) func syrkFillsTheLowerTriangleOnly(transpose: Bool) {
    var random = SeededGenerator(seed: 33)
    let (n, k) = (6, 4)
    let a = numbers(n * k, &random)
    let start = numbers(n * n, &random)
    var c = start
    var expected = start
    for i in 0..<n {
      for j in 0...i {
        var sum = 0.0
        for p in 0..<k { sum += transpose ? a[p * n + i] * a[p * n + j] : a[i * k + p] * a[j * k + p] }
        expected[i * n + j] = 2 * sum + 0.5 * start[i * n + j]
      }
    }
    BLAS.syrk(transpose: transpose, n: n, k: k, alpha: 2, a: a, beta: 0.5, c: &c)
    expectClose(c, expected)
    for i in 0..<n { for j in (i + 1)..<max(n, i + 1) { #expect(c[i * n + j] == start[i * n + j]) } }
  }

  @Test(arguments: [1, 2, 5, 40]) func choleskySolvesSystems(order: Int) {
    var random = SeededGenerator(seed: 34)
    let root = Matrix(rows: order, columns: order + 3, elements: numbers(order * (order + 3), &random))
    let matrix = root.timesTransposed(root)
    var factor = matrix.elements
    #expect(BLAS.choleskyFactor(n: order, &factor))
    for i in 0..<order {
      for j in 0...i {
        var sum = 0.0
        for k in 0...j { sum += factor[i * order + k] * factor[j * order + k] }
        #expect(abs(sum - matrix[i, j]) <= 1e-11 * matrix[i, i].magnitude + 1e-11)
      }
    }
    let x = numbers(order, &random)
    var solved = (0..<order).map { i in naiveDot(Array(matrix.row(i)), x) }
    BLAS.choleskySolve(n: order, factor: factor, x: &solved)
    expectClose(solved, x, 1e-7)
    var half = x
    BLAS.triangularSolve(n: order, factor: factor, x: &half)
    let back = (0..<order).map { i in (0...i).reduce(0.0) { $0 + factor[i * order + $1] * half[$1] } }
    expectClose(back, x, 1e-10)
    var other = x
    BLAS.triangularSolve(transpose: true, n: order, factor: factor, x: &other)
    let forth = (0..<order).map { i in (i..<order).reduce(0.0) { $0 + factor[$1 * order + i] * other[$1] } }
    expectClose(forth, x, 1e-10)
  }

  @Test func indefiniteMatricesHaveNoFactor() {
    var matrix = [1.0, 0, 2, 1]
    #expect(!BLAS.choleskyFactor(n: 2, &matrix))
    #expect(BLAS.choleskyFactor(n: 0, &matrix))
  }

  @Test func productsWithoutInnerDimensionAreZero() {
    let a = Matrix(rows: 2, columns: 0)
    let b = Matrix(rows: 0, columns: 3)
    #expect(a.times(b) == Matrix(rows: 2, columns: 3))
    #expect(a.times([]) == [0, 0])
    #expect(b.transposedTimes([]) == [0, 0, 0])
    #expect(b.transposedTimes(Matrix(rows: 0, columns: 2)) == Matrix(rows: 3, columns: 2))
  }
}

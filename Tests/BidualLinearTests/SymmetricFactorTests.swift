import BidualLinear
import Testing

@Suite struct SymmetricFactorTests {
  /// Saddle points: a zero block on the diagonal, which no factorisation without pivots survives.
  @Test(arguments: [1, 2, 3, 7, 40, 90]) func indefiniteSystemsAreSolved(order: Int) {
    var random = SeededGenerator(seed: UInt64(order))
    var matrix = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0...i {
        let value = i < order / 2 || order == 1 || i >= order - order % 2 ? random.nextGaussian() : 0
        let entry = j < order / 2 || order == 1 || i >= order - order % 2 ? random.nextGaussian() + value : 0
        matrix[i * order + j] = entry
        matrix[j * order + i] = entry
      }
    }
    let wanted = (0..<order).map { _ in random.nextGaussian() }
    var x = (0..<order).map { i in
      (0..<order).reduce(0) { $0 + matrix[i * order + $1] * wanted[$1] }
    }
    let factor = SymmetricFactor(order: order)
    #expect(factor.factor(matrix))
    factor.solve(&x)
    for i in 0..<order { #expect(abs(x[i] - wanted[i]) <= 1e-8) }
  }

  @Test func singularMatricesAreToldApart() {
    let factor = SymmetricFactor(order: 3)
    #expect(!factor.factor(Array(repeating: 0, count: 9)))
    #expect(SymmetricFactor(order: 0).factor([]))
  }
}

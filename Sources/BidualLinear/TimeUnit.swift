/// The unit of time: one 2000×2000×2000 matrix product on one thread, measured in the same run.
package struct TimeUnit: Sendable {
  /// The unit in seconds.
  package let seconds: Double

  /// Measures the unit, the best of three products.
  package init() {
    var generator = SeededGenerator(seed: 1)
    let factor = Matrix(
      rows: 2000, columns: 2000, elements: (0..<4_000_000).map { _ in generator.nextUniform() })
    seconds = BLAS.singleThreaded {
      _ = factor.times(factor)
      return (0..<3).map { _ in ContinuousClock().measure { _ = factor.times(factor) } / .seconds(1) }.min()!
    }
  }
}

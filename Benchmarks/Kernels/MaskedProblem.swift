import Bidual

/// Random data, patterns and arguments of the masked products, with their naive twins.
struct MaskedProblem {
  let design: Matrix
  let outputs: Int
  let bits: [ActivationPattern]
  let patterns: PatternSet
  let blocks: [Double]
  let residual: [Double]

  init(samples: Int, features: Int, count: Int, outputs: Int) {
    var random = SeededGenerator(seed: 1)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
    design = Matrix(rows: samples, columns: features, elements: numbers(samples * features))
    self.outputs = outputs
    bits = (0..<count).map { _ in
      var pattern = ActivationPattern(count: samples)
      for i in 0..<samples where random.next() >> 63 == 1 { pattern[i] = true }
      return pattern
    }
    patterns = PatternSet(bits, samples: samples)
    blocks = numbers(count * features * outputs)
    residual = numbers(samples * outputs)
  }

  func naiveForward() -> [Double] {
    let (n, d, c) = (design.rows, design.columns, outputs)
    var fitted = [Double](repeating: 0, count: n * c)
    for p in bits.indices {
      for i in 0..<n where bits[p][i] {
        for k in 0..<c {
          var sum = 0.0
          for j in 0..<d { sum += design.elements[i * d + j] * blocks[(p * d + j) * c + k] }
          fitted[i * c + k] += sum
        }
      }
    }
    return fitted
  }

  func naiveAdjoint() -> [Double] {
    let (n, d, c) = (design.rows, design.columns, outputs)
    var correlations = [Double](repeating: 0, count: bits.count * d * c)
    for p in bits.indices {
      for i in 0..<n where bits[p][i] {
        for j in 0..<d {
          for k in 0..<c {
            correlations[(p * d + j) * c + k] += design.elements[i * d + j] * residual[i * c + k]
          }
        }
      }
    }
    return correlations
  }

  /// Largest differences to the twins, relative to the largest entry.
  func worstDifference(_ operation: MaskedDesign<Double>) -> (forward: Double, adjoint: Double) {
    func difference(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / b.reduce(0) { max($0, abs($1)) }
    }
    return (
      difference(operation.forward(blocks, outputs: outputs), naiveForward()),
      difference(operation.adjoint(residual, outputs: outputs), naiveAdjoint())
    )
  }
}

import Bidual

/// What Theorem 2 of SEPP21 says the optimum is, for whitened samples and one-hot targets: singular values σ of the targets each cost
/// β(σ − β/2), or σ²/2 where β ≥ σ.
enum ThresholdFormula {
  static func value(classSizes: [Int], beta: Double) -> Double {
    classSizes.reduce(0) { sum, size in
      let sigma = Double(size).squareRoot()
      return sum + (beta < sigma ? beta * (sigma - 0.5 * beta) : 0.5 * sigma * sigma)
    }
  }
}

import RealModule

extension Matrix {
  /// An upper bound of σ_max: σ_max² is the largest eigenvalue λ of G = XᵀX, and λ^m ≤ ‖G^m‖ for m = 2⁶.
  ///
  /// Rounding adds less than 2⁻²⁰ relatively, for up to 10⁸ entries.
  ///
  /// - Complexity: O(nd² + d³) for n×d.
  package var spectralNormBound: Double {
    Census.note(.spectralNorm)
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    // In units of the largest entry nothing that matters over- or underflows.
    var scaled = self
    for i in scaled.elements.indices { scaled.elements[i] /= largest }
    var power = scaled.transposedTimes(scaled)
    var logarithm = 0.0
    var exponent = 1.0
    for squaring in 0...6 {
      if squaring > 0 {
        power = power.times(power)
        exponent *= 2
      }
      let length = norm(power.elements)
      // G^(2^j) = e^(2^j·logarithm) · power, with power brought to length 1 each time.
      logarithm += Double.log(length) / exponent
      for i in power.elements.indices { power.elements[i] /= length }
    }
    return largest * Double.exp(0.5 * logarithm) * (1 + 0x1p-20)
  }
}

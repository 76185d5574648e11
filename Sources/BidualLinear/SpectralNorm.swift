import RealModule

extension Matrix {
  /// An upper bound of σ_max, the square root of the largest eigenvalue λ of the Gram matrix G of the shorter side.
  ///
  /// A vector of the power G⁶⁴ gives a number ρ ≤ λ that is near λ, and a Cholesky factorisation of tI − G, for a t slightly
  /// above ρ, proves λ ≤ t: it succeeds for matrices only that are positive semidefinite but for its rounding (Rump 2006). Where no such t
  /// is found, λ^m ≤ ‖G^m‖ for m = 2⁶ stands. What rounding hides is charged: of G with F² = ‖X‖_F² less than n·2⁻⁵¹F², of the
  /// factorisation what `eigenvalueBound` says.
  ///
  /// - Complexity: O(ndk + k³) for n×d and k = min(n, d).
  package var spectralNormBound: Double {
    Census.note(.spectralNorm)
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard elements.allSatisfy(\.isFinite) else { return .infinity }
    guard largest > 0 else { return 0 }
    // In units of the largest entry nothing that matters over- or underflows.
    var scaled = self
    for i in scaled.elements.indices { scaled.elements[i] /= largest }
    let gram = columns <= rows ? scaled.transposedTimes(scaled) : scaled.timesTransposed(scaled)
    var power = gram
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
    // Rounding adds less than 2⁻²⁰ relatively, for up to 10⁸ entries.
    let byPowers = Double.exp(0.5 * logarithm) * (1 + 0x1p-20)
    return largest * min(byPowers, Self.root(of: gram, power, sums: max(rows, columns)))
  }

  /// The root of a proven bound of the largest eigenvalue of a Gram matrix whose entries are sums of so many terms; infinite if
  /// none near the Rayleigh quotient of a power's longest column is found.
  private static func root(of gram: Matrix, _ power: Matrix, sums: Int) -> Double {
    let k = gram.rows
    let trace = (0..<k).reduce(0) { $0 + gram[$1, $1] }
    guard let longest = (0..<k).max(by: { power[$0, $0] < power[$1, $1] }) else { return 0 }
    var vector = Array(power.row(longest)).normalized
    // Eigenvalues near the largest are told apart by more of the same.
    for _ in 0..<30 { vector = power.times(vector).normalized }
    let quotient = dot(vector, gram.times(vector))
    let charge = Double(sums + 8) * 0x1p-51 * trace
    for excess in [1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3] {
      let bound = quotient + excess * trace
      guard let proven = gram.eigenvalueBound(near: bound) else { continue }
      return (proven + charge).squareRoot() * (1 + 0x1p-45)
    }
    return .infinity
  }
}

import BidualLinear

/// Local maxima of ‖Mᵀu‖ over the unit vectors u of a cone, for a matrix M of r×c.
///
/// At a fixed g the best u is the projection of Mg onto the cone, at a fixed u the best g is Mᵀu; so both take turns, and the
/// value rises until neither gains.
package struct ConeAscent {
  /// A vector of the cone, the output's direction that suits it, and ‖Mᵀu‖.
  package struct Maximum {
    package let vector: [Double]
    package let output: [Double]
    package let value: Double
  }

  private let gradient: Matrix
  private let projected: ([Double]) -> [Double]

  /// Ascents for a matrix in the cone on which `projected` finds nearest points.
  package init(_ gradient: Matrix, projected: @escaping ([Double]) -> [Double]) {
    self.gradient = gradient
    self.projected = projected
  }

  /// The maxima from the first singular vectors, of either sign, and from other given g, the largest first; none where the
  /// cone has nothing for any of them.
  ///
  /// - Complexity: some tens of projections for each start.
  package func maxima(from others: [[Double]] = []) -> [Maximum] {
    guard let spectrum = SingularValues(of: gradient) else { return [] }
    let leading = (0..<min(2, spectrum.values.count)).map { Array(spectrum.rightTransposed.row($0)) }
    var found: [Maximum] = []
    for start in others + leading + leading.map({ $0.map { -$0 } }) {
      guard let maximum = maximum(from: start) else { continue }
      let isNew = found.allSatisfy { dot($0.vector, maximum.vector) < 1 - 1e-12 }
      if isNew { found.append(maximum) }
    }
    return found.sorted { $0.value > $1.value }
  }

  private func maximum(from start: [Double]) -> Maximum? {
    var best: Maximum?
    var output = start
    for _ in 0..<50 {
      let uphill = gradient.times(output)
      let point = projected(uphill)
      // What is left of a vector of the polar cone is rounding, and points anywhere.
      guard norm(point) > 1e-9 * norm(uphill) else { break }
      // Once more at length 1: in the cone to rounding of its own size.
      let vector = projected(point.normalized).normalized
      let gain = gradient.transposedTimes(vector)
      let value = norm(gain)
      guard value > 0 else { break }
      output = gain.map { $0 / value }
      let isDone = value <= (best?.value ?? 0) * (1 + 1e-13)
      if value > best?.value ?? 0 { best = Maximum(vector: vector, output: output, value: value) }
      if isDone { break }
    }
    return best
  }
}

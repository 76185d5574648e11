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
  /// - Parameter isCancelled: asked after each turn; a start's best so far counts.
  /// - Complexity: some tens of projections for each start.
  package func maxima(from others: [[Double]] = [], isCancelled: () -> Bool = { false }) -> [Maximum] {
    guard let spectrum = SingularValues(of: gradient) else { return [] }
    let leading = (0..<min(2, spectrum.values.count)).map { Array(spectrum.rightTransposed.row($0)) }
    var found: [Maximum] = []
    for (place, start) in (others + leading + leading.map({ $0.map { -$0 } })).enumerated() {
      guard place == 0 || !isCancelled(), let maximum = maximum(from: start, isCancelled) else { continue }
      let isNew = found.allSatisfy { dot($0.vector, maximum.vector) < 1 - 1e-12 }
      if isNew { found.append(maximum) }
    }
    return found.sorted { $0.value > $1.value }
  }

  private func maximum(from start: [Double], _ isCancelled: () -> Bool) -> Maximum? {
    var vector: [Double]?
    var output = start
    var best = 0.0
    for _ in 0..<50 {
      let uphill = gradient.times(output)
      let point = projected(uphill)
      // What is left of a vector of the polar cone is rounding, and points anywhere.
      guard norm(point) > 1e-9 * norm(uphill) else { break }
      vector = point.normalized
      let gain = gradient.transposedTimes(point.normalized)
      let value = norm(gain)
      guard value > best * (1 + 1e-11) else { break }
      best = value
      output = gain.map { $0 / value }
      if isCancelled() { break }
    }
    // Once more at length 1: in the cone to rounding of its own size.
    guard let last = vector.map({ projected($0).normalized }) else { return nil }
    let gain = gradient.transposedTimes(last)
    return norm(gain) > 0 ? Maximum(vector: last, output: gain.normalized, value: norm(gain)) : nil
  }
}

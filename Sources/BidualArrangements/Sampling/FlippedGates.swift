import BidualLinear

/// Patterns of given neurons and, for each, the pattern with its least decided samples flipped.
///
/// The samples nearest to a neuron's hyperplane, by |xᵢᵀu|/‖xᵢ‖, are those that training will flip first
/// (PE20, Alg3). To keep patterns that neurons can have, the flipped pattern is that of a new gate: the
/// one closest to u whose pre-activations at the chosen samples have the opposite signs, or come closest
/// to it by least squares where no gate flips all of them.
public struct FlippedGates: PatternSource {
  /// The neurons, one a row, k×d.
  public let gates: Matrix
  /// The fraction of samples to flip; at least one is.
  public let fraction: Double

  /// A source from neurons given as the rows of a k×d matrix.
  public init(rows gates: Matrix, fraction: Double = 0.02) {
    self.gates = gates
    self.fraction = fraction
  }

  /// Adds the neurons' own patterns, then the flipped ones.
  ///
  /// - Complexity: O(k(nd + m³ + md·min(m, d))) for m samples flipped a neuron.
  /// - Throws: `PatternError.wrongLength`, `.gateNotFinite`, `.badFraction`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard fraction > 0, fraction <= 1 else { throw .badFraction(source: "flipped", fraction: fraction) }
    try collection.insert(gates: gates)
    let data = collection.data
    let sized = collection.rowNorms.indices.filter { collection.rowNorms[$0] > 0 }
    guard !sized.isEmpty else { return }
    let count = min(sized.count, max(1, Int(fraction * Double(data.rows))))
    var flipped = gates
    for k in 0..<gates.rows {
      // Those that were not flipped are in the collection as they are.
      if k % 16 == 0, collection.shouldStop() { break }
      let heights = data.times(Array(gates.row(k)))
      let nearest = sized.sorted {
        (abs(heights[$0]) / collection.rowNorms[$0], $0) < (abs(heights[$1]) / collection.rowNorms[$1], $1)
      }.prefix(count)
      let change = Self.leastChange(
        data.selectingRows(nearest), by: nearest.map { -2 * heights[$0] })
      for j in 0..<gates.columns { flipped[k, j] += change[j] }
    }
    collection.insertFinite(flipped)
  }

  /// The shortest δ with Aδ ≈ b in the least-squares sense, by the smaller normal matrix and a tiny ridge.
  private static func leastChange(_ a: Matrix, by b: [Double]) -> [Double] {
    let wide = a.rows <= a.columns
    var gram = wide ? a.timesTransposed(a) : a.transposedTimes(a)
    var trace = 0.0
    for k in 0..<gram.rows { trace += gram[k, k] }
    for k in 0..<gram.rows { gram[k, k] += 1e-12 * trace }
    var x = wide ? b : a.transposedTimes(b)
    guard BLAS.choleskyFactor(n: gram.rows, &gram.elements) else {
      return Array(repeating: 0, count: a.columns)
    }
    BLAS.choleskySolve(n: gram.rows, factor: gram.elements, x: &x)
    return wide ? a.transposedTimes(x) : x
  }
}

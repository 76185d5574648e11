import BidualLinear

/// How many activation patterns the two ReLU layers of a sub-network with m₁ units can have on data (EP21, §2.1).
///
/// A first-layer pattern D₁ is one of the P₁ chambers of the data; m₁ units with patterns and signs sⱼ make a second layer whose
/// inputs Σⱼ sⱼD₁ⱼXwⱼ are linear in the m₁·r numbers of their weights, and its patterns D₂ are the chambers of *those* rows.
///
///     P₂ ≤ P₂′·(2P₁)^{m₁},    P₂′ = 2 Σ_{k < m₁r} C(n−1, k)
///
/// That is O(n^{2m₁r}), where EP21 (15) says O(n^{m₁r}).
package struct SubnetworkCount: Sendable, Equatable {
  /// P₁, the chambers of the data.
  package let firstLayer: Int
  /// The choices of m₁ patterns with signs, whatever their order.
  package let choices: Int
  /// The most second-layer patterns that one choice has.
  package let largest: Int
  /// The pairs of a choice and one of its second-layer patterns.
  package let pairs: Int
  /// The distinct second-layer patterns of all choices, P₂.
  package let secondLayer: Int
  /// The bound of P₂; infinite where it overflows.
  package let bound: Double

  /// Counts by listing every choice and its second layer.
  ///
  /// - Parameters:
  ///   - units: m₁.
  ///   - limit: the largest number of pairs.
  /// - Throws: `ArrangementError` for data that make no arrangement, and `tooManyChambers` beyond the limit.
  /// - Complexity: that of an arrangement of n rows in m₁·r dimensions for each of about (2P₁)^{m₁}/m₁! choices.
  package init(_ data: Matrix, units: Int, limit: Int = 1_000_000) throws(ArrangementError) {
    precondition(units > 0)
    let arrangement = try Arrangement(data)
    let chambers = try arrangement.chambers(limit: limit)
    let patterns = (0..<chambers.count).map(chambers.pattern)
    // Patterns with signs, in a fixed order; a choice takes them in ascending order, with repetition.
    let signed =
      patterns.map { SignedPattern(pattern: $0, sign: 1) }
      + patterns.map { SignedPattern(pattern: $0, sign: -1) }
    guard let choices = Self.choices(of: signed.count, units: units, limit: limit) else {
      throw .tooManyChambers(limit: limit)
    }
    var chosen = [Int](repeating: 0, count: units)
    var (largest, pairs) = (0, 0)
    var seen: Set<ActivationPattern> = []
    for _ in 0..<choices {
      let second = try Self.secondLayer(data, chosen.map { signed[$0] }).chambers(limit: limit - pairs)
      largest = max(largest, second.count)
      pairs += second.count
      for chamber in 0..<second.count { seen.insert(second.pattern(chamber)) }
      Self.advance(&chosen, below: signed.count)
    }
    firstLayer = patterns.count
    self.choices = choices
    self.largest = largest
    self.pairs = pairs
    secondLayer = seen.count
    bound = Self.bound(
      samples: data.rows, rank: arrangement.rank, units: units, firstLayer: Double(patterns.count))
  }

  /// The bound of P₂ for n samples of rank r with at most `firstLayer` first-layer patterns; infinite where it overflows.
  package static func bound(samples: Int, rank: Int, units: Int, firstLayer: Double) -> Double {
    CoverCount.estimate(hyperplanes: samples, rank: units * rank)
      * (0..<units).reduce(1) { product, _ in product * 2 * firstLayer }
  }

  private struct SignedPattern {
    let pattern: ActivationPattern
    let sign: Double
  }

  /// The rows (sⱼD₁ⱼxᵢ)ⱼ.
  private static func secondLayer(_ data: Matrix, _ units: [SignedPattern])
    throws(ArrangementError) -> Arrangement
  {
    let d = data.columns
    var rows = Matrix(rows: data.rows, columns: units.count * d)
    for (j, unit) in units.enumerated() {
      for i in 0..<data.rows where unit.pattern[i] {
        for k in 0..<d { rows[i, j * d + k] = unit.sign * data[i, k] }
      }
    }
    return try Arrangement(rows)
  }

  /// C(count + units − 1, units); nil beyond the limit.
  private static func choices(of count: Int, units: Int, limit: Int) -> Int? {
    var product = 1
    for k in 0..<units {
      let (next, overflow) = product.multipliedReportingOverflow(by: count + k)
      product = next / (k + 1)
      guard !overflow, product <= limit else { return nil }
    }
    return product
  }

  /// The next non-decreasing choice.
  private static func advance(_ chosen: inout [Int], below count: Int) {
    guard let last = chosen.lastIndex(where: { $0 < count - 1 }) else { return }
    let next = chosen[last] + 1
    for j in last..<chosen.count { chosen[j] = next }
  }
}

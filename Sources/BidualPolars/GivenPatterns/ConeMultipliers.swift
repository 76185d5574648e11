import BidualArrangements

/// Multipliers λ ≥ 0 of the rows of a cone K = {u : (2D − I)Xu ≥ 0}, which bound what an atom of it can gain:
///
///     ±VᵀDXu ≤ ‖Xᵀ(±DV + (2D − I)λ)‖  for all unit u in K,
///
/// whatever λ is (weak duality). The best are those of the projection of ±XᵀDV onto K.
package struct ConeMultipliers: Sendable, Equatable, Codable {
  /// The pattern D, by its place among the given ones.
  package let pattern: Int
  /// Whether the bound is of −VᵀDXu.
  package let isNegative: Bool
  /// The rows with multipliers other than 0, each once.
  package let rows: [Int]
  /// Their multipliers.
  package let values: [Double]

  /// Multipliers from their parts.
  package init(pattern: Int, isNegative: Bool, rows: [Int], values: [Double]) {
    precondition(rows.count == values.count)
    self.pattern = pattern
    self.isNegative = isNegative
    self.rows = rows
    self.values = values
  }
}

/// The activation patterns to which the neurons of a ReLU network are held, and multipliers for those of their
/// cones that need them. The multipliers are a witness: any will do, and a good one proves more.
package struct PatternRestriction: Sendable, Equatable {
  /// The patterns.
  package let patterns: PatternSet
  /// Multipliers, at most one set for each pattern and sign.
  package let multipliers: [ConeMultipliers]

  /// A restriction to patterns; nil where the multipliers speak of patterns or rows that there are not, are
  /// given twice, or are negative or not finite.
  package init?(_ patterns: PatternSet, multipliers: [ConeMultipliers]) {
    var seen: Set<Int> = []
    for cone in multipliers {
      guard (0..<patterns.count).contains(cone.pattern),
        seen.insert(2 * cone.pattern + (cone.isNegative ? 1 : 0)).inserted,
        Set(cone.rows).count == cone.rows.count,
        cone.rows.allSatisfy({ (0..<patterns.samples).contains($0) }),
        cone.values.allSatisfy({ $0.isFinite && $0 >= 0 })
      else { return nil }
    }
    self.patterns = patterns
    self.multipliers = multipliers
  }
}

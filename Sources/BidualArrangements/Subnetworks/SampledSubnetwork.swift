/// The patterns of both ReLU layers that a sub-network of m₁ units has on data, with the signs of its units: one group of the
/// three-layer program (EP21, Remark 3).
///
/// Units may be ordered at will. Here those that add come first, and units of one sign are in the order of their patterns' bits, so
/// that sub-networks which differ only by the order of their units are equal.
package struct SampledSubnetwork: Hashable, Sendable {
  /// The patterns D₁ⱼ of the units.
  package let firstLayer: [ActivationPattern]
  /// How many of the units, the first ones, add; the others subtract.
  package let adding: Int
  /// The pattern D₂ of the second layer.
  package let secondLayer: ActivationPattern

  /// The signs sⱼ of the units.
  package var signs: [Double] { firstLayer.indices.map { $0 < adding ? 1 : -1 } }

  /// The patterns of units that add, of those that subtract, and of the second layer.
  package init(
    adding: [ActivationPattern], subtracting: [ActivationPattern], secondLayer: ActivationPattern
  ) {
    precondition((adding + subtracting).allSatisfy { $0.count == secondLayer.count })
    firstLayer = Self.ordered(adding) + Self.ordered(subtracting)
    self.adding = adding.count
    self.secondLayer = secondLayer
  }

  private static func ordered(_ patterns: [ActivationPattern]) -> [ActivationPattern] {
    patterns.sorted { $0.words.lexicographicallyPrecedes($1.words) }
  }
}

import BidualLinear

/// Patterns of both ReLU layers of sub-networks, sampled where there are too many to list (EP21, Remark 3).
///
/// Each draw takes the first-layer vectors wⱼ ~ N(0, I_d) and the signs sⱼ by a fair coin. All that is counted was met, so that the
/// counts are from below, and every group has weights inside it; `SubnetworkCount` also counts second-layer patterns whose
/// weights are outside the chambers of their first layer.
package struct SubnetworkSample: Sendable, Equatable {
  /// The distinct sub-networks in the order of their finding.
  package let subnetworks: [SampledSubnetwork]
  /// The distinct first-layer patterns.
  package let firstLayer: Int
  /// The distinct choices of m₁ first-layer patterns with signs, whatever their order.
  package let choices: Int
  /// The distinct second-layer patterns.
  package let secondLayer: Int

  /// Draws sub-networks. More draws from the same seed begin with the same ones.
  ///
  /// - Parameters:
  ///   - data: X, n×d.
  ///   - units: m₁.
  ///   - draws: how many sub-networks to draw.
  ///   - seed: what all randomness derives from.
  /// - Throws: `PatternError.dataNotFinite`, `.badCount`, `.tooMany`.
  /// - Complexity: O(draws·m₁nd).
  package init(_ data: Matrix, units: Int, draws: Int, seed: UInt64) throws(PatternError) {
    precondition(units > 0)
    if let place = data.elements.firstIndex(where: { !$0.isFinite }) {
      throw .dataNotFinite(row: place / data.columns, column: place % data.columns)
    }
    guard draws > 0 else { throw .badCount(source: "of sub-networks", count: draws) }
    // The bits with their arrays, once in order and once for look-up.
    let bytes = 2 * Double(draws) * (Double(units) + 1) * (Double(data.rows) / 8 + 64)
    guard PhysicalMemory.holds(bytes) else {
      throw .tooMany(source: "of sub-networks", count: draws, bytes: bytes)
    }
    var generator = SeededGenerator(seed: seed)
    var found: [SampledSubnetwork] = []
    var seen: Set<SampledSubnetwork> = []
    for _ in 0..<draws {
      let drawn = Self.draw(data, units: units, using: &generator)
      if seen.insert(drawn).inserted { found.append(drawn) }
    }
    subnetworks = found
    firstLayer = Set(found.lazy.flatMap(\.firstLayer)).count
    choices = Set(found.lazy.map { Choice(firstLayer: $0.firstLayer, adding: $0.adding) }).count
    secondLayer = Set(found.lazy.map(\.secondLayer)).count
  }

  private struct Choice: Hashable {
    let firstLayer: [ActivationPattern]
    let adding: Int
  }

  private static func draw(_ data: Matrix, units: Int, using generator: inout SeededGenerator)
    -> SampledSubnetwork
  {
    var inputs = [Double](repeating: 0, count: data.rows)
    var (adding, subtracting): ([ActivationPattern], [ActivationPattern]) = ([], [])
    for _ in 0..<units {
      let adds = Bool.random(using: &generator)
      let vector = (0..<data.columns).map { _ in generator.nextGaussian() }
      // One after the other, in the order of the features, so that equal rows are always on the same side.
      let heights = (0..<data.rows).map { dot(data.row($0), vector) }
      for i in inputs.indices where heights[i] > 0 { inputs[i] += adds ? heights[i] : -heights[i] }
      let pattern = ActivationPattern(preActivations: heights)
      if adds { adding.append(pattern) } else { subtracting.append(pattern) }
    }
    return SampledSubnetwork(
      adding: adding, subtracting: subtracting, secondLayer: ActivationPattern(preActivations: inputs))
  }
}

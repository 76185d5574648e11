import BidualLinear
import BidualModels

/// Turns a solution of the convex program into as few neurons as its penalty allows.
package enum NeuronMerging {
  /// Merges vectors of one sign that no hyperplane separates: their atoms add up to the atom of the sum,
  /// and ‖v + w‖ ≤ ‖v‖ + ‖w‖.
  ///
  /// - Parameters:
  ///   - vectors: parts in the coordinates of `rows`.
  ///   - rows: the unit rows of the hyperplanes, m×r.
  ///   - tolerance: heights below it, relative to ‖v‖, count as on the hyperplane.
  /// - Complexity: O(k²m + kmr) for k vectors.
  package static func merged(
    _ vectors: [Part], rows: Matrix, tolerance: Double = 1e-9
  ) -> [Part] {
    var groups: [(part: Part, sides: [Int8])] = []
    for part in vectors.sorted(by: { norm($0.vector) > norm($1.vector) }) {
      let cut = tolerance * norm(part.vector)
      let sides = rows.times(part.vector).map { abs($0) <= cut ? Int8(0) : $0 > 0 ? 1 : -1 }
      if let home = groups.firstIndex(where: { $0.part.sign == part.sign && agree($0.sides, sides) }) {
        groups[home].part.vector = zip(groups[home].part.vector, part.vector).map(+)
        for i in sides.indices where sides[i] != 0 { groups[home].sides[i] = sides[i] }
      } else {
        groups.append((part, sides))
      }
    }
    return groups.map(\.part)
  }

  private static func agree(_ a: [Int8], _ b: [Int8]) -> Bool {
    for i in a.indices where a[i] * b[i] < 0 { return false }
    return true
  }
}

import BidualLinear
import BidualModels
import BidualObjectives

/// Turns a solution of the convex program into as few neurons as its penalty allows.
///
/// A vector v with sign s is the neuron u = v/√‖v‖, α = s√‖v‖ (PE20, Theorem 1), in balance for the norm.
public enum NeuronMerging {
  /// Merges vectors of one sign that no hyperplane separates: their atoms add up to the atom of the sum,
  /// and ‖v + w‖ ≤ ‖v‖ + ‖w‖.
  ///
  /// - Parameters:
  ///   - vectors: parts in the coordinates of `rows`.
  ///   - rows: the unit rows of the hyperplanes, m×r.
  ///   - tolerance: heights below it, relative to ‖v‖, count as on the hyperplane.
  /// - Complexity: O(k²m + kmr) for k vectors.
  public static func merged(
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

  /// The network of the kind of `model` whose neurons are the given vectors, lifted to the design's
  /// features; `offset` counts only if `model` has one.
  public static func network(
    _ vectors: [Part], rowSpace: RowSpace, like model: TwoLayerNetwork,
    offset: Double = 0, penalty: FirstLayerNorm = .l2
  ) -> TwoLayerNetwork {
    let kept = vectors.filter { norm($0.vector) > 0 }
    let offset = model.offset.map { _ in offset }
    guard !kept.isEmpty else {
      return .zero(inputs: model.hidden.columns, offset: offset, activation: model.activation)
    }
    let hidden = Matrix(
      kept.map { neuron in
        let root = penalty.length(neuron.vector).squareRoot()
        return neuron.vector.map { $0 / root }
      })
    return TwoLayerNetwork(
      hidden: rowSpace.lifted(hidden), output: kept.map { $0.sign * penalty.length($0.vector).squareRoot() },
      offset: offset, activation: model.activation)
  }
}

import BidualLinear
import BidualModels
import BidualObjectives

/// Drops neurons until the rest have linearly independent atoms, without moving the predictions or
/// raising the penalty; at most as many neurons as samples remain (Carathéodory).
///
/// With atoms a_j (their signs included) and coefficients c_j = ‖v_j‖, a vector δ with Σδ_ja_j = 0 and
/// Σδ_j ≤ 0 may be added to c until a coefficient reaches zero.
enum CaratheodoryPruning {
  /// The pruned vectors.
  ///
  /// - Parameters:
  ///   - vectors: parts in the coordinates of the atoms' row space.
  /// - Complexity: O(nk²) for k vectors.
  static func pruned(_ vectors: [Part], atoms: some NeuronAtoms) -> [Part] {
    var kept = vectors.filter { norm($0.vector) > 0 }
    guard kept.count > 1 else { return kept }
    var coefficients = kept.map { atoms.length(of: $0.vector) }
    var dependencies = dependencies(of: kept, atoms: atoms)
    while var delta = dependencies.popLast() {
      if delta.reduce(0, +) > 0 { delta = delta.map(-) }
      guard
        let leaving = delta.indices.filter({ delta[$0] < 0 }).min(by: {
          coefficients[$0] / -delta[$0] < coefficients[$1] / -delta[$1]
        })
      else { continue }
      let step = coefficients[leaving] / -delta[leaving]
      for j in coefficients.indices { coefficients[j] = max(0, coefficients[j] + step * delta[j]) }
      coefficients[leaving] = 0
      // The dependencies that remain must not touch the neuron that left.
      for k in dependencies.indices {
        let ratio = dependencies[k][leaving] / delta[leaving]
        for j in delta.indices { dependencies[k][j] -= ratio * delta[j] }
        dependencies[k][leaving] = 0
      }
    }
    for j in kept.indices {
      let length = atoms.length(of: kept[j].vector)
      kept[j].vector = kept[j].vector.map { $0 / length * coefficients[j] }
    }
    return kept.filter { norm($0.vector) > 0 }
  }

  /// A basis of the linear dependencies among the atoms of unit vectors.
  private static func dependencies(
    of vectors: [Part], atoms: some NeuronAtoms
  ) -> [[Double]] {
    let responses = atoms.responses(to: vectors.map(atoms.normalized))
    // Zero samples change no dependency and make the decomposition span all of them.
    var signed = Matrix(rows: vectors.count, columns: max(responses.rows, vectors.count))
    for j in vectors.indices {
      for i in 0..<responses.rows { signed[j, i] = vectors[j].sign * responses[i, j] }
    }
    guard let values = SingularValues(of: signed), let largest = values.values.first else { return [] }
    return values.values.indices.filter { values.values[$0] <= 1e-13 * largest }.map {
      values.left.column($0)
    }
  }
}

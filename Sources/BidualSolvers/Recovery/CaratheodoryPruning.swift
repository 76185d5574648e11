import BidualLinear
import BidualModels
import BidualObjectives

/// Drops neurons until the rest have linearly independent atoms, without moving the predictions or
/// raising the penalty; at most as many neurons as predictions remain (Carathéodory).
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
    let responses = atoms.responses(to: kept.map(atoms.normalized))
    var signed = Matrix(rows: kept.count, columns: responses.rows)
    for j in kept.indices {
      for i in 0..<responses.rows { signed[j, i] = kept[j].sign * responses[i, j] }
    }
    let coefficients = pruned(kept.map { atoms.length(of: $0.vector) }, of: signed)
    for j in kept.indices {
      let length = atoms.length(of: kept[j].vector)
      kept[j].vector = kept[j].vector.map { $0 / length * coefficients[j] }
    }
    return kept.filter { norm($0.vector) > 0 }
  }

  /// Coefficients c ≥ 0 of atoms, one a row of a k×N matrix, of which those that stay above zero belong to independent atoms.
  ///
  /// - Complexity: O(Nk²).
  static func pruned(_ given: [Double], of atoms: Matrix) -> [Double] {
    var coefficients = given
    var dependencies = dependencies(among: atoms)
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
    return coefficients
  }

  /// A basis of the linear dependencies among the rows of a matrix.
  private static func dependencies(among rows: Matrix) -> [[Double]] {
    // Zero columns change no dependency and make the decomposition span all of them.
    var padded = Matrix(rows: rows.rows, columns: max(rows.columns, rows.rows))
    for j in 0..<rows.rows {
      for i in 0..<rows.columns { padded[j, i] = rows[j, i] }
    }
    guard let values = SingularValues(of: padded), let largest = values.values.first else { return [] }
    return values.values.indices.filter { values.values[$0] <= 1e-13 * largest }.map {
      values.left.column($0)
    }
  }
}

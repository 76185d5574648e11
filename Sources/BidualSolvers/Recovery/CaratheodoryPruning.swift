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
  /// - Complexity: O(nk·min(n, k)) for k vectors.
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
  /// Where atoms are many more than predictions, they are taken some at a time: those that stayed and as many again.
  ///
  /// - Complexity: O(Nk·min(N, k)).
  static func pruned(_ given: [Double], of atoms: Matrix) -> [Double] {
    let some = max(atoms.columns, 32)
    guard given.count > 3 * some else { return prunedAtOnce(given, of: atoms) }
    var coefficients = given
    var kept: [Int] = []
    for first in stride(from: 0, to: given.count, by: some) {
      let candidates = kept + Array(first..<min(given.count, first + some))
      let left = prunedAtOnce(
        candidates.map { coefficients[$0] }, of: atoms.selectingRows(candidates))
      for (place, j) in candidates.enumerated() { coefficients[j] = left[place] }
      kept = candidates.filter { coefficients[$0] > 0 }
    }
    return coefficients
  }

  /// - Complexity: O(k³) for k > N atoms, otherwise O(Nk²).
  private static func prunedAtOnce(_ given: [Double], of atoms: Matrix) -> [Double] {
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
        dependencies[k].withUnsafeMutableBufferPointer { other in
          for j in other.indices { other[j] -= ratio * delta[j] }
          other[leaving] = 0
        }
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

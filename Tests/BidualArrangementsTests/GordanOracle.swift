import BidualLinear

/// Chambers by brute force in integer arithmetic, for up to 8 rows of small integers.
///
/// A sign vector s over distinct nonzero rows is a chamber if and only if no nonnegative, nonzero combination of
/// the rows s_i x_i vanishes (Gordan). Such a combination exists if and only if one exists on a minimal
/// dependent set of rows, and there the combination is unique up to scale: check the signs on each of those.
struct GordanOracle {
  private var cache: [[[Int]]: Set<UInt8>] = [:]

  /// The patterns, bit i for row i, of all open chambers.
  mutating func patterns(_ rows: [[Int]]) -> Set<UInt8> {
    let directions = rows.map { Self.direction($0) }
    let distinct = Set(directions.compactMap { $0?.vector }).sorted { $0.lexicographicallyPrecedes($1) }
    if cache[distinct] == nil { cache[distinct] = Self.chambers(distinct) }
    return Set(
      cache[distinct]!.map { signs in
        var pattern: UInt8 = 0
        for (i, direction) in directions.enumerated() {
          guard let direction else { continue }
          let side = signs >> UInt8(distinct.firstIndex(of: direction.vector)!) & 1 == 1
          if side == direction.isAlong { pattern |= 1 << UInt8(i) }
        }
        return pattern
      })
  }

  /// A primitive vector with positive leading entry, and whether the row points along it; nil for zero.
  private static func direction(_ row: [Int]) -> (vector: [Int], isAlong: Bool)? {
    guard let lead = row.first(where: { $0 != 0 }) else { return nil }
    let divisor = row.reduce(0) { gcd($0, abs($1)) }
    return (row.map { lead > 0 ? $0 / divisor : -$0 / divisor }, lead > 0)
  }

  private static func chambers(_ vectors: [[Int]]) -> Set<UInt8> {
    let subsets = (1..<(1 << vectors.count)).map { mask in vectors.indices.filter { mask >> $0 & 1 == 1 } }
    let circuits = subsets.compactMap { subset in
      dependency(subset.map { vectors[$0] }).map { zip(subset, $0) }
    }
    return Set(
      (0..<(1 << vectors.count)).map { UInt8($0) }.filter { signs in
        !circuits.contains { circuit in
          let agree = circuit.map { (i, weight) in (signs >> UInt8(i) & 1 == 1) == (weight > 0) }
          return agree.allSatisfy { $0 } || agree.allSatisfy { !$0 }
        }
      })
  }

  /// The weights of the vanishing combination of a minimal dependent set; nil for any other set.
  private static func dependency(_ vectors: [[Int]]) -> [Int]? {
    // Eliminate without fractions on the matrix whose columns are the vectors.
    let count = vectors.count
    var rows = (0..<vectors[0].count).map { j in vectors.map { $0[j] } }
    var rank = 0
    for column in 0..<count {
      guard let pivot = (rank..<rows.count).first(where: { rows[$0][column] != 0 }) else {
        // The last column must be the only one without a pivot.
        if column < count - 1 { return nil }
        break
      }
      if column == count - 1 { return nil }
      rows.swapAt(rank, pivot)
      for i in rows.indices where i != rank && rows[i][column] != 0 {
        let (a, b) = (rows[rank][column], rows[i][column])
        rows[i] = zip(rows[i], rows[rank]).map { a * $0 - b * $1 }
        let divisor = max(1, rows[i].reduce(0) { gcd($0, abs($1)) })
        rows[i] = rows[i].map { $0 / divisor }
      }
      rank += 1
    }
    let scale = (0..<rank).reduce(1) { $0 * abs(rows[$1][$1]) }
    var weights = (0..<rank).map { -rows[$0][count - 1] * (scale / rows[$0][$0]) }
    weights.append(scale)
    return weights.contains(0) ? nil : weights
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}

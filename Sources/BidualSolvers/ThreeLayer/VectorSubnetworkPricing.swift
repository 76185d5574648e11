import BidualLinear
import BidualModels
import BidualPolars

/// Finds sub-networks with large ‖Vᵀ(Σⱼ sⱼ(Xwⱼ)₊)₊‖ for a dual point V with c outputs, and proves nothing.
///
/// For a vector g of outputs the value is that of one output's dual point Vg, which `SubnetworkAscent` climbs; then g is set
/// anew to where Vᵀ(…)₊ points, which never lowers the value.
struct VectorSubnetworkPricing: Sendable {
  /// A sub-network of length 1, where its Vᵀ(…)₊ points, and how long that is.
  struct Direction: Sendable {
    let part: Part
    let head: [Double]
    let value: Double
  }

  let pieces: SubnetworkPieces
  let outputs: Int
  let threads: Int
  let isCancelled: @Sendable () -> Bool

  /// The pricing of atoms.
  init(_ atoms: VectorSubnetworkAtoms, threads: Int, isCancelled: @escaping @Sendable () -> Bool) {
    pieces = SubnetworkPieces(atoms.geometry, units: atoms.width)
    outputs = atoms.outputs
    self.threads = threads
    self.isCancelled = isCancelled
  }

  /// The ends of ascents from starts (unit rows), the largest value first and no two alike; from the first starts at any time.
  func maxima(of dualPoint: [Double], from starts: Matrix) -> [Direction] {
    let families = Array(SubnetworkSigns.families(width: pieces.units))
    return climbed(
      dualPoint,
      from: (0..<starts.rows).map {
        Part(sign: 1, vector: Array(starts.row($0)), family: families[$0 % families.count])
      })
  }

  /// The same from given parts.
  func climbed(_ dualPoint: [Double], from parts: [Part]) -> [Direction] {
    let dual = Matrix(rows: pieces.design.rows, columns: outputs, elements: dualPoint)
    let ends = concurrentMap(parts.count, threads: threads) { index, _ -> Direction? in
      index >= 8 && isCancelled() ? nil : climbed(dual, from: parts[index])
    }
    var kept: [Direction] = []
    for end in ends.compactMap(\.self).sorted(by: { $0.value > $1.value }) {
      let isKnown = kept.contains {
        $0.part.family == end.part.family
          && dot($0.part.vector, end.part.vector)
            > 0.95 * norm($0.part.vector) * norm(end.part.vector)
          && dot($0.head, end.head) > 0.95
      }
      if !isKnown { kept.append(end) }
    }
    return kept
  }

  private func climbed(_ dual: Matrix, from part: Part) -> Direction? {
    let ascent = SubnetworkAscent(pieces: pieces, threads: 1, isCancelled: { false })
    var best = direction(dual, part)
    for _ in 0..<6 {
      let end = ascent.climbed(
        dual.times(best.head),
        from: [PolarMaximizer(direction: best.part.vector, sign: 1, value: 0, family: best.part.family)])
      guard let end = end.first else { break }
      let reached = direction(dual, Part(sign: 1, vector: end.direction, family: end.family))
      guard reached.value > best.value * (1 + 1e-9) else { break }
      best = reached
    }
    return best.value > 0 ? best : nil
  }

  /// A part with its value; where its atom is zero, with the longest row of V for a head.
  private func direction(_ dual: Matrix, _ part: Part) -> Direction {
    let length = subnetworkLength(part.vector, units: pieces.units)
    let gain = dual.transposedTimes(response(part))
    let value = norm(gain)
    guard value > 0, length > 0 else {
      let longest = (0..<dual.rows).max { norm(dual.row($0)) < norm(dual.row($1)) } ?? 0
      return Direction(part: part, head: Array(dual.row(longest)).normalized, value: 0)
    }
    let unit = Part(sign: 1, vector: part.vector.map { $0 / length }, family: part.family)
    return Direction(part: unit, head: gain.normalized, value: value / length)
  }

  /// (Σⱼ sⱼ(Xwⱼ)₊)₊.
  func response(_ part: Part) -> [Double] { pieces.inputs(of: part).map { max(0, $0) } }
}

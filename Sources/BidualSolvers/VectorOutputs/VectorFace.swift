import BidualArrangements
import BidualLinear
import BidualPolars

/// Where a neuron of a network with c outputs is held: hyperplanes of the data through it, and the sides of all others.
///
/// On the face all neurons together are smooth functions of their weights; on the hyperplanes that hold a neuron its response has
/// a kink that it would be costly to leave.
struct VectorFace {
  /// The hyperplanes that hold the neuron, linearly independent.
  private(set) var holding: [Int] = []
  /// An orthonormal basis of the directions that stay on them, as rows, k×r.
  private(set) var basis: Matrix
  /// The side of each hyperplane, ±1; 0 for those through the neuron, which hold it or are implied by those that do.
  private(set) var sides: [Int8]
  private let hyperplanes: Hyperplanes
  /// For a neuron that may not leave a pattern's cone the side of each hyperplane on which that is, 0 where it is on the hyperplane.
  private let home: [Int8]?

  /// The face of a neuron that nothing holds.
  init(_ neuron: [Double], _ hyperplanes: Hyperplanes) {
    self.hyperplanes = hyperplanes
    home = nil
    basis = Matrix.identity(neuron.count)
    sides = hyperplanes.sides(at: neuron)
  }

  /// The face of a pattern's cone on which a neuron of it is.
  init(_ neuron: [Double], _ hyperplanes: Hyperplanes, within pattern: ActivationPattern) {
    self.hyperplanes = hyperplanes
    let home = hyperplanes.sides(of: pattern)
    self.home = home
    basis = Matrix.identity(neuron.count)
    sides = home.map { $0 == 0 ? 1 : $0 }
    let heights = hyperplanes.unitRows.times(neuron)
    let cut = 1e-9 * norm(neuron)
    for h in home.indices where home[h] == 0 || abs(heights[h]) <= cut { _ = hold(h) }
  }

  /// Takes in on which sides a neuron of this face is by now.
  mutating func move(to neuron: [Double]) {
    guard home == nil else { return }
    let heights = hyperplanes.unitRows.times(neuron)
    let cut = 1e-14 * norm(neuron)
    for h in sides.indices where sides[h] != 0 && abs(heights[h]) > cut { sides[h] = heights[h] > 0 ? 1 : -1 }
  }

  /// Holds the neuron on one more hyperplane, unless those that hold it imply it; returns whether it does.
  mutating func hold(_ hyperplane: Int) -> Bool {
    guard sides[hyperplane] != 0, basis.rows > 1 else { return false }
    let along = basis.times(Array(hyperplanes.unitRows.row(hyperplane)))
    guard norm(along) > 1e-6 else { return false }
    holding.append(hyperplane)
    sides[hyperplane] = 0
    rebuild()
    return true
  }

  /// Lets the neuron go along a direction: hyperplanes that it leaves hold no more.
  mutating func release(along direction: [Double]) {
    let heights = hyperplanes.unitRows.times(direction)
    let cut = 1e-7 * norm(direction)
    for h in sides.indices where sides[h] == 0 && abs(heights[h]) > cut {
      let side: Int8 = heights[h] > 0 ? 1 : -1
      if home?[h] ?? side == side { sides[h] = side }
    }
    let staying = sides.indices.filter { sides[$0] == 0 }
    holding = []
    rebuild()
    for h in staying {
      sides[h] = 1
      _ = hold(h)
    }
  }

  /// The nearest point of the face's span.
  func projected(_ vector: [Double]) -> [Double] {
    holding.isEmpty ? vector : basis.transposedTimes(basis.times(vector))
  }

  /// Whether each row of the design is active.
  var activity: [Bool] {
    zip(hyperplanes.owner, hyperplanes.factor).map { owner, factor in
      owner >= 0 && sides[owner] != 0 && (factor > 0) == (sides[owner] > 0)
    }
  }

  /// An orthonormal basis of the complement of the holding hyperplanes' rows, by Gram and Schmidt, twice for accuracy.
  private mutating func rebuild() {
    var rows = holding.map { Array(hyperplanes.unitRows.row($0)) }
    let rank = hyperplanes.unitRows.columns
    var orthonormal: [[Double]] = []
    func rest(of vector: [Double]) -> [Double] {
      var rest = vector
      for _ in 0..<2 {
        for unit in orthonormal {
          let share = dot(unit, rest)
          for k in rest.indices { rest[k] -= share * unit[k] }
        }
      }
      return rest
    }
    for row in rows { orthonormal.append(rest(of: row).normalized) }
    rows = []
    while orthonormal.count < rank {
      // Of the axes the one of which most is left.
      let rests = (0..<rank).map { axis in rest(of: (0..<rank).map { $0 == axis ? 1 : 0 }) }
      guard let longest = rests.max(by: { norm($0) < norm($1) }) else { break }
      orthonormal.append(longest.normalized)
      rows.append(longest.normalized)
    }
    basis = Matrix(rows: rows.count, columns: rank, elements: Array(rows.joined()))
    guard !holding.isEmpty else { return }
    let along = hyperplanes.unitRows.timesTransposed(basis)
    for h in sides.indices where norm(along.row(h)) <= 1e-9 { sides[h] = 0 }
  }

  /// Whether a force on the neuron can be borne by the hyperplanes through it, each with a multiplier of its unit row between what
  /// the neuron gains above it and below it; if not, what is left of the force at least.
  ///
  /// - Parameter gains: those of each hyperplane through the neuron, in the order of `sides`.
  func unborne(_ force: [Double], gains: [(hyperplane: Int, above: Double, below: Double)]) -> [Double] {
    var rest = force
    var multipliers = [Double](repeating: 0, count: gains.count)
    for _ in 0..<1000 {
      var moved = 0.0
      for (k, gain) in gains.enumerated() {
        let row = hyperplanes.unitRows.row(gain.hyperplane)
        let wanted = multipliers[k] + dot(row, rest)
        // Where both sides gain, one of them is as good as the other.
        let next = gain.above <= gain.below ? min(max(wanted, gain.above), gain.below) : gain.above
        let change = next - multipliers[k]
        guard change != 0 else { continue }
        multipliers[k] = next
        moved = max(moved, abs(change))
        for (l, x) in row.enumerated() { rest[l] -= change * x }
      }
      if moved <= 1e-15 * norm(force) { break }
    }
    return rest
  }

  /// What a neuron gains for each unit that it rises above a hyperplane, and loses for each that it sinks below, when
  /// `pull` is what each row's response is worth; where it may not go it loses without limit.
  func gains(at hyperplane: Int, _ pull: [Double], lengths: [Double]) -> (above: Double, below: Double) {
    if let side = home?[hyperplane] { return gains(inside: side, hyperplane, pull, lengths) }
    var gains = (above: 0.0, below: 0.0)
    for (i, owner) in hyperplanes.owner.enumerated() where owner == hyperplane {
      let worth = pull[i] * hyperplanes.factor[i] * lengths[hyperplane]
      if hyperplanes.factor[i] > 0 { gains.above += worth } else { gains.below += worth }
    }
    return gains
  }

  private func gains(inside side: Int8, _ hyperplane: Int, _ pull: [Double], _ lengths: [Double]) -> (
    above: Double, below: Double
  ) {
    var worth = 0.0
    for (i, owner) in hyperplanes.owner.enumerated()
    where owner == hyperplane && (hyperplanes.factor[i] > 0) == (side > 0) {
      worth += pull[i] * hyperplanes.factor[i] * lengths[hyperplane]
    }
    return (side > 0 ? worth : -.infinity, side < 0 ? worth : .infinity)
  }
}

extension Hyperplanes {
  /// The side of each hyperplane on which a pattern's cone is; 0 where the pattern has rows of both.
  fileprivate func sides(of pattern: ActivationPattern) -> [Int8] {
    var sides: [Int8?] = Array(repeating: nil, count: count)
    for (i, h) in owner.enumerated() where h >= 0 {
      let side: Int8 = pattern[i] == (factor[i] > 0) ? 1 : -1
      sides[h] = sides[h] ?? side == side ? side : 0
    }
    return sides.map { $0 ?? 0 }
  }
}

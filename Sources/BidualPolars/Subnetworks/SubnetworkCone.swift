import BidualLinear

/// A simplicial cone of sub-networks: as many generators as variables, all in one orthant, of length about 1.
struct SubnetworkCone: Sendable {
  /// The generators as rows.
  let generators: [Double]
  /// How often it was cut; −1 for one that is yet to be bounded itself.
  let depth: Int
  /// An upper bound of the objective on its part of the ball.
  let bound: Double
  /// The index of the objective that it belongs to.
  let objective: Int
  /// Where it is best cut in two; nil if it is of one variable.
  let cut: SubnetworkCut?

  /// The orthants, but for those that an exchange of units of one sign makes of others.
  static func orthants(of objective: SubnetworkObjective, index: Int, bound: Double) -> [SubnetworkCone] {
    let (m, r, size) = (objective.units, objective.rows.columns, objective.dimension)
    return (0..<(1 << size)).compactMap { corner in
      let corners = (0..<m).map { corner >> ($0 * r) & (1 << r - 1) }
      let isOrdered = (1..<m).allSatisfy { $0 == objective.family || corners[$0 - 1] <= corners[$0] }
      guard isOrdered else { return nil }
      var generators = [Double](repeating: 0, count: size * size)
      for k in 0..<size { generators[k * size + k] = corner >> k & 1 == 0 ? 1 : -1 }
      return SubnetworkCone(
        generators: generators, depth: -1, bound: bound, objective: index, cut: nil)
    }
  }

  /// The parts on both sides of the cut, or itself where it is to be bounded first.
  func parts(units: Int) -> [[Double]] {
    guard depth >= 0, let cut else { return [generators] }
    let size = Int(Double(generators.count).squareRoot().rounded())
    let (a, b) = (cut.first, cut.second)
    var middle = (0..<size).map {
      cut.shares.first * generators[a * size + $0] + cut.shares.second * generators[b * size + $0]
    }
    let length = subnetworkLength(middle, units: units)
    for k in middle.indices { middle[k] /= length }
    return [b, a].map { replaced in
      var part = generators
      for k in 0..<size { part[replaced * size + k] = middle[k] }
      return part
    }
  }
}

/// Σⱼ‖wⱼ‖.
package func subnetworkLength(_ vector: some RandomAccessCollection<Double>, units: Int) -> Double {
  let rank = vector.count / max(units, 1)
  var sum = 0.0
  var place = vector.startIndex
  for _ in 0..<units {
    let end = vector.index(place, offsetBy: rank)
    sum += norm(vector[place..<end])
    place = end
  }
  return sum
}

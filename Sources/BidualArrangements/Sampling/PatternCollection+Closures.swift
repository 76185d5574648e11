import BidualLinear

extension PatternCollection {
  /// Adds the pattern of −u for each gate u, and the opposite bits (zero rows stay inactive) for each pattern
  /// without a gate.
  package mutating func insertComplements() {
    let present = Array(zip(patterns, gates))
    insertFinite(Matrix(present.compactMap { $0.1?.map { -$0 } }))
    for (pattern, gate) in present where gate == nil {
      if shouldStop() { break }
      var opposite = pattern
      for i in 0..<pattern.count where rowNorms[i] > 0 { opposite.flip(i) }
      insert(opposite)
    }
  }

  /// Adds neighbours of each gate's chamber: those met first on the straight ways to the gate's
  /// `count` nearest hyperplanes.
  ///
  /// The first hyperplane on a way out of a chamber holds one of its facets, so the neighbour differs by that
  /// facet's samples alone. Patterns without a gate have no known place and get no neighbours.
  /// - Complexity: O(P·count·n d).
  package mutating func insertNeighbours(across count: Int) {
    precondition(count >= 0)
    let sized = rowNorms.indices.filter { rowNorms[$0] > 0 }
    for gate in gates.compactMap({ $0 }) {
      if shouldStop() { break }
      let heights = data.times(gate)
      let nearest = sized.sorted {
        (abs(heights[$0]) / rowNorms[$0], $0) < (abs(heights[$1]) / rowNorms[$1], $1)
      }.prefix(count)
      var neighbours: [[Double]] = []
      for i in nearest {
        let toward = data.row(i).map { (heights[i] > 0 ? -$0 : $0) / rowNorms[i] }
        let slopes = data.times(toward)
        var first = Double.infinity
        var second = Double.infinity
        for k in sized where heights[k] * slopes[k] < 0 {
          let crossing = -heights[k] / slopes[k]
          if crossing < first * (1 - 1e-9) {
            second = first
            first = crossing
          } else if crossing > first * (1 + 1e-9) {
            second = min(second, crossing)
          }
        }
        guard first.isFinite else { continue }
        let reach = second.isFinite ? 0.5 * (first + second) : 2 * first
        neighbours.append(zip(gate, toward).map { $0 + reach * $1 })
      }
      insertFinite(Matrix(neighbours))
    }
  }
}

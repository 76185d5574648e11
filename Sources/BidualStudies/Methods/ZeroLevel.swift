import BidualPlots

/// Where a function on a square grid changes sign, as short lines.
struct ZeroLevel {
  /// The ends of the lines, each pair with a gap behind it.
  let points: [Mark.Point]

  /// The level of heights that are listed row by row, the first coordinate fastest, at `places` along both axes.
  init(_ heights: [Double], at places: [Double]) {
    let side = places.count
    var points: [Mark.Point] = []
    func crossing(_ a: (Int, Int), _ b: (Int, Int)) -> Mark.Point? {
      let (p, q) = (heights[a.1 * side + a.0], heights[b.1 * side + b.0])
      guard (p > 0) != (q > 0) else { return nil }
      let share = p / (p - q)
      return Mark.Point(
        places[a.0] + share * (places[b.0] - places[a.0]), places[a.1] + share * (places[b.1] - places[a.1]))
    }
    for y in 0..<max(0, side - 1) {
      for x in 0..<(side - 1) {
        let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        let found = corners.indices.compactMap { crossing(corners[$0], corners[($0 + 1) % 4]) }
        for pair in stride(from: 0, to: found.count - 1, by: 2) {
          points += [found[pair], found[pair + 1], Mark.Point(.nan, .nan)]
        }
      }
    }
    self.points = points
  }
}

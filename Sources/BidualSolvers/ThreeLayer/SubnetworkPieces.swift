import BidualLinear
import BidualModels
import BidualPolars

/// The pieces on which a sub-network is linear in its first-layer weights: a chamber for each unit, and for each sample the
/// side of its second-layer input.
///
/// For units with patterns D₁ⱼ and signs sⱼ and a second-layer pattern D₂ that is the cone
/// {W : wⱼ ∈ K₁ⱼ, (2D₂ − I) Σⱼ sⱼD₁ⱼXwⱼ ≥ 0} with the *joint* second constraint, and its atoms are D₂ Σⱼ sⱼD₁ⱼXwⱼ. The
/// program that EP21 prints as (13) asks for the second constraint of each unit alone, which loses the networks whose units
/// of opposite signs share a sample.
struct SubnetworkPieces: Pieces {
  /// One piece with the sign of its atoms.
  struct Piece: Hashable, Sendable {
    /// 1 or −1.
    let sign: Int8
    /// How many units add.
    let family: Int
    /// The side, 1 or −1, of each hyperplane for each unit, unit after unit.
    let units: [Int8]
    /// The side of each sample in the second layer.
    let samples: [Int8]
  }

  let units: Int
  private let geometry: Geometry
  private var hyperplanes: Hyperplanes { geometry.hyperplanes }
  var design: Matrix { geometry.coordinates }
  private var rank: Int { design.columns }
  var dimension: Int { units * rank }

  init(_ geometry: Geometry, units: Int) {
    self.geometry = geometry
    self.units = units
  }

  func has(_ piece: Piece) -> Bool {
    abs(piece.sign) == 1 && SubnetworkSigns.families(width: units).contains(piece.family)
      && piece.units.count == units * hyperplanes.count && piece.samples.count == design.rows
  }

  func piece(of part: Part) -> Piece {
    let sides = (0..<units).flatMap { j in
      hyperplanes.sides(at: Array(part.vector[(j * rank)..<((j + 1) * rank)]))
    }
    let inputs = inputs(of: part)
    return Piece(
      sign: part.sign < 0 ? -1 : 1, family: part.family, units: sides,
      samples: inputs.map { $0 > 0 ? 1 : -1 })
  }

  func part(of piece: Piece, vector: [Double]) -> Part {
    Part(sign: Double(piece.sign), vector: vector, family: piece.family)
  }

  func columns(of piece: Piece) -> [Double] {
    let (design, rank) = (design, rank)
    let n = design.rows
    var columns = [Double](repeating: 0, count: dimension * n)
    for j in 0..<units {
      let active = activity(piece, unit: j)
      let sign = Double(piece.sign) * SubnetworkSigns.sign(of: j, family: piece.family)
      for i in 0..<n where active[i] && piece.samples[i] > 0 {
        for k in 0..<rank { columns[(j * rank + k) * n + i] = sign * design[i, k] }
      }
    }
    return columns
  }

  /// The second-layer inputs Σⱼ sⱼ(xᵢᵀwⱼ)₊ of a part.
  func inputs(of part: Part) -> [Double] {
    let (design, rank) = (design, rank)
    var sums = [Double](repeating: 0, count: design.rows)
    for j in 0..<units {
      let vector = Array(part.vector[(j * rank)..<((j + 1) * rank)])
      guard vector.contains(where: { $0 != 0 }) else { continue }
      let sign = SubnetworkSigns.sign(of: j, family: part.family)
      let heights = design.times(vector)
      for i in sums.indices { sums[i] += sign * max(heights[i], 0) }
    }
    return sums
  }

  private func activity(_ piece: Piece, unit: Int) -> [Bool] {
    let count = hyperplanes.count
    return hyperplanes.activity(Array(piece.units[(unit * count)..<((unit + 1) * count)]))
  }

  // MARK: Facets: hyperplane h of unit j has the number j·(hyperplanes) + h, sample i the number m·(hyperplanes) + i.

  func facets(of piece: Piece, near vector: [Double]) -> Set<Int> {
    let length = subnetworkLength(vector, units: units)
    let heights = heights(of: piece, at: vector)
    let near = heights.indices.filter { heights[$0] <= 1e-6 * length }
    let nearest = heights.indices.sorted { heights[$0] < heights[$1] }.prefix(2 * dimension)
    return Set(near.prefix(4 * dimension) + nearest).filter { normal(of: $0, in: piece).contains { $0 != 0 } }
  }

  func hasFacet(_ facet: Int, of piece: Piece) -> Bool {
    (0..<(units * hyperplanes.count + design.rows)).contains(facet)
  }

  func normal(of facet: Int, in piece: Piece) -> [Double] {
    var normal = [Double](repeating: 0, count: dimension)
    let count = hyperplanes.count
    guard facet >= units * count else {
      let unit = facet / count
      for (k, x) in hyperplanes.unitRows.row(facet % count).enumerated() {
        normal[unit * rank + k] = Double(piece.units[facet]) * x
      }
      return normal
    }
    let sample = facet - units * count
    for j in 0..<units where activity(piece, unit: j)[sample] {
      let sign = Double(piece.samples[sample]) * SubnetworkSigns.sign(of: j, family: piece.family)
      for (k, x) in design.row(sample).enumerated() { normal[j * rank + k] = sign * x }
    }
    return normal.normalized
  }

  func violations(of piece: Piece, by vector: [Double]) -> [Int] {
    let heights = heights(of: piece, at: vector)
    let cut = -1e-9 * norm(vector)
    return heights.indices.filter { heights[$0] < cut }.sorted { heights[$0] < heights[$1] }
  }

  /// The height of a vector above each facet, infinite for facets that bind nothing.
  private func heights(of piece: Piece, at vector: [Double]) -> [Double] {
    let count = hyperplanes.count
    var heights: [Double] = []
    var inputs = [Double](repeating: 0, count: design.rows)
    var squares = inputs
    let lengths = design.rowNorms
    for j in 0..<units {
      let unit = Array(vector[(j * rank)..<((j + 1) * rank)])
      let sides = piece.units[(j * count)..<((j + 1) * count)]
      heights += zip(hyperplanes.unitRows.times(unit), sides).map { $0 * Double($1) }
      let active = activity(piece, unit: j)
      let sign = SubnetworkSigns.sign(of: j, family: piece.family)
      let rows = design.times(unit)
      for i in inputs.indices where active[i] {
        inputs[i] += sign * rows[i]
        squares[i] += lengths[i] * lengths[i]
      }
    }
    return heights
      + inputs.indices.map {
        squares[$0] > 0 ? Double(piece.samples[$0]) * inputs[$0] / squares[$0].squareRoot() : .infinity
      }
  }

  /// The parts of one piece, up to samples and hyperplanes on which they lie, as one: their atoms add up.
  func merged(_ parts: [Part], tolerance: Double) -> [Part] {
    var groups: [(part: Part, heights: [Double])] = []
    for part in parts.sorted(by: { norm($0.vector) > norm($1.vector) }) {
      let heights = unsignedHeights(of: part, tolerance: tolerance)
      let home = groups.firstIndex { group in
        group.part.sign == part.sign && group.part.family == part.family
          && zip(group.heights, heights).allSatisfy { $0 * $1 >= 0 }
      }
      if let home {
        groups[home].part.vector = zip(groups[home].part.vector, part.vector).map(+)
        for k in heights.indices where heights[k] != 0 { groups[home].heights[k] = heights[k] }
      } else {
        groups.append((part, heights))
      }
    }
    return groups.map(\.part)
  }

  /// −1, 0 or 1 for each hyperplane of each unit and each sample.
  private func unsignedHeights(of part: Part, tolerance: Double) -> [Double] {
    let length = subnetworkLength(part.vector, units: units)
    func side(_ height: Double) -> Double { abs(height) <= tolerance * length ? 0 : height > 0 ? 1 : -1 }
    let first = (0..<units).flatMap { j in
      hyperplanes.unitRows.times(Array(part.vector[(j * rank)..<((j + 1) * rank)])).map(side)
    }
    let lengths = design.rowNorms
    return first + inputs(of: part).enumerated().map { lengths[$0] > 0 ? side($1 / lengths[$0]) : 0 }
  }

  func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool) -> any PieceAscent<Piece> {
    SubnetworkAscent(pieces: self, threads: threads, isCancelled: isCancelled)
  }
}

extension SubnetworkPieces.Piece: LosslessStringConvertible {
  /// The sign, the family, and the sides of units and samples as signs.
  var description: String {
    func text(_ sides: [Int8]) -> String { String(sides.map { $0 > 0 ? "+" : "-" }) }
    return "\(sign < 0 ? "-" : "+"):\(family):\(text(units)):\(text(samples))"
  }

  /// The piece that a description is of.
  init?(_ description: String) {
    let fields = description.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 4, fields[0] == "+" || fields[0] == "-", let family = Int(fields[1]) else {
      return nil
    }
    func sides(_ text: Substring) -> [Int8]? {
      text.allSatisfy { $0 == "+" || $0 == "-" } ? text.map { $0 == "+" ? 1 : -1 } : nil
    }
    guard let units = sides(fields[2]), let samples = sides(fields[3]) else { return nil }
    self.init(sign: fields[0] == "-" ? -1 : 1, family: family, units: units, samples: samples)
  }
}

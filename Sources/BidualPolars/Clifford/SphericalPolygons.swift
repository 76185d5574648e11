import BidualLinear

/// The chambers of an arrangement in space, as polygons on the sphere, with their farthest pairs of points.
///
/// Every great circle is cut into edges by the others; an edge belongs to the two chambers that its sides on all
/// hyperplanes name. A chamber and its opposite are one. Edges are collected by chamber in passes, so that
/// memory stays bounded.
enum SphericalPolygons {
  /// A unit vector or a normal.
  typealias Point = SIMD3<Double>

  /// An arc of less than half a turn, with its polygon on the left.
  struct Edge {
    var start: Point
    var end: Point
    /// The great circle's normal, on the polygon's side.
    var normal: Point
  }

  private struct Record {
    var chamber: UInt64
    var edge: Edge
  }

  /// How many edges to hold at a time.
  private static let capacity = 2_000_000

  /// The smallest inner product of two points of one chamber's closure; nil if the edges of some chamber do not
  /// close, because hyperplanes almost coincide, or if cancelled.
  static func smallestCosine(_ unitRows: Matrix, isCancelled: () -> Bool) -> Double? {
    let m = unitRows.rows
    var random = SeededGenerator(seed: 3)
    let words = (0..<m).map { _ in random.next() }
    let passes = UInt64(2 * m * m / capacity + 1)
    var cosine = 1.0
    for pass in 0..<passes {
      var records: [Record] = []
      for h in 0..<m {
        if isCancelled() { return nil }
        collect(h, unitRows, words) { if $0.chamber % passes == pass { records.append($0) } }
      }
      records.sort { $0.chamber < $1.chamber }
      var start = 0
      while start < records.count {
        var end = start + 1
        while end < records.count, records[end].chamber == records[start].chamber { end += 1 }
        let edges = records[start..<end].map(\.edge)
        guard isClosed(edges) else { return nil }
        cosine = min(cosine, smallestCosine(edges))
        start = end
      }
    }
    return cosine
  }

  /// Hands out the edges on one great circle, each once for both of its sides.
  private static func collect(_ h: Int, _ unitRows: Matrix, _ words: [UInt64], _ body: (Record) -> Void) {
    let normal = point(Array(unitRows.row(h)))
    guard let basis = FlatBasis(dimension: 3).adding(unitRows.row(h))?.complement() else { return }
    let first = point(basis[0])
    var second = point(basis[1])
    // A sweep from first to second then has the normal's side on its left.
    if dot(cross(first, second), normal) < 0 { second = -second }
    var lines: [(angle: Double, point: Point, word: UInt64)] = []
    var sides: UInt64 = 0
    var all = words[h]
    for other in words.indices where other != h {
      let row = point(Array(unitRows.row(other)))
      let (a, b) = (dot(row, first), dot(row, second))
      let length = (a * a + b * b).squareRoot()
      guard length > 0 else { continue }
      all ^= words[other]
      if a > 0 || (a == 0 && b < 0) { sides ^= words[other] }
      let (x, y) = a == 0 ? (1, 0) : a < 0 ? (b / length, -a / length) : (-b / length, a / length)
      lines.append((1 - x / (abs(x) + y), x * first + y * second, words[other]))
    }
    lines.sort { $0.angle < $1.angle }
    guard let opening = lines.first else { return }
    for (k, line) in lines.enumerated() {
      sides ^= line.word
      let end = k + 1 < lines.count ? lines[k + 1].point : -opening.point
      // Lines that coincide to rounding leave no edge between them.
      guard length(end - line.point) > 1e-10 else { continue }
      for (chamber, edge) in [
        (sides ^ words[h], Edge(start: line.point, end: end, normal: normal)),
        (sides, Edge(start: end, end: line.point, normal: -normal)),
      ] {
        let opposite = chamber ^ all
        // The reflection at the origin turns left into right, so that the edge is walked backwards.
        let mirrored = Edge(start: -edge.end, end: -edge.start, normal: -edge.normal)
        body(
          chamber < opposite
            ? Record(chamber: chamber, edge: edge) : Record(chamber: opposite, edge: mirrored))
      }
    }
  }

  /// Whether the edges make a closed curve.
  private static func isClosed(_ edges: [Edge]) -> Bool {
    length(edges.reduce(Point.zero) { $0 + $1.end - $1.start }) < 1e-8
  }

  /// The smallest vᵀw over v, w in the polygon.
  ///
  /// Both lie on the boundary. Acute polygons take it at two vertices; else w may be the point of an edge farthest
  /// from a vertex v, the opposite of v's projection onto the edge's plane, or v and w may lie inside two edges, at
  /// right angles to the line in which their planes meet.
  static func smallestCosine(_ edges: [Edge]) -> Double {
    var cosine = 1.0
    for a in edges { for b in edges { cosine = min(cosine, dot(a.start, b.start)) } }
    guard cosine < 0 else { return cosine }
    for a in edges {
      for b in edges {
        let shadow = a.start - dot(a.start, b.normal) * b.normal
        let size = length(shadow)
        if size > 1e-12, holds(b, -shadow / size) { cosine = min(cosine, -size) }
        let line = cross(a.normal, b.normal)
        guard length(line) > 1e-9 else { continue }
        let v = cross(a.normal, line) / length(line)
        let w = cross(b.normal, line) / length(line)
        for (v, w) in [(v, w), (v, -w), (-v, w), (-v, -w)] where holds(a, v) && holds(b, w) {
          cosine = min(cosine, dot(v, w))
        }
      }
    }
    return cosine
  }

  /// Whether a point of the edge's great circle lies on the edge.
  private static func holds(_ edge: Edge, _ point: Point) -> Bool {
    dot(cross(edge.start, point), edge.normal) > -1e-12 && dot(cross(point, edge.end), edge.normal) > -1e-12
  }

  private static func point(_ row: [Double]) -> Point { Point(row[0], row[1], row[2]) }

  private static func dot(_ a: Point, _ b: Point) -> Double { (a * b).sum() }

  private static func length(_ a: Point) -> Double { dot(a, a).squareRoot() }

  private static func cross(_ a: Point, _ b: Point) -> Point {
    Point(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}

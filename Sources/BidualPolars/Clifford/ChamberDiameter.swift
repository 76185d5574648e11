import BidualLinear

/// The maximum chamber diameter ε = max ‖v − w‖ over unit v, w in the closure of one chamber (P23).
///
/// With it p* ≤ p_C ≤ p*/(1 − ε) for the optimum p_C of the Clifford lasso with p = 2. For a unit v = Σcₖρₖ
/// in a chamber with unit rays ρₖ, ρₖᵀv ≥ 1 − ε²/2 gives 1 ≥ (1 − ε²/2)Σcₖ: the sharper p_C ≤ p*/(1 − ε²/2)
/// holds as well, see `inflation`.
public struct ChamberDiameter: Sendable, Equatable {
  /// ε, or an upper bound of it; 2 where a chamber holds two opposite points.
  public let value: Double
  /// Whether `value` is ε itself, to rounding.
  public let isExact: Bool

  /// An upper bound of p_C/p*, 1/(1 − ε²/2); infinite for ε ≥ √2.
  public var inflation: Double {
    let share = 1 - 0.5 * value * value
    return share > 0 ? 1 / share : .infinity
  }

  /// The diameter for the hyperplanes of the rows of `design`, n×r in orthonormal coordinates.
  ///
  /// Exact for r ≤ 3, and where the rows do not span the space, whose chambers hold whole lines. Beyond
  /// that a branch and bound over pairs of cones gives an upper bound, after at most `nodeLimit` pairs.
  ///
  /// - Complexity: O(m log m) for m hyperplanes in the plane, O(m² log m) in space.
  public init(_ design: Matrix, nodeLimit: Int = 2_000_000, isCancelled: () -> Bool = { false }) {
    self.init(Geometry(design, keepsAxes: true), nodeLimit: nodeLimit, isCancelled: isCancelled)
  }

  /// The diameter for the hyperplanes of a design in the coordinates of its geometry.
  package init(_ geometry: Geometry, nodeLimit: Int = 2_000_000, isCancelled: () -> Bool = { false }) {
    let unitRows = geometry.hyperplanes.unitRows
    let r = geometry.rank
    let smallest = SingularValues(of: unitRows)?.values.last ?? 0
    guard unitRows.rows >= r, r > 0, smallest > 1e-12 else {
      self.init(value: r == 0 ? 0 : 2, isExact: true)
      return
    }
    switch r {
    case 1: self.init(value: 0, isExact: true)
    case 2: self.init(value: Self.longestChord(unitRows), isExact: true)
    case 3:
      if let cosine = SphericalPolygons.smallestCosine(unitRows, isCancelled: isCancelled) {
        self.init(value: Self.chord(cosine), isExact: true)
        return
      }
      fallthrough
    default:
      var search = ChamberPairs(unitRows, nodeLimit: nodeLimit)
      self.init(value: Self.chord(search.smallestCosine(isCancelled: isCancelled)), isExact: false)
    }
  }

  private init(value: Double, isExact: Bool) {
    self.value = value
    self.isExact = isExact
  }

  /// ‖v − w‖ for unit vectors with this inner product.
  private static func chord(_ cosine: Double) -> Double { max(0, 2 - 2 * max(-1, cosine)).squareRoot() }

  /// The chord of the widest angle between neighbouring lines in the plane.
  private static func longestChord(_ unitRows: Matrix) -> Double {
    // The lines' directions in the upper half plane, by angle.
    let lines = (0..<unitRows.rows).map { h -> (x: Double, y: Double) in
      let (x, y) = (-unitRows[h, 1], unitRows[h, 0])
      return y < 0 || (y == 0 && x < 0) ? (-x, -y) : (x, y)
    }.sorted { $0.x > $1.x }
    let neighbours = zip(lines, lines.dropFirst() + [(-lines[0].x, -lines[0].y)])
    return neighbours.map { a, b in
      let (x, y) = (a.x - b.x, a.y - b.y)
      return (x * x + y * y).squareRoot()
    }.max() ?? 2
  }
}

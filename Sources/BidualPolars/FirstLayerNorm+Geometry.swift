import BidualLinear
import BidualObjectives

/// What a norm of atoms means for proofs and searches over their directions.
extension FirstLayerNorm {
  /// The hyperplanes between which atoms of length 1 are as a linear function of their direction: those of a design's rows and, under ℓ₁, of the coordinates.
  func hyperplanes(of geometry: Geometry) -> Hyperplanes {
    switch self {
    case .l2: geometry.hyperplanes
    case .l1: geometry.hyperplanesWithAxes
    }
  }

  /// How many of these are no row's.
  func coordinateHyperplanes(rank: Int) -> Int {
    switch self {
    case .l2: 0
    case .l1: rank
    }
  }

  /// Bounds over cones of directions of length 1.
  func coneBound(rank: Int) -> any ConeBound {
    switch self {
    case .l2: BallConeBound(rank: rank)
    case .l1: SimplexConeBound(rank: rank)
    }
  }

  /// How much bisections of cones count an axis, from the lengths of the design's columns: under ℓ₁ coordinates are alike whatever their columns.
  func axisScales(lengths: [Double]) -> [Double] {
    let longest = lengths.max() ?? 0
    return switch self {
    case .l2: lengths.map { longest > 0 ? max($0 / longest, 0x1p-30) : 1 }
    case .l1: lengths.map { _ in 1 }
    }
  }
}

import BidualLinear

/// What the rows of a design look like: their row space, hyperplanes, principal axes and size, each worked out when it is
/// first asked for, once, for all that trains on the design or proves something about it.
///
/// All but the design itself is in the coordinates of the row space.
public final class Geometry: Sendable {
  /// The rows, n×d.
  public let design: Matrix
  private let keepsAxes: Bool
  private let spaces = Once<(reduced: RowSpace, principal: RowSpace)>()
  private let ownAxes = Once<RowSpace>()
  private let merged = Once<Hyperplanes>()
  private let mergedAlongAxes = Once<Hyperplanes>()
  private let size = Once<Double>()
  private let closed = Once<SpikeFreePolar?>()

  /// The geometry of a design, whose entries must be finite.
  ///
  /// - Parameter keepsAxes: whether the design's own features are the coordinates, for norms that no rotation
  ///   preserves.
  public init(_ design: Matrix, keepsAxes: Bool = false) {
    self.design = design
    self.keepsAxes = keepsAxes
  }

  /// The row space.
  ///
  /// - Complexity: O(nd·min(n, d)) when first asked for.
  public var rowSpace: RowSpace {
    keepsAxes ? RowSpace(unreduced: design) : spaces { RowSpace.pair(of: design) }.reduced
  }

  /// The rows in the row space, n×r.
  public var coordinates: Matrix { keepsAxes ? design : rowSpace.coordinates }

  /// The rank r of the design; its number of columns where coordinates are the design's features.
  public var rank: Int { coordinates.columns }

  /// The distinct hyperplanes of the rows.
  ///
  /// - Complexity: O(nr) when first asked for.
  public var hyperplanes: Hyperplanes { merged { Hyperplanes(coordinates) } }

  /// An upper bound of the largest singular value.
  ///
  /// - Complexity: O(nr² + r³) when first asked for.
  public var spectralNorm: Double { size { coordinates.spectralNormBound } }

  /// The closed form of the polar that spike-free designs have; nil where the design's stretch can't be bounded.
  ///
  /// - Complexity: O(nr), and O(m²r + m³) for m ≤ r rays, when first asked for.
  public var spikeFree: SpikeFreePolar? { closed { SpikeFreePolar(coordinates, hyperplanes: hyperplanes) } }

  /// The coordinates along their principal axes.
  var principal: RowSpace {
    keepsAxes ? ownAxes { RowSpace(principalAxesOf: design) } : spaces { RowSpace.pair(of: design) }.principal
  }

  /// The hyperplanes along the principal axes.
  var principalHyperplanes: Hyperplanes {
    mergedAlongAxes { hyperplanes.inCoordinates(principal.coordinates) }
  }
}

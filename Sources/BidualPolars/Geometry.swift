import BidualLinear

/// What the rows of a design look like: their row space, hyperplanes, principal axes and size, each worked out when it is
/// first asked for, once, for all that trains on the design or proves something about it.
///
/// All but the design itself is in the coordinates of the row space.
package final class Geometry: Sendable {
  /// The rows, n×d.
  package let design: Matrix
  private let keepsAxes: Bool
  private let limit: Int?
  private let analysis = Once<(space: RowSpace, axes: Matrix?)>()
  private let alongAxes = Once<RowSpace>()
  private let merged = Once<Hyperplanes>()
  private let mergedWithAxes = Once<Hyperplanes>()
  private let mergedAlongAxes = Once<Hyperplanes>()
  private let size = Once<Double>()
  private let closed = Once<SpikeFreePolar?>()
  private let independent = Once<Int>()

  /// The geometry of a design, whose entries must be finite.
  ///
  /// - Parameter keepsAxes: whether the design's own features are the coordinates, for norms that no rotation
  ///   preserves.
  package init(_ design: Matrix, keepsAxes: Bool = false) {
    self.design = design
    self.keepsAxes = keepsAxes
    limit = nil
  }

  /// The geometry of a design along its first principal axes, or all of them if it has no more than `rank`.
  package init(_ design: Matrix, rank: Int?) {
    self.design = design
    keepsAxes = false
    limit = rank
  }

  /// The row space.
  ///
  /// - Complexity: O(nd·min(n, d)) when first asked for.
  package var rowSpace: RowSpace {
    keepsAxes ? RowSpace(unreduced: design) : analysed.space
  }

  private var analysed: (space: RowSpace, axes: Matrix?) {
    analysis { RowSpace.analysis(of: design, limit: limit) }
  }

  /// The rows in the row space, n×r.
  package var coordinates: Matrix { keepsAxes ? design : rowSpace.coordinates }

  /// The rank r of the design; its number of columns where coordinates are the design's features.
  package var rank: Int { coordinates.columns }

  /// The rank of the design, whatever its coordinates.
  ///
  /// - Complexity: O(nd·min(n, d)) when first asked for.
  package var designRank: Int { keepsAxes ? independent { RowSpace(of: design).rank } : rank }

  /// The distinct hyperplanes of the rows.
  ///
  /// - Complexity: O(nr) when first asked for.
  package var hyperplanes: Hyperplanes { merged { Hyperplanes(coordinates) } }

  /// The distinct hyperplanes of the rows and of the coordinate axes.
  ///
  /// - Complexity: O((n + r)r) when first asked for.
  var hyperplanesWithAxes: Hyperplanes {
    mergedWithAxes {
      let axes = Matrix.identity(rank)
      return Hyperplanes(
        Matrix(
          rows: design.rows + rank, columns: rank, elements: coordinates.elements + axes.elements))
    }
  }

  /// An upper bound of the largest singular value.
  ///
  /// - Complexity: O(nr² + r³) when first asked for.
  package var spectralNorm: Double { size { coordinates.spectralNormBound } }

  /// The closed form of the polar that spike-free designs have; nil where the design's stretch can't be bounded.
  ///
  /// - Complexity: O(nr), and O(m²r + m³) for m ≤ r rays, when first asked for.
  package var spikeFree: SpikeFreePolar? { closed { SpikeFreePolar(coordinates, hyperplanes: hyperplanes) } }

  /// The coordinates along their principal axes.
  var principal: RowSpace {
    alongAxes {
      guard !keepsAxes else { return RowSpace(principalAxesOf: design) }
      let (space, axes) = analysed
      return axes.flatMap { RowSpace(design, onto: $0) } ?? RowSpace(unreduced: space.coordinates)
    }
  }

  /// The hyperplanes along the principal axes.
  var principalHyperplanes: Hyperplanes {
    mergedAlongAxes { hyperplanes.inCoordinates(principal.coordinates) }
  }
}

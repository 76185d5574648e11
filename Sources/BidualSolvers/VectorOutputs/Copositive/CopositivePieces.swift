import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

/// The pieces of a copositive program: all chambers of the data in which a sample is active; for spike-free data the one pattern D = I.
struct CopositivePieces {
  /// The pieces; none if listing them was cancelled.
  let pieces: [CopositivePiece]
  /// The number of chambers, where they were listed.
  let chambers: Int?

  /// The pieces of a design with sample weights.
  ///
  /// - Throws: `DataError` of kind `badData` if the program would be too large.
  /// - Complexity: O(Pm²) for P chambers and m hyperplanes.
  init(_ geometry: Geometry, weights: [Double], isCancelled: @escaping () -> Bool) throws(DataError) {
    let size = geometry.rank * (geometry.rank + 1) / 2
    let limit = CopositiveProgram.largest / max(1, size)
    guard limit > 0 else {
      throw DataError(
        .badData,
        "the copositive program has \(size) unknowns a chamber at rank \(geometry.rank), more than \(CopositiveProgram.largest) altogether; use the default method"
      )
    }
    var design = geometry.coordinates
    for i in 0..<design.rows {
      for k in 0..<design.columns { design[i, k] *= weights[i].squareRoot() }
    }
    if geometry.rank > 0, geometry.spikeFree?.isSpikeFree == true,
      let piece = CopositivePiece(spikeFree: design, geometry.hyperplanes.unitRows)
    {
      (pieces, chambers) = ([piece], nil)
      return
    }
    let tree: ChamberTree
    do {
      tree = try Arrangement(geometry.hyperplanes.rows).chambers(limit: limit, isCancelled: isCancelled)
    } catch .cancelled {
      (pieces, chambers) = ([], nil)
      return
    } catch .tooManyChambers {
      throw DataError(
        .badData,
        "the data have more than \(limit) chambers, too many for the copositive program at rank \(geometry.rank); use the default method"
      )
    } catch {
      throw DataError(error)
    }
    chambers = tree.count
    guard geometry.rank > 0 else {
      pieces = []
      return
    }
    let sides = (0..<tree.count).map(tree.sides)
    let known = Set(sides)
    pieces = (0..<tree.count).compactMap { chamber in
      CopositivePiece(
        design, geometry.hyperplanes, tree, chamber,
        facets: sides[chamber].indices.filter { h in
          // A chamber behind a hyperplane alone shares a facet on it.
          var other = sides[chamber]
          other[h].toggle()
          return known.contains(other)
        })
    }
  }
}

extension CopositivePiece {
  /// The one piece of a spike-free design with these rays; nil if they are dependent.
  fileprivate init?(spikeFree design: Matrix, _ rays: Matrix) {
    var gram = rays.timesTransposed(rays)
    var multipliers = [Double](repeating: 1, count: rays.rows)
    guard BLAS.choleskyFactor(n: rays.rows, &gram.elements) else { return nil }
    BLAS.choleskySolve(n: rays.rows, factor: gram.elements, x: &multipliers)
    self.init(map: design, facets: rays, center: rays.transposedTimes(multipliers).normalized)
  }

  /// The piece of a chamber; nil if no sample is active there.
  fileprivate init?(
    _ design: Matrix, _ hyperplanes: Hyperplanes, _ tree: ChamberTree, _ chamber: Int, facets: [Int]
  ) {
    let pattern = tree.pattern(chamber)
    let signs = (0..<hyperplanes.count).map { pattern[$0] ? Int8(1) : -1 }
    let activity = hyperplanes.activity(signs)
    guard activity.contains(true) else { return nil }
    var map = design
    for i in 0..<map.rows where !activity[i] {
      for k in 0..<map.columns { map[i, k] = 0 }
    }
    let rows = facets.compactMap { tree.arrangement.rows(ofHyperplane: $0).first }
    self.init(
      map: map,
      facets: Matrix(
        rows: rows.count, columns: map.columns,
        elements: rows.flatMap { h in hyperplanes.unitRows.row(h).map { Double(signs[h]) * $0 } }),
      center: tree.interiorPoint(chamber).normalized)
  }
}

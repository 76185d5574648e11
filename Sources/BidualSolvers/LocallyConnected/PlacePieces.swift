import BidualLinear
import BidualModels
import BidualPolars

/// The chambers of each place's patches, those of all places together. The place of a part is its family.
package struct PlacePieces: Pieces {
  /// A chamber of a place, with its sign.
  package struct Piece: Hashable, Sendable {
    let place: Int
    let chamber: ChamberMaximum.Key
  }

  private let places: [ReLUPieces]
  package let dimension: Int

  init(_ atoms: LocallyConnectedAtoms) {
    places = atoms.places.map { ReLUPieces($0.geometry) }
    dimension = atoms.geometry.rank
  }

  package func has(_ piece: Piece) -> Bool {
    places.indices.contains(piece.place) && places[piece.place].has(piece.chamber)
  }

  package func piece(of part: Part) -> Piece {
    Piece(place: part.family, chamber: places[part.family].piece(of: part))
  }

  package func part(of piece: Piece, vector: [Double]) -> Part {
    Part(sign: piece.chamber.sign, vector: vector, family: piece.place)
  }

  package func columns(of piece: Piece) -> [Double] { places[piece.place].columns(of: piece.chamber) }

  package func facets(of piece: Piece, near vector: [Double]) -> Set<Int> {
    places[piece.place].facets(of: piece.chamber, near: vector)
  }

  package func hasFacet(_ facet: Int, of piece: Piece) -> Bool {
    places[piece.place].hasFacet(facet, of: piece.chamber)
  }

  package func normal(of facet: Int, in piece: Piece) -> [Double] {
    places[piece.place].normal(of: facet, in: piece.chamber)
  }

  package func violations(of piece: Piece, by vector: [Double]) -> [Int] {
    places[piece.place].violations(of: piece.chamber, by: vector)
  }

  package func merged(_ parts: [Part], tolerance: Double) -> [Part] {
    places.indices.flatMap { place in
      places[place].merged(parts.filter { $0.family == place }, tolerance: tolerance)
    }
  }

  package func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool) -> any PieceAscent<Piece> {
    PlaceAscent(places: places.map { $0.ascent(threads: threads, isCancelled: isCancelled) })
  }
}

extension PlacePieces.Piece: LosslessStringConvertible {
  /// The place and the chamber, such as `3/+5:1f`.
  package var description: String { "\(place)/\(chamber)" }

  /// The piece that a description is of.
  package init?(_ description: String) {
    let fields = description.split(separator: "/", maxSplits: 1)
    guard fields.count == 2, let place = Int(fields[0]), let chamber = ChamberMaximum.Key(String(fields[1]))
    else { return nil }
    self.init(place: place, chamber: chamber)
  }
}

/// Ascents over the chambers of each place, from the same starts.
private struct PlaceAscent: PieceAscent {
  typealias Piece = PlacePieces.Piece

  let places: [any PieceAscent<ChamberMaximum.Key>]

  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<Piece>]
  {
    let found = places.enumerated().flatMap { place, ascent in
      ascent.maxima(of: dualPoint, from: starts, above: threshold, limit: limit).map { placed($0, place) }
    }
    return Array(found.sorted { $0.value > $1.value }.prefix(limit))
  }

  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<Piece>] {
    points.flatMap { point in
      places[point.family].climb(dualPoint, from: [point]).map { placed($0, point.family) }
    }
  }

  private func placed(_ maximum: PieceMaximum<ChamberMaximum.Key>, _ place: Int) -> PieceMaximum<Piece> {
    PieceMaximum(
      piece: Piece(place: place, chamber: maximum.piece), value: maximum.value, direction: maximum.direction)
  }
}

import BidualLinear
import BidualModels
import BidualPolars

/// Atoms whose map from a part's vector is linear on pieces, cones that cover all vectors: what a working set is made
/// of.
package protocol PiecewiseAtoms: NeuronAtoms {
  associatedtype System: Pieces

  /// The pieces over the design.
  func pieces() -> System

  /// A search that moves and adds neurons without regard to pieces; nil for atoms or problems that have none.
  ///
  /// - Parameters:
  ///   - problem: in the coordinates of the row space.
  ///   - posed: in those of the design.
  func neuronSearch(
    _ problem: TrainingProblem, posed: TrainingProblem, options: WorkingSet.Options,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> NeuronSearch?

  /// Parts of a network, and its offset, to begin a search for neurons with; nil for none.
  ///
  /// - Parameter problem: as posed.
  func opening(_ problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal) -> (
    parts: [Part], offset: Double?
  )?
}

extension PiecewiseAtoms {
  package func opening(_ problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal) -> (
    parts: [Part], offset: Double?
  )? { nil }

  package func neuronSearch(
    _ problem: TrainingProblem, posed: TrainingProblem, options: WorkingSet.Options,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> NeuronSearch? { nil }
}

extension Pieces {
  /// One.
  package var units: Int { 1 }
}

/// The pieces of an architecture's atoms over a design.
package protocol Pieces: Sendable {
  /// One piece, with the sign of its atoms; its description is its form in files.
  associatedtype Piece: Hashable, LosslessStringConvertible, Sendable

  /// How many numbers a vector has.
  var dimension: Int { get }

  /// Of how many vectors of equal size, each of which the penalty measures by its length, a part's vector is made.
  var units: Int { get }

  /// Whether a piece read from a file is one of these.
  func has(_ piece: Piece) -> Bool

  /// The piece whose closure holds a part.
  func piece(of part: Part) -> Piece

  /// The part of a vector in a piece's closure.
  func part(of piece: Piece, vector: [Double]) -> Part

  /// The predictions of a piece's unit vectors, with its sign: dimension×n, row by row.
  func columns(of piece: Piece) -> [Double]

  /// Facets of a piece that are worth enforcing from the start, found from a vector in its closure.
  func facets(of piece: Piece, near vector: [Double]) -> Set<Int>

  /// Whether a facet read from a file is one that a piece may have.
  func hasFacet(_ facet: Int, of piece: Piece) -> Bool

  /// The unit vector g of a facet: gᵀv ≥ 0 for all v in the piece.
  func normal(of facet: Int, in piece: Piece) -> [Double]

  /// The facets that a vector is beyond, the worst first.
  func violations(of piece: Piece, by vector: [Double]) -> [Int]

  /// The parts with those merged that one piece holds together.
  func merged(_ parts: [Part], tolerance: Double) -> [Part]

  /// An ascent from piece to piece.
  func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool) -> any PieceAscent<Piece>
}

/// A search for pieces with large polar values: fast, and proves nothing.
package protocol PieceAscent<Piece>: Sendable {
  associatedtype Piece: Sendable

  /// The local maxima above `threshold` that ascents from `starts` (unit rows) lead to, best first, one a piece and at
  /// most `limit` of them.
  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<Piece>]

  /// The local maxima uphill of the given directions.
  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<Piece>]
}

/// The largest value that a piece's atoms take against a dual point.
package struct PieceMaximum<Piece: Sendable>: Sendable {
  /// The piece.
  package let piece: Piece
  /// The value.
  package let value: Double
  /// Where it is taken.
  package let direction: [Double]

  /// A maximum from its parts.
  package init(piece: Piece, value: Double, direction: [Double]) {
    self.piece = piece
    self.value = value
    self.direction = direction
  }
}

import BidualLinear
import BidualModels
import BidualPolars

/// Pieces that are the chambers of the rows' hyperplanes, each with a sign.
package protocol ChamberPieces: Pieces where Piece == ChamberMaximum.Key {
  /// The chambers.
  var chambers: Chambers { get }
}

/// The chambers of hyperplanes, with a probe for their facets, which are hyperplanes.
package struct Chambers: Sendable {
  /// The hyperplanes.
  package let hyperplanes: Hyperplanes
  fileprivate let probe: FacetProbe

  /// The chambers of the given hyperplanes.
  package init(_ hyperplanes: Hyperplanes) {
    self.hyperplanes = hyperplanes
    probe = FacetProbe(hyperplanes, seed: 0)
  }
}

extension ChamberPieces {
  package var dimension: Int { chambers.hyperplanes.rows.columns }

  package func has(_ piece: Piece) -> Bool { piece.sides.count == chambers.hyperplanes.count }

  package func piece(of part: Part) -> Piece {
    Piece(sign: part.sign, sides: chambers.hyperplanes.sides(at: part.vector))
  }

  package func part(of piece: Piece, vector: [Double]) -> Part { Part(sign: piece.sign, vector: vector) }

  package func facets(of piece: Piece, near vector: [Double]) -> Set<Int> {
    chambers.probe.facets(of: piece.sides, near: vector)
  }

  package func hasFacet(_ facet: Int, of piece: Piece) -> Bool {
    (0..<chambers.hyperplanes.count).contains(facet)
  }

  package func normal(of facet: Int, in piece: Piece) -> [Double] {
    chambers.hyperplanes.unitRows.row(facet).map { Double(piece.sides[facet]) * $0 }
  }

  package func violations(of piece: Piece, by vector: [Double]) -> [Int] {
    let heights = chambers.hyperplanes.unitRows.times(vector)
    let cut = -1e-9 * norm(vector)
    return heights.indices.filter { Double(piece.sides[$0]) * heights[$0] < cut }
      .sorted { abs(heights[$0]) > abs(heights[$1]) }
  }

  package func merged(_ parts: [Part], tolerance: Double) -> [Part] {
    NeuronMerging.merged(parts, rows: chambers.hyperplanes.unitRows, tolerance: tolerance)
  }
}

extension ChamberMaximum.Key: LosslessStringConvertible {
  /// The sign, the number of hyperplanes, and their sides as bits, four a hexadecimal digit.
  package var description: String {
    let digits = stride(from: 0, to: sides.count, by: 4).map { first in
      let group = sides[first..<min(first + 4, sides.count)]
      return Self.digits[group.reversed().reduce(0) { 2 * $0 + ($1 > 0 ? 1 : 0) }]
    }
    return "\(sign < 0 ? "-" : "+")\(sides.count):\(String(decoding: digits, as: UTF8.self))"
  }

  /// The chamber that a description is of.
  package init?(_ description: String) {
    guard let first = description.first, first == "+" || first == "-",
      let colon = description.firstIndex(of: ":"),
      let count = Int(description[description.index(after: description.startIndex)..<colon]), count >= 0
    else { return nil }
    let text = description[description.index(after: colon)...].utf8
    let values = text.compactMap { Self.digits.firstIndex(of: $0) }
    guard values.count == text.count, values.count == (count + 3) / 4 else { return nil }
    self.init(
      sign: first == "-" ? -1 : 1, sides: (0..<count).map { values[$0 / 4] >> ($0 % 4) & 1 == 1 ? 1 : -1 })
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

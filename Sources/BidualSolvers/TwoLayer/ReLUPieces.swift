import BidualLinear
import BidualModels
import BidualPolars

/// The chambers of the ReLU: on each, (Xu)₊ = DXu with the rows active whose heights are positive.
struct ReLUPieces: ChamberPieces {
  let chambers: Chambers
  private let design: Matrix

  init(_ geometry: Geometry) {
    chambers = Chambers(geometry.hyperplanes)
    design = geometry.coordinates
  }

  func columns(of piece: ChamberMaximum.Key) -> [Double] {
    let (n, r) = (design.rows, design.columns)
    let active = chambers.hyperplanes.activity(piece.sides)
    var columns = [Double](repeating: 0, count: r * n)
    for i in 0..<n where active[i] {
      for k in 0..<r { columns[k * n + i] = piece.sign * design[i, k] }
    }
    return columns
  }

  func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool)
    -> any PieceAscent<ChamberMaximum.Key>
  {
    ReLUAscent(ascent: LocalAscent(chambers.hyperplanes, threads: threads, isCancelled: isCancelled))
  }
}

/// Ascent from chamber to chamber.
private struct ReLUAscent: PieceAscent {
  let ascent: LocalAscent

  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<ChamberMaximum.Key>]
  {
    ascent.maxima(of: dualPoint, from: starts, above: threshold, limit: limit).map(maximum)
  }

  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<ChamberMaximum.Key>] {
    ascent.climb(dualPoint, from: points).map(maximum)
  }

  private func maximum(_ found: ChamberMaximum) -> PieceMaximum<ChamberMaximum.Key> {
    PieceMaximum(piece: found.key, value: found.value, direction: found.direction)
  }
}

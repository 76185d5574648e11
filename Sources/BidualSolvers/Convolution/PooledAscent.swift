import BidualLinear
import BidualPolars

/// Ascents of atoms whose entries are pooled over the rows of each sample, by those of the rows' atoms against SᵀV.
struct PooledAscent<Base: Sendable>: Sendable {
  let base: Base
  let pooling: RowPooling
}

extension PooledAscent: DirectionAscent where Base: DirectionAscent {
  func maxima(of dualPoint: [Double], from starts: Matrix) -> [PolarMaximizer] {
    base.maxima(of: pooling.spread(dualPoint), from: starts)
  }

  func climbed(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PolarMaximizer] {
    base.climbed(pooling.spread(dualPoint), from: points)
  }
}

extension PooledAscent: PieceAscent where Base: PieceAscent {
  typealias Piece = Base.Piece

  func maxima(of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [PieceMaximum<Piece>]
  {
    base.maxima(of: pooling.spread(dualPoint), from: starts, above: threshold, limit: limit)
  }

  func climb(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PieceMaximum<Piece>] {
    base.climb(pooling.spread(dualPoint), from: points)
  }
}

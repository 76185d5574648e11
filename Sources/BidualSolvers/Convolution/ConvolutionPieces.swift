import BidualModels
import BidualPolars

/// The chambers of all patches: on each the atom of a filter is S·D·M·u, D the patches that it is active on.
struct ConvolutionPieces: ChamberPieces {
  /// Those of the patches as samples of their own.
  private let patches: ReLUPieces
  private let pooling: RowPooling
  var chambers: Chambers { patches.chambers }

  init(_ geometry: Geometry, pooling: RowPooling) {
    patches = ReLUPieces(geometry)
    self.pooling = pooling
  }

  func columns(of piece: ChamberMaximum.Key) -> [Double] {
    // The patches of an image stand side by side in every column.
    pooling.pooled(patches.columns(of: piece))
  }

  func ascent(threads: Int, isCancelled: @escaping @Sendable () -> Bool)
    -> any PieceAscent<ChamberMaximum.Key>
  {
    pooled(patches.ascent(threads: threads, isCancelled: isCancelled))
  }

  private func pooled(_ ascent: some PieceAscent<ChamberMaximum.Key>) -> any PieceAscent<ChamberMaximum.Key> {
    PooledAscent(base: ascent, pooling: pooling)
  }
}

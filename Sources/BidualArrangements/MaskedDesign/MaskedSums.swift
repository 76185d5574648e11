import BidualLinear

/// Sums of source rows picked by bits, a tile of columns at a time, shared out to threads.
///
/// Many items are cut into runs of items; few items into fixed parts of the source rows whose sums are then
/// added up in order. Which of the two, and into how many parts, depends on the shape alone, so that
/// the result is the same for every number of threads.
struct MaskedSums<Scalar: MaskedScalar> {
  /// A stretch of columns that one pass computes.
  struct Tile {
    /// The first column.
    let first: Int
    /// The number of columns.
    let width: Int
    /// The number of columns of storage, one of those that the kernel is compiled for.
    let padded: Int
  }

  /// Bit s mod 8 of byte (s / 8)·items + i says whether item i takes source row s.
  let bytes: [UInt8]
  let items: Int
  let sourceRows: Int
  let threads: Int

  /// Items from which on runs of items are cut; the kernel reads a whole byte at a time from 192 on.
  private static var manyItems: Int { 4096 }

  /// The tiles that cover a number of columns.
  static func tiles(columns: Int) -> [Tile] {
    let isOneTile = Scalar.tileWidths.contains { $0 >= columns }
    let width = isOneTile ? columns : Scalar.preferredTile
    return stride(from: 0, to: columns, by: max(1, width)).map { first in
      let width = min(width, columns - first)
      return Tile(first: first, width: width, padded: Scalar.tileWidths.first { $0 >= width }!)
    }
  }

  /// Calls `body` with runs of items and their sums, of `tile.padded` numbers an item; calls are concurrent.
  func forEachRun(
    _ tile: Tile, source: UnsafePointer<Scalar>, stride: Int,
    _ body: @Sendable (_ items: Range<Int>, _ sums: UnsafePointer<Scalar>) -> Void
  ) {
    nonisolated(unsafe) let source = source
    if items >= Self.manyItems {
      // Sums of a few thousand items stay in the cache nearest to the tables.
      let rounds = (items + 6143) / 6144
      let runs = (max(rounds, threads) + threads - 1) / threads * threads
      let length = max(1024, (items + runs - 1) / runs)
      _ = concurrentMap((items + length - 1) / length, threads: threads) { run, _ in
        let range = (run * length)..<min(items, (run + 1) * length)
        let sums = AlignedStorage<Scalar>(range.count * tile.padded)
        add(tile, items: range, rows: 0..<sourceRows, source, stride, to: sums.start)
        body(range, sums.start)
      }
      return
    }
    let parts = sourceRows < 256 ? 1 : sourceRows < 512 ? 2 : sourceRows < 1024 ? 4 : 8
    let length = (sourceRows / parts + 31) / 32 * 32
    let size = items * tile.padded
    let storage = AlignedStorage<Scalar>(parts * size)
    nonisolated(unsafe) let sums = storage.start
    _ = concurrentMap(parts, threads: threads) { part, _ in
      let rows =
        min(sourceRows, part * length)..<min(sourceRows, part == parts - 1 ? sourceRows : (part + 1) * length)
      add(tile, items: 0..<items, rows: rows, source, stride, to: sums + part * size)
    }
    for part in 1..<parts { Scalar.add(size, sums + part * size, to: sums) }
    body(0..<items, sums)
    withExtendedLifetime(storage) {}
  }

  private func add(
    _ tile: Tile, items range: Range<Int>, rows: Range<Int>, _ source: UnsafePointer<Scalar>, _ stride: Int,
    to sums: UnsafeMutablePointer<Scalar>
  ) {
    guard !range.isEmpty, !rows.isEmpty else { return }
    let tables = AlignedStorage<Scalar>(1024 * tile.padded)
    bytes.withUnsafeBufferPointer { bytes in
      Scalar.maskedSums(
        items: range.count, sourceRows: rows.count,
        bytes: bytes.baseAddress! + rows.lowerBound / 8 * items + range.lowerBound, byteStride: items,
        source: source + rows.lowerBound * stride, sourceStride: stride, width: tile.width, tile: tile.padded,
        tables: tables.start, sums: sums)
    }
    withExtendedLifetime(tables) {}
  }
}

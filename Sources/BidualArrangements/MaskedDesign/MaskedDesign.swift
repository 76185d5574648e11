import BidualLinear

/// The operator [D₁X, …, D_PX] of n×(P·d) numbers, kept as X (n×d) and P·n bits.
///
/// A block V of the argument is a row-major d×c matrix for one pattern; c is the number of outputs. The
/// products are computed by the method of four Russians: with the 0/1 matrix M of the patterns, forward is
/// M·V (sums of blocks picked by bits) followed by row products with X, and adjoint is Mᵀ times the
/// outer products x_irᵢᵀ. The n×(P·d) numbers never exist.
///
/// Results are the same bytes for every number of threads.
package struct MaskedDesign<Scalar: MaskedScalar>: Sendable {
  /// The number d of features.
  package let features: Int
  /// X, n×d, row after row.
  package let design: [Scalar]
  /// The patterns D₁, …, D_P.
  package let patterns: PatternSet
  /// How many threads the products use.
  package var threads: Int

  /// The operator of a design given row after row, which has as many rows as the patterns have samples.
  package init(design: [Scalar], features: Int, patterns: PatternSet, threads: Int = 1) {
    precondition(features >= 0 && design.count == patterns.samples * features && threads > 0)
    self.design = design
    self.features = features
    self.patterns = patterns
    self.threads = threads
  }

  /// The operator of the patterns at the given indices, in that order; O(n/8) a pattern.
  package func selecting(_ indices: [Int]) -> MaskedDesign {
    MaskedDesign(
      design: design, features: features, patterns: patterns.selecting(indices), threads: threads)
  }

  /// F = Σᵢ DᵢXVᵢ, n×c row after row, for the blocks Vᵢ (d×c each) one after another.
  ///
  /// - Complexity: O((n + 256)·P·d·c/8 + n·d·c).
  package func forward(_ blocks: [Scalar], outputs: Int = 1) -> [Scalar] {
    precondition(outputs > 0 && blocks.count == patterns.count * features * outputs)
    let samples = patterns.samples
    let columns = features * outputs
    var fitted = [Scalar](repeating: 0, count: samples * outputs)
    let sums = MaskedSums<Scalar>(
      bytes: patterns.byPatternGroup, items: samples, sourceRows: patterns.count, threads: threads)
    withPointers(design, blocks, &fitted) { design, blocks, fitted in
      nonisolated(unsafe) let (design, fitted) = (design, fitted)
      for tile in MaskedSums<Scalar>.tiles(columns: columns) {
        sums.forEachRun(tile, source: blocks + tile.first, stride: columns) { rows, sums in
          Scalar.maskedDots(
            rows: rows.count, outputs: outputs, design: design + rows.lowerBound * features,
            features: features, sums: sums, first: tile.first, width: tile.width, tile: tile.padded,
            fitted: fitted + rows.lowerBound * outputs)
        }
      }
    }
    return fitted
  }

  /// Gᵢ = XᵀDᵢR for all i, d×c each and one after another, for R of n×c numbers row after row.
  ///
  /// - Complexity: O((P + 256)·n·d·c/8).
  package func adjoint(_ residual: [Scalar], outputs: Int = 1) -> [Scalar] {
    let samples = patterns.samples
    precondition(outputs > 0 && residual.count == samples * outputs)
    let columns = features * outputs
    var blocks = [Scalar](repeating: 0, count: patterns.count * columns)
    let sums = MaskedSums<Scalar>(
      bytes: patterns.bySampleGroup, items: patterns.count, sourceRows: samples, threads: threads)
    let tiles = MaskedSums<Scalar>.tiles(columns: columns)
    let source = AlignedStorage<Scalar>(samples * (tiles.map(\.width).max() ?? 0))
    withPointers(design, residual, &blocks) { design, residual, blocks in
      nonisolated(unsafe) let blocks = blocks
      for tile in tiles {
        Scalar.maskedSpread(
          rows: samples, outputs: outputs, design: design, features: features, residual: residual,
          first: tile.first, width: tile.width, source: source.start)
        sums.forEachRun(tile, source: source.start, stride: tile.width) { items, sums in
          for (place, item) in items.enumerated() {
            (blocks + item * columns + tile.first).update(from: sums + place * tile.padded, count: tile.width)
          }
        }
      }
    }
    withExtendedLifetime(source) {}
    return blocks
  }

  private func withPointers(
    _ first: [Scalar], _ second: [Scalar], _ result: inout [Scalar],
    _ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        result.withUnsafeMutableBufferPointer { result in
          guard let a = first.baseAddress, let b = second.baseAddress, let c = result.baseAddress else {
            return
          }
          body(a, b, c)
        }
      }
    }
  }
}

extension MaskedDesign<Double> {
  /// The operator of a matrix X with as many rows as the patterns have samples.
  package init(_ design: Matrix, patterns: PatternSet, threads: Int = 1) {
    self.init(design: design.elements, features: design.columns, patterns: patterns, threads: threads)
  }
}

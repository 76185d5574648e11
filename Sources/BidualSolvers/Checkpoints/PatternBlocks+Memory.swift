import BidualArrangements

extension PatternBlocks {
  /// What projections onto the cones have learned, from which the next ones begin, and which blocks are at work.
  ///
  /// It decides no more than the course of the arithmetic, and so the last bits of what comes.
  struct Memory: Codable, Sendable {
    /// The last projection of a block.
    struct Projection: Codable, Sendable {
      let block: Int
      /// What it added to its argument.
      let push: [Double]
      /// The rows of which that is made, with their multipliers.
      let rows: [Int]
      let multipliers: [Double]
    }

    /// Those of the blocks that had any.
    let projections: [Projection]
    /// The rows that each pattern's cone has needed; none without cones.
    let facets: [[Int]]
    /// The blocks that may be other than zero; nil where all may.
    let working: [Int]?
    /// Steps that a projection for the pricing may take.
    let effort: Int
  }

  /// What there is to remember.
  var memory: Memory {
    Memory(
      projections: pushes.indices.filter { !pushes[$0].isEmpty }.map { block in
        Memory.Projection(
          block: block, push: pushes[block], rows: pushRows[block].map(\.row),
          multipliers: pushRows[block].map(\.multiplier))
      },
      facets: cones?.facets ?? [],
      working: working.map { working in working.indices.filter { working[$0] } },
      effort: effort)
  }

  /// Whether these blocks can have learned that.
  func fits(_ memory: Memory) -> Bool {
    let (rows, blocks) = (0..<design.rows, 0..<pushes.count)
    return memory.projections.allSatisfy {
      blocks.contains($0.block) && $0.push.count == design.columns && $0.rows.count == $0.multipliers.count
        && $0.rows.allSatisfy(rows.contains)
    } && memory.facets.count == cones?.facets.count ?? 0
      && memory.facets.joined().allSatisfy(rows.contains)
      && (memory.working == nil) == (working == nil)
      && memory.working?.allSatisfy(blocks.contains) ?? true && memory.effort > 0
  }

  /// Takes up what blocks like these have learned.
  func restore(_ memory: Memory) {
    cones?.facets = memory.facets
    for projection in memory.projections {
      let block = projection.block
      pushes[block] = projection.push
      pushRows[block] = zip(projection.rows, projection.multipliers).map { ($0, $1) }
      cones?.active[block] = projection.rows
    }
    for block in memory.working ?? [] { working?[block] = true }
    effort = memory.effort
  }
}

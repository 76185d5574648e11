import BidualLinear
import BidualModels

/// The pieces that the program holds now, each with its facets and its vector.
struct Master<System: Pieces> {
  /// One piece of the working set.
  struct Block {
    let piece: System.Piece
    /// Its columns, with its sign: dimension×n.
    let columns: [Double]
    /// The facets that the program enforces; the others are added when violated.
    var facets: [Int]
    var facetSet: Set<Int>
    var vector: [Double]
    /// ‖ω‖/β: at 1 the piece bounds the dual point, far below 1 it has no say.
    var tightness = 0.0
    /// Rounds since the piece last had a say.
    var idleRounds = 0
  }

  let problem: TrainingProblem
  let pieces: System
  /// The offset of the last solution.
  private(set) var offset: Double
  private(set) var blocks: [Block] = []
  private var known: Set<System.Piece> = []
  /// The facets that dropped pieces had learned to need; without them they would stray again.
  private var remembered: [System.Piece: Set<Int>] = [:]

  /// A program without pieces for `problem`.
  init(_ problem: TrainingProblem, pieces: System) {
    self.problem = problem
    self.pieces = pieces
    offset = problem.constantFit
  }

  /// The pieces of the program and those that were dropped, for `restore`.
  var records: (pieces: [PieceRecord], dropped: [PieceRecord]) {
    let dropped = remembered.map { ($0.key.description, $0.value.sorted()) }.sorted { $0.0 < $1.0 }
    return (
      blocks.map {
        PieceRecord(piece: $0.piece.description, facets: $0.facets, idleRounds: $0.idleRounds)
      },
      dropped.map { PieceRecord(piece: $0.0, facets: $0.1, idleRounds: nil) }
    )
  }

  /// Goes on from the records of another run's program; what they leave out is solved for before it is used.
  mutating func restore(_ records: [PieceRecord], dropped: [PieceRecord]) {
    for record in dropped {
      guard let piece = piece(of: record) else { continue }
      remembered[piece] = Set(record.facets)
    }
    for record in records {
      guard let piece = piece(of: record), known.insert(piece).inserted else { continue }
      append(piece, facets: record.facets)
      blocks[blocks.count - 1].idleRounds = record.idleRounds ?? 0
    }
  }

  /// Enforces the facets to which another run's program over the same pieces had come; changes nothing where the pieces are others.
  ///
  /// - Returns: whether they are the same.
  mutating func adopt(_ records: [PieceRecord]) -> Bool {
    guard records.count == blocks.count,
      zip(records, blocks).allSatisfy({ record, block in
        record.piece == block.piece.description && piece(of: record) != nil
      })
    else { return false }
    for (b, record) in records.enumerated() {
      blocks[b].facets = record.facets
      blocks[b].facetSet = Set(record.facets)
    }
    return true
  }

  /// The piece of a record; nil if it is of other data.
  private func piece(of record: PieceRecord) -> System.Piece? {
    guard let piece = System.Piece(record.piece), pieces.has(piece),
      record.facets.allSatisfy({ pieces.hasFacet($0, of: piece) }),
      Set(record.facets).count == record.facets.count
    else { return nil }
    return piece
  }

  var isEmpty: Bool { blocks.isEmpty }

  /// Adds a piece whose closure holds `direction`, with the facets that a probe finds enforced from the start.
  ///
  /// - Returns: whether it was new.
  mutating func insert(_ piece: System.Piece, near direction: [Double]) -> Bool {
    guard known.insert(piece).inserted else { return false }
    let facets = pieces.facets(of: piece, near: direction).union(remembered[piece] ?? [])
    append(piece, facets: facets.sorted())
    return true
  }

  /// Adds the piece that holds a part.
  ///
  /// - Returns: whether it was new.
  @discardableResult
  mutating func insert(_ part: Part) -> Bool { insert(pieces.piece(of: part), near: part.vector) }

  private mutating func append(_ piece: System.Piece, facets: [Int]) {
    blocks.append(
      Block(
        piece: piece, columns: pieces.columns(of: piece), facets: facets, facetSet: Set(facets),
        vector: Array(repeating: 0, count: pieces.dimension)))
  }

  /// Solves the program over the present pieces and facets.
  mutating func solve(with interiorPoint: InteriorPoint) -> ConicSolution {
    let r = pieces.dimension
    let n = problem.targets.count
    var facets: [Double] = []
    var facetStart = [0]
    for block in blocks {
      for facet in block.facets { facets += pieces.normal(of: facet, in: block.piece) }
      facetStart.append(facets.count / max(r, 1))
    }
    var columns: [Double] = []
    columns.reserveCapacity(blocks.count * r * n)
    for block in blocks { columns += block.columns }
    let program = ConicProgram(
      problem: problem, rank: r, conesPerBlock: pieces.units, blocks: blocks.count,
      columns: Matrix(rows: blocks.count * r, columns: n, elements: columns), facets: facets,
      facetStart: facetStart)
    let solution = interiorPoint.solve(program)
    offset = solution.offset
    for b in blocks.indices {
      blocks[b].vector = Array(solution.z[(b * r)..<((b + 1) * r)])
      blocks[b].tightness = solution.tightness[b]
    }
    return solution
  }

  private var longest: Double { blocks.map { norm($0.vector) }.max() ?? 0 }

  /// The length under which a vector counts as zero.
  private var negligible: Double { 1e-8 * longest }

  /// Enforces the facets that the vectors violate, the worst first.
  ///
  /// - Returns: how many were added, and the vectors that strayed.
  mutating func enforceViolatedFacets() -> (count: Int, strayed: [Part]) {
    let cut = negligible
    var count = 0
    var strayed: [Part] = []
    for b in blocks.indices where norm(blocks[b].vector) > cut {
      let violated = pieces.violations(of: blocks[b].piece, by: blocks[b].vector)
        .filter { !blocks[b].facetSet.contains($0) }
      guard !violated.isEmpty else { continue }
      for facet in violated.prefix(2 * pieces.dimension) {
        blocks[b].facets.append(facet)
        blocks[b].facetSet.insert(facet)
        count += 1
      }
      strayed.append(pieces.part(of: blocks[b].piece, vector: blocks[b].vector))
    }
    return (count, strayed)
  }

  /// Drops the pieces that have bounded neither the network nor the dual point for some rounds.
  mutating func dropIdle(after rounds: Int) {
    for b in blocks.indices {
      blocks[b].idleRounds = blocks[b].tightness > 0.9 ? 0 : blocks[b].idleRounds + 1
    }
    let dropped = blocks.filter { $0.idleRounds >= rounds }
    guard !dropped.isEmpty else { return }
    blocks.removeAll { $0.idleRounds >= rounds }
    for block in dropped {
      known.remove(block.piece)
      remembered[block.piece] = block.facetSet
    }
  }

  /// The vectors longer than a share of the longest, with their signs; by default those that count as other than zero.
  func parts(above share: Double = 1e-8) -> [Part] {
    let cut = share * longest
    return blocks.filter { norm($0.vector) > cut }.map { pieces.part(of: $0.piece, vector: $0.vector) }
  }

  /// The vectors of the solution as ever fewer parts, merged and pruned at rising accuracy.
  func recovered(atoms: some NeuronAtoms) -> [[Part]] {
    [1e-5, 1e-7, 1e-9].map { level in
      CaratheodoryPruning.pruned(pieces.merged(parts(above: level), tolerance: level), atoms: atoms)
    }
  }
}

import BidualLinear
import BidualModels
import BidualPolars

/// The chambers that the program holds now, each with its sign, its facet rows and its vector.
struct Master {
  /// One chamber of the working set.
  struct Block {
    let key: ChamberMaximum.Key
    /// ±DX transposed, rank×n.
    let columns: [Double]
    /// Hyperplanes whose rows the program enforces; the others are added when violated.
    var facets: [Int]
    var facetSet: Set<Int>
    var vector: [Double]
    /// ‖ω‖/β: at 1 the chamber bounds the dual point, far below 1 it has no say.
    var tightness = 0.0
    /// Rounds since the chamber last had a say.
    var idleRounds = 0
  }

  let problem: TrainingProblem
  let design: Matrix
  let hyperplanes: Hyperplanes
  /// The offset of the last solution.
  private(set) var offset: Double
  private let probe: FacetProbe
  private(set) var blocks: [Block] = []
  private var known: Set<ChamberMaximum.Key> = []
  /// The facets that dropped chambers had learned to need; without them they would stray again.
  private var remembered: [ChamberMaximum.Key: Set<Int>] = [:]

  /// A program without chambers for `problem`, whose design has the given coordinates in its row space.
  init(_ problem: TrainingProblem, design: Matrix, hyperplanes: Hyperplanes) {
    self.problem = problem
    self.design = design
    self.hyperplanes = hyperplanes
    offset = problem.constantFit
    probe = FacetProbe(hyperplanes, seed: 0)
  }

  /// The chambers of the program and those that were dropped, for `restore`.
  var records: (chambers: [ChamberRecord], dropped: [ChamberRecord]) {
    let dropped = remembered.sorted {
      $0.key.sign == $1.key.sign
        ? $0.key.sides.lexicographicallyPrecedes($1.key.sides) : $0.key.sign < $1.key.sign
    }
    return (
      blocks.map { ChamberRecord($0.key, facets: $0.facets, idleRounds: $0.idleRounds) },
      dropped.map { ChamberRecord($0.key, facets: $0.value.sorted(), idleRounds: nil) }
    )
  }

  /// Goes on from the records of another run's program; what they leave out is solved for before it is used.
  mutating func restore(_ chambers: [ChamberRecord], dropped: [ChamberRecord]) {
    for record in dropped {
      guard let key = record.key(hyperplanes: hyperplanes.count) else { continue }
      remembered[key] = Set(record.facets)
    }
    for record in chambers {
      guard let key = record.key(hyperplanes: hyperplanes.count), known.insert(key).inserted else { continue }
      append(key, facets: record.facets)
      blocks[blocks.count - 1].idleRounds = record.idleRounds ?? 0
    }
  }

  var isEmpty: Bool { blocks.isEmpty }

  /// Adds a chamber whose closure holds `direction`, with the facets that a probe finds enforced from the start.
  ///
  /// - Returns: whether it was new.
  mutating func insert(_ key: ChamberMaximum.Key, near direction: [Double]) -> Bool {
    guard known.insert(key).inserted else { return false }
    let facets = probe.facets(of: key.sides, near: direction).union(remembered[key] ?? [])
    append(key, facets: facets.sorted())
    return true
  }

  private mutating func append(_ key: ChamberMaximum.Key, facets: [Int]) {
    let n = design.rows
    let r = design.columns
    let active = hyperplanes.activity(key.sides)
    var columns = [Double](repeating: 0, count: r * n)
    for i in 0..<n where active[i] {
      for k in 0..<r { columns[k * n + i] = key.sign * design[i, k] }
    }
    blocks.append(
      Block(
        key: key, columns: columns, facets: facets, facetSet: Set(facets),
        vector: Array(repeating: 0, count: r)))
  }

  /// Solves the program over the present chambers and facets.
  mutating func solve(with interiorPoint: InteriorPoint) -> ConicSolution {
    let r = design.columns
    var facets: [Double] = []
    var facetStart = [0]
    for block in blocks {
      for h in block.facets {
        facets += hyperplanes.unitRows.row(h).map { Double(block.key.sides[h]) * $0 }
      }
      facetStart.append(facets.count / max(r, 1))
    }
    var columns: [Double] = []
    columns.reserveCapacity(blocks.count * r * design.rows)
    for block in blocks { columns += block.columns }
    let program = ConicProgram(
      problem: problem, rank: r, blocks: blocks.count,
      columns: Matrix(rows: blocks.count * r, columns: design.rows, elements: columns), facets: facets,
      facetStart: facetStart)
    let solution = interiorPoint.solve(program)
    offset = solution.offset
    for b in blocks.indices {
      blocks[b].vector = Array(solution.z[(b * r)..<((b + 1) * r)])
      blocks[b].tightness = solution.tightness[b]
    }
    return solution
  }

  /// The length under which a vector counts as zero.
  var negligible: Double { 1e-8 * (blocks.map { norm($0.vector) }.max() ?? 0) }

  /// Enforces the facets that the vectors violate, the worst first.
  ///
  /// - Returns: how many were added, and chambers that the vectors strayed into.
  mutating func enforceViolatedFacets() -> (count: Int, strayed: [(ChamberMaximum.Key, [Double])]) {
    let cut = negligible
    var count = 0
    var strayed: [(ChamberMaximum.Key, [Double])] = []
    for b in blocks.indices {
      let length = norm(blocks[b].vector)
      guard length > cut else { continue }
      let heights = hyperplanes.unitRows.times(blocks[b].vector)
      let violated = heights.indices.filter {
        Double(blocks[b].key.sides[$0]) * heights[$0] < -1e-9 * length && !blocks[b].facetSet.contains($0)
      }
      guard !violated.isEmpty else { continue }
      for h in violated.sorted(by: { abs(heights[$0]) > abs(heights[$1]) }).prefix(2 * design.columns) {
        blocks[b].facets.append(h)
        blocks[b].facetSet.insert(h)
        count += 1
      }
      let key = ChamberMaximum.Key(sign: blocks[b].key.sign, sides: hyperplanes.sides(at: blocks[b].vector))
      strayed.append((key, blocks[b].vector))
    }
    return (count, strayed)
  }

  /// Drops the chambers that have bounded neither the network nor the dual point for some rounds.
  mutating func dropIdle(after rounds: Int) {
    for b in blocks.indices {
      blocks[b].idleRounds = blocks[b].tightness > 0.9 ? 0 : blocks[b].idleRounds + 1
    }
    let dropped = blocks.filter { $0.idleRounds >= rounds }
    guard !dropped.isEmpty else { return }
    blocks.removeAll { $0.idleRounds >= rounds }
    for block in dropped {
      known.remove(block.key)
      remembered[block.key] = block.facetSet
    }
  }

  /// The vectors of some length with their signs.
  func vectors(longerThan cut: Double) -> [Part] {
    blocks.filter { norm($0.vector) > cut }.map { Part(sign: $0.key.sign, vector: $0.vector) }
  }

  /// The network of the present vectors, those of one sign merged that no hyperplane separates.
  func network(in problem: TrainingProblem, dualPoint: [Double]) -> JointDescent.Network {
    let longest = blocks.map { norm($0.vector) }.max() ?? 0
    let neurons = NeuronMerging.merged(
      vectors(longerThan: 1e-7 * longest), rows: hyperplanes.unitRows, tolerance: 1e-7)
    return JointDescent.Network(neurons, offset: offset, dualPoint: dualPoint, in: problem)
  }
}

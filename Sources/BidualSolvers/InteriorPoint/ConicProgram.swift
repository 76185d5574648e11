import BidualLinear
import BidualModels

/// The convex program of PE20 (8) over a working set of chambers:
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σⱼ‖zⱼ‖,  f = Σⱼ Aⱼzⱼ + b   subject to  gᵀzⱼ ≥ 0 for the block's facet rows g
///
/// with Aⱼ = ±DⱼX of rank columns, and b = 0 unless the network has an offset. A block may be a group of several vectors
/// under joint facets: its ‖z‖ is then the sum of their lengths.
struct ConicProgram {
  /// Samples' targets, weights and loss, the weight β, and whether there is an offset; its design is not used.
  let problem: TrainingProblem
  /// The number of variables of a block.
  let rank: Int
  /// How many vectors of equal size a block is made of, each a second-order cone.
  var conesPerBlock = 1
  /// The number of blocks.
  let blocks: Int
  /// The columns of all Aⱼ as rows, (blocks·rank)×n.
  let columns: Matrix
  /// The signed unit rows g of all blocks, block after block, each of `rank` numbers.
  let facets: [Double]
  /// The first facet of each block, and their number at the end.
  let facetStart: [Int]

  /// All unknowns of the blocks, blocks·rank.
  var unknowns: Int { blocks * rank }
  /// All cones; cone k holds the unknowns from k·coneRank on.
  var cones: Int { blocks * conesPerBlock }
  /// The number of variables of a cone.
  var coneRank: Int { rank / conesPerBlock }
  /// All facets.
  var facetCount: Int { facetStart[blocks] }
}

/// A solution of a `ConicProgram`, with its multipliers.
struct ConicSolution {
  /// Why the interior point stopped.
  enum Status: Sendable {
    case solved
    case iterationLimit
    case insufficientProgress
    case cancelled
  }

  /// The blocks' vectors z, block after block.
  var z: [Double]
  /// The offset b.
  var offset: Double
  /// −∇ℓ(f), the dual point; at kinks of the loss the subgradient that the solution needs.
  var dualPoint: [Double]
  /// ‖ωⱼ‖/β of each block, for the longest of its vectors: how nearly the dual point's polar over the block's cone
  /// reaches β.
  var tightness: [Double]
  /// The complementarity gap: an upper bound of the distance to the optimum but for infeasibility.
  var gap: Double
  var iterations: Int
  var status: Status
}

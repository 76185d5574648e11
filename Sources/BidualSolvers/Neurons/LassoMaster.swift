import BidualLinear
import BidualModels

/// The lasso over the directions that are known now:
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σⱼ|zⱼ|,  f = Σⱼ φ(Xuⱼ)zⱼ + b
///
/// (W25, Theorem 3.2, where they are the arrangement's rays): a `ConicProgram` of blocks of rank 1 without facets. The sign of
/// zⱼ is that of the neuron's output weight.
struct LassoMaster {
  private struct Atom {
    let direction: [Double]
    /// φ(Xu), pooled over the rows of samples.
    let values: [Double]
    var coefficient = 0.0
    /// |Vᵀφ(Xu)|/β: at 1 the atom bounds the dual point, far below 1 it has no say.
    var tightness = 0.0
    /// Rounds since the atom last had a say.
    var idleRounds = 0
  }

  private let problem: TrainingProblem
  private let kind: any NeuronAtoms
  private var atoms: [Atom] = []
  /// The offset of the last solution.
  private(set) var offset: Double

  /// A lasso without atoms for `problem`, whose atoms are of the given kind.
  init(_ problem: TrainingProblem, kind: any NeuronAtoms) {
    self.problem = problem
    self.kind = kind
    offset = problem.constantFit
  }

  var count: Int { atoms.count }

  /// Adds the atom of a direction of length 1.
  ///
  /// - Returns: whether it was new.
  @discardableResult
  mutating func insert(_ direction: [Double]) -> Bool {
    let largest = direction.reduce(0) { max($0, abs($1)) }
    let isKnown = atoms.contains { atom in
      zip(atom.direction, direction).allSatisfy { abs($0 - $1) <= 1e-10 * largest }
    }
    guard !isKnown else { return false }
    atoms.append(
      Atom(direction: direction, values: kind.responses(to: [Part(sign: 1, vector: direction)]).elements))
    return true
  }

  /// Solves the lasso over the present atoms.
  mutating func solve(with interiorPoint: InteriorPoint) -> ConicSolution {
    let program = ConicProgram(
      problem: problem, rank: 1, blocks: atoms.count,
      columns: Matrix(rows: atoms.count, columns: problem.targets.count, elements: atoms.flatMap(\.values)),
      facets: [],
      facetStart: Array(repeating: 0, count: atoms.count + 1))
    let solution = interiorPoint.solve(program)
    offset = solution.offset
    for j in atoms.indices {
      atoms[j].coefficient = solution.z[j]
      atoms[j].tightness = solution.tightness[j]
    }
    return solution
  }

  /// Drops the atoms that have bounded neither the network nor the dual point for some rounds.
  mutating func dropIdle(after rounds: Int) {
    for j in atoms.indices { atoms[j].idleRounds = atoms[j].tightness > 0.9 ? 0 : atoms[j].idleRounds + 1 }
    atoms.removeAll { $0.idleRounds >= rounds }
  }

  /// The vectors |z|u of atoms whose coefficient is above a share of the largest, with the signs of z.
  func vectors(above share: Double) -> [Part] {
    let cut = share * (atoms.map { abs($0.coefficient) }.max() ?? 0)
    return atoms.filter { abs($0.coefficient) > cut }.map { atom in
      Part(
        sign: atom.coefficient < 0 ? -1 : 1, vector: atom.direction.map { abs(atom.coefficient) * $0 })
    }
  }
}

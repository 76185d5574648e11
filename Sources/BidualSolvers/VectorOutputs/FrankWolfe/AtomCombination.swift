import BidualLinear
import BidualModels
import BidualPolars

/// Predictions F = Σ cₖ(Xuₖ)₊gₖᵀ as a combination c ≥ 0 of fixed atoms, with the coefficients that minimise
/// ½Σ ωᵢ‖(F − Y)ᵢ‖² + β Σ cₖ.
struct AtomCombination {
  private let problem: TrainingProblem
  private let geometry: Geometry
  private var hidden: [[Double]] = []
  private var output: [[Double]] = []
  /// (Xu)₊ of each atom.
  private var responses: [[Double]] = []
  private var coefficients: [Double] = []
  /// ⟨Aₖ, ΩAₗ⟩, row by row.
  private var gram: [[Double]] = []
  /// ⟨Aₖ, ΩY⟩.
  private var pull: [Double] = []

  /// No atoms.
  init(_ problem: TrainingProblem, _ geometry: Geometry) {
    self.problem = problem
    self.geometry = geometry
  }

  /// The number of atoms.
  var count: Int { coefficients.count }

  /// Ω(Y − F).
  var dualPoint: [Double] {
    var residual = problem.targets
    let c = problem.outputs
    for k in 0..<count where coefficients[k] > 0 {
      for i in responses[k].indices where responses[k][i] > 0 {
        for l in 0..<c { residual[i * c + l] -= coefficients[k] * responses[k][i] * output[k][l] }
      }
    }
    for i in residual.indices { residual[i] *= problem.weights[i / c] }
    return residual
  }

  /// Adds atoms with unit vectors u, each with g along its row of `gains`.
  ///
  /// - Complexity: O(n(k + c)) an atom, for k atoms.
  mutating func join(_ directions: [[Double]], _ gains: Matrix) {
    let targets = Matrix(rows: problem.design.rows, columns: problem.outputs, elements: problem.targets)
    for (row, direction) in directions.enumerated() {
      let g = Array(gains.row(row)).normalized
      let response = geometry.coordinates.times(direction).map { max(0, $0) }
      let weighted = zip(response, problem.weights).map { $0 * $1 }
      var products = responses.indices.map { dot(responses[$0], weighted) * dot(output[$0], g) }
      for k in products.indices { gram[k].append(products[k]) }
      products.append(dot(response, weighted))
      gram.append(products)
      pull.append(dot(targets.transposedTimes(weighted), g))
      hidden.append(direction)
      output.append(g)
      responses.append(response)
      coefficients.append(0)
    }
  }

  /// Sets the coefficients anew, by descent along one after the other until none moves, and drops those that are zero.
  ///
  /// - Complexity: O(k²) a sweep for k atoms.
  mutating func correct() {
    var slopes = (0..<count).map { k in
      pull[k] - problem.beta - (0..<count).reduce(0) { $0 + gram[k][$1] * coefficients[$1] }
    }
    for _ in 0..<20_000 {
      var moved = 0.0
      for k in 0..<count where gram[k][k] > 0 {
        let next = max(0, coefficients[k] + slopes[k] / gram[k][k])
        let change = next - coefficients[k]
        guard change != 0 else { continue }
        coefficients[k] = next
        moved = max(moved, abs(change) * gram[k][k])
        for l in 0..<count { slopes[l] -= change * gram[l][k] }
      }
      if moved <= 1e-12 * problem.beta { break }
    }
    let kept = coefficients.indices.filter { coefficients[$0] > 0 }
    guard kept.count < count else { return }
    (hidden, output, responses) = (
      kept.map { hidden[$0] }, kept.map { output[$0] }, kept.map { responses[$0] }
    )
    (coefficients, pull) = (kept.map { coefficients[$0] }, kept.map { pull[$0] })
    gram = kept.map { k in kept.map { gram[k][$0] } }
  }

  /// The network with a neuron for each atom, lifted out of a row space.
  func network(in space: RowSpace) -> TwoLayerNetwork {
    let roots = coefficients.map { $0.squareRoot() }
    return NetworkParameters(
      hidden: zip(hidden, roots).map { u, root in u.map { root * $0 } },
      output: zip(output, roots).map { g, root in g.map { root * $0 } }, offsets: [],
      inputs: geometry.rank, outputs: problem.outputs
    ).network(in: space)
  }
}

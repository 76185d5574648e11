import BidualLinear
import BidualModels

/// The relaxed copositive program of SEPP21, (19), by a barrier method.
///
///     min  ½tr(Yᵀ(I + Σ BᵢUᵢBᵢᵀ/β)⁻¹Y) + β/2 Σ tr Uᵢ   subject to   Uᵢ ⪰ 0,  GᵢUᵢGᵢᵀ ≥ 0
///
/// It is training with the second layer minimised out: Uᵢ = Σ uuᵀ over the first-layer weights u in the cone {u : Gᵢu ≥ 0} of chamber
/// i, Bᵢ = DᵢX (the paper's U is 1/(2β) times this one). All such sums are doubly non-negative as the constraints say; the converse holds for cones
/// with at most four facets, so for rank 2 at least. Relaxed or not, its optimum is a lower bound, and its residual
/// V a dual point with ‖Vᵀ(Xu)₊‖ ≤ β.
struct CopositiveProgram {
  /// The most unknowns, r(r + 1)/2 a chamber.
  static let largest = 5_100

  private let program: CopositiveState.Program

  /// The program of a problem without offsets over pieces with rows √ωᵢ times the samples'.
  init(_ problem: TrainingProblem, pieces: [CopositivePiece], order: Int) {
    let targets = Matrix(
      rows: problem.design.rows, columns: problem.outputs,
      elements: problem.targets.indices.map {
        problem.weights[$0 / problem.outputs].squareRoot() * problem.targets[$0]
      })
    program = .init(pieces: pieces, targets: targets, beta: problem.beta, order: order)
  }

  /// The blocks Uᵢ and the residual to a relative accuracy, with the bound that the multipliers prove; less accurate if it is
  /// cancelled, nil where there is nothing to solve.
  ///
  /// - Complexity: O(N³) a Newton step for N = P·r(r + 1)/2 unknowns, some tens of steps.
  func solve(accuracy: Double, isCancelled: () -> Bool) -> (state: CopositiveState, bound: Double)? {
    let whole = 0.5 * dot(program.targets.elements, program.targets.elements)
    guard whole > 0, !program.pieces.isEmpty else { return nil }
    let scale = 0.1 * whole / (program.beta * Double(program.pieces.count))
    guard
      var state = CopositiveState(
        program,
        program.pieces.map { piece in
          var start = piece.start
          for k in start.elements.indices { start.elements[k] *= scale }
          return start
        })
    else { return nil }
    let terms = program.pieces.reduce(0.0) { sum, piece in
      sum + Double(program.order + piece.facets.rows * (piece.facets.rows - 1) / 2)
    }
    var weight = whole / terms
    var factor = 0.1
    var centered = (state: state, weight: weight)
    var bound = -Double.infinity
    // At a centre the objective is above the optimum by no more than weight·terms.
    while !isCancelled() {
      let isLast = weight * terms <= max(accuracy * state.objective, 1e-14 * whole)
      var decrement = Double.infinity
      for _ in 0..<30 where decrement >= (isLast ? 1e-4 : 0.5) && !isCancelled() {
        guard let step = stepped(state, weight) else { break }
        (state, decrement) = step
      }
      bound = max(bound, state.dualValue(weight))
      if decrement < 0.5 {
        centered = (state, weight)
        if isLast { break }
      } else if factor < 0.5 {
        // Where rounding lets no step lead to the centre, a nearer one may be reached.
        state = centered.state
        factor = factor.squareRoot()
      } else {
        break
      }
      weight = factor * centered.weight
    }
    return (centered.state, bound)
  }

  /// The state after a damped Newton step, and the fall that it promised in units of the weight; nil if it leads no further down.
  private func stepped(_ state: CopositiveState, _ weight: Double) -> (CopositiveState, Double)? {
    guard let (changes, fall) = state.newtonStep(weight) else { return nil }
    let before = state.objective + weight * state.barrier
    var share = 1.0
    while share > 1e-9 {
      if let next = state.moved(by: changes, share: share),
        next.objective + weight * next.barrier <= before - 1e-4 * share * fall + 1e-14 * abs(before)
      {
        return (next, fall / weight)
      }
      share *= 0.5
    }
    return nil
  }
}

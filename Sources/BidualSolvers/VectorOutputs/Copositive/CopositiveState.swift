import BidualLinear
import RealModule

/// An interior point of the relaxed copositive program, with what is computed there.
struct CopositiveState {
  /// The pieces, targets and β that make the program.
  struct Program {
    let pieces: [CopositivePiece]
    /// √Ω·Y, n×c.
    let targets: Matrix
    let beta: Double
    /// r.
    let order: Int
  }

  private let program: Program
  /// Uᵢ.
  let blocks: [Matrix]
  /// Lᵢ with LᵢLᵢᵀ = Uᵢ.
  private let factors: [Matrix]
  /// The rows (BᵢLᵢ)ᵀ of all pieces.
  private let stack: Matrix
  /// Cholesky's factor of M = I + Σ BᵢUᵢBᵢᵀ/β.
  private let outer: [Double]
  /// ½tr(YᵀM⁻¹Y) + β/2 Σ tr Uᵢ.
  let objective: Double
  /// −Σ log det Uᵢ − Σ log gₐᵀUᵢg_b over pairs of facets.
  let barrier: Double

  /// The state at given blocks; nil if they are not inside the cones.
  ///
  /// - Complexity: O(Pnr² + Prn² + n³) for P pieces.
  init?(_ program: Program, _ blocks: [Matrix]) {
    let (r, n) = (program.order, program.targets.rows)
    var (factors, stack): ([Matrix], [Double]) = ([], [])
    var (barrier, trace) = (0.0, 0.0)
    for (piece, block) in zip(program.pieces, blocks) {
      var factor = block
      guard BLAS.choleskyFactor(n: r, &factor.elements) else { return nil }
      for a in 0..<r {
        trace += block[a, a]
        barrier -= 2 * Double.log(factor[a, a])
        for b in 0..<r where b > a { factor[a, b] = 0 }
      }
      let images = piece.facets.times(factor)
      for a in 0..<images.rows {
        for b in 0..<a {
          let product = dot(images.row(a), images.row(b))
          guard product > 0 else { return nil }
          barrier -= .log(product)
        }
      }
      factors.append(factor)
      stack += factor.transposedTimes(piece.map.transposed).elements
    }
    var outer = Matrix.identity(n).elements
    BLAS.syrk(
      transpose: true, n: n, k: r * blocks.count, alpha: 1 / program.beta, a: stack, beta: 1, c: &outer)
    guard BLAS.choleskyFactor(n: n, &outer) else { return nil }
    var half = program.targets.elements
    BLAS.triangularSolve(n: n, factor: outer, columns: program.targets.columns, x: &half)
    self.program = program
    self.blocks = blocks
    self.factors = factors
    self.stack = Matrix(rows: r * blocks.count, columns: n, elements: stack)
    self.outer = outer
    self.barrier = barrier
    objective = 0.5 * dot(half, half) + 0.5 * program.beta * trace
    guard objective.isFinite, barrier.isFinite else { return nil }
  }

  /// M⁻¹Y, which is the residual Y − F of the best second layer for these first layers.
  var residual: Matrix {
    var solution = program.targets
    let (n, c) = (solution.rows, solution.columns)
    BLAS.triangularSolve(n: n, factor: outer, columns: c, x: &solution.elements)
    BLAS.triangularSolve(transpose: true, n: n, factor: outer, columns: c, x: &solution.elements)
    return solution
  }

  /// The value of the relaxed program's dual at sV, with the largest s that the barrier's multipliers of the facets' pairs allow:
  ///
  ///     s⟨V, Y⟩ − s²/2·‖V‖²   where   βI − s²/β·BᵢᵀVVᵀBᵢ − Nᵢ ⪰ 0 for all i, Nᵢ a sum of terms gg′ᵀ + g′gᵀ with weights from 0 on.
  ///
  /// - Complexity: O(Pr³) and 30 factorisations a piece at most.
  func dualValue(_ weight: Double) -> Double {
    let r = program.order
    let residual = residual
    var square = 1.0
    for i in blocks.indices {
      let factor = factors[i]
      let pulls = stack.selectingRows((i * r)..<((i + 1) * r)).times(residual)
      let pull = pulls.timesTransposed(pulls)
      let slope = relaxedSlope(i, weight)
      func isFeasible(_ square: Double) -> Bool {
        var slack = slope.elements
        for k in slack.indices { slack[k] -= 0.5 * square / program.beta * pull.elements[k] }
        return BLAS.choleskyFactor(n: factor.rows, &slack)
      }
      guard !isFeasible(square) else { continue }
      // As little less as will do, to a thousandth of it.
      var (infeasible, loss) = (square, 1e-15)
      while loss < 1, !isFeasible(square - loss) {
        infeasible = square - loss
        loss *= 10
      }
      var feasible = max(0, square - loss)
      for _ in 0..<13 {
        let middle = 0.5 * (feasible + infeasible)
        if isFeasible(middle) { feasible = middle } else { infeasible = middle }
      }
      square = feasible
    }
    let scale = square.squareRoot()
    return scale * dot(residual.elements, program.targets.elements)
      - 0.5 * square * dot(residual.elements, residual.elements)
  }

  /// β/2·LᵀL less the pairs' multipliers, in the coordinates of a factor.
  private func relaxedSlope(_ i: Int, _ weight: Double) -> Matrix {
    let basis = SymmetricBasis(order: program.order)
    var slope = factors[i].transposedTimes(factors[i])
    for k in slope.elements.indices { slope.elements[k] *= 0.5 * program.beta }
    let images = program.pieces[i].facets.times(factors[i])
    for k in 0..<images.rows {
      for l in 0..<k {
        let length = dot(images.row(k), images.row(l))
        basis.add(basis.product(images.row(k), images.row(l)), -weight / length, to: &slope)
      }
    }
    return slope
  }

  /// The Newton step of objective + μ·barrier in the blocks, and the fall that it promises to first order; nil if it can't be computed.
  ///
  /// With changes LᵢHᵢLᵢᵀ, A = LᵀBᵀM⁻¹BL/β and C = LᵀBᵀVVᵀBL/β over all pieces, the objective's second derivative is
  /// Σᵢⱼ tr(HᵢAᵢⱼHⱼCⱼᵢ) and the barrier's is near the identity.
  ///
  /// - Complexity: O(N³) for N = P·r(r + 1)/2 unknowns.
  func newtonStep(_ weight: Double) -> (changes: [Matrix], fall: Double)? {
    let (r, n, count) = (program.order, program.targets.rows, blocks.count)
    let size = r * count
    var whitened = stack.transposed
    BLAS.triangularSolve(n: n, factor: outer, columns: size, x: &whitened.elements)
    var a = whitened.transposedTimes(whitened)
    let pulls = stack.times(residual)
    var c = pulls.timesTransposed(pulls)
    for k in a.elements.indices {
      a.elements[k] /= program.beta
      c.elements[k] /= program.beta
    }
    let basis = SymmetricBasis(order: r)
    let q = basis.count
    let unknowns = q * count
    var hessian = basis.products(a, c, blocks: count)
    var gradient: [Double] = []
    for i in 0..<count {
      var slope = relaxedSlope(i, weight)
      for k in 0..<r {
        for l in 0..<r { slope[k, l] -= 0.5 * c[i * r + k, i * r + l] }
        slope[k, k] -= weight
      }
      for k in 0..<q { hessian[(i * q + k) * unknowns + i * q + k] += weight }
      let images = program.pieces[i].facets.times(factors[i])
      for k in 0..<images.rows {
        for l in 0..<k {
          let length = dot(images.row(k), images.row(l))
          let kick = basis.product(images.row(k), images.row(l)).map { $0 / length }
          for s in 0..<q {
            for t in 0...s {
              hessian[(i * q + s) * unknowns + i * q + t] += weight * kick[s] * kick[t]
            }
          }
        }
      }
      gradient += basis.coordinates(of: slope)
    }
    guard BLAS.choleskyFactor(n: unknowns, &hessian) else { return nil }
    var step = gradient.map { -$0 }
    BLAS.choleskySolve(n: unknowns, factor: hessian, x: &step)
    let fall = -dot(gradient, step)
    guard fall.isFinite, fall >= 0 else { return nil }
    let changes = (0..<count).map { i in basis.matrix(Array(step[(i * q)..<((i + 1) * q)])) }
    return (changes, fall)
  }

  /// The state at LᵢLᵢᵀ + share·LᵢHᵢLᵢᵀ; nil if that is not inside the cones.
  func moved(by changes: [Matrix], share: Double) -> CopositiveState? {
    let blocks = zip(factors, changes).map { factor, change in
      var inner = change
      for k in inner.elements.indices { inner.elements[k] *= share }
      for k in 0..<inner.rows { inner[k, k] += 1 }
      var block = factor.times(inner).timesTransposed(factor)
      // Rounding must not pull the triangles apart.
      for k in 0..<block.rows {
        for l in 0..<k { block[l, k] = block[k, l] }
      }
      return block
    }
    return CopositiveState(program, blocks)
  }
}

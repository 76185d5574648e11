import BidualLinear

/// Newton directions of the dual function: (diag(h) + σΣⱼDⱼXSⱼSⱼᵀXᵀDⱼ + ρ11ᵀ)·x = r, Sⱼ = √aⱼ·N + (1 − √aⱼ)p̃p̃ᵀN.
///
/// N spans the face on which block j's proximal point p lies, a = 1 − σβ/‖p‖, p̃ = p/‖p‖, and ρ > 0 for an
/// offset. The smaller of two systems is factored: one of order Σ dim face (Sherman–Morrison–Woodbury) or of
/// order n. Without cones the latter needs no masked copies: with masks m,
///
///     Σ aⱼDⱼXXᵀDⱼ = XXᵀ ∘ Σ aⱼmⱼmⱼᵀ,
///
/// which is d times less work than the product of the masked copies. Where samples have several rows, DⱼX is pooled, and no such
/// product is known.
struct DualNewton {
  private let blocks: PatternBlocks
  private let sigma: Double
  private let offsetWeight: Double
  private let compliances: [Double]
  private let largestOrder: Int
  private let gram: () -> Matrix

  /// A system; `gram` gives XXᵀ where it is wanted, and compliances count as at least `floor`: samples at a
  /// kink of the loss would else make the system singular. Systems beyond `largestOrder` are solved by iteration.
  init(
    _ blocks: PatternBlocks, sigma: Double, offsetWeight: Double, compliances: [Double],
    floor: Double, largestOrder: Int = 3000, gram: @escaping () -> Matrix
  ) {
    self.blocks = blocks
    self.sigma = sigma
    self.offsetWeight = offsetWeight
    self.compliances = compliances.map { max($0, floor) }
    self.largestOrder = largestOrder
    self.gram = gram
  }

  /// The solution x for the right-hand side r, of the given relative accuracy where the system is too large to be
  /// factored; nil where a factorisation broke down.
  func solve(_ right: [Double], active: [PatternBlocks.Active], accuracy: Double) -> [Double]? {
    let n = right.count
    let unknowns = active.reduce(offsetWeight > 0 ? 1 : 0) {
      $0 + blocks.design.columns - ($1.face?.rows.count ?? 0)
    }
    if min(n, unknowns) > largestOrder {
      return NewtonIteration(
        blocks, active: active, sigma: sigma, offsetWeight: offsetWeight, compliances: compliances
      )?.solve(right, accuracy: accuracy)
    }
    if unknowns < n { return solveSmall(right, columns: columns(active, unknowns: unknowns, whitened: true)) }
    var system = Matrix(rows: n, columns: n)
    if blocks.count == blocks.masked.patterns.count, blocks.pooling == .none {
      addHadamard(active, to: &system)
    } else {
      let columns = columns(active, unknowns: unknowns, whitened: false)
      BLAS.syrk(transpose: true, n: n, k: unknowns, alpha: sigma, a: columns.elements, c: &system.elements)
    }
    for i in 0..<n { system.elements[i * n + i] += compliances[i] }
    guard BLAS.choleskyFactor(n: n, &system.elements) else { return nil }
    var x = right
    BLAS.choleskySolve(n: n, factor: system.elements, x: &x)
    return x
  }

  /// x = h⁻¹r − h⁻½B̃ᵀ(σ⁻¹I + B̃B̃ᵀ)⁻¹B̃h⁻½r for the whitened columns B̃, q×n.
  private func solveSmall(_ right: [Double], columns: Matrix) -> [Double]? {
    let q = columns.rows
    let n = right.count
    var x = zip(right, compliances).map { $0 / $1 }
    guard q > 0 else { return x }
    var system = [Double](repeating: 0, count: q * q)
    BLAS.syrk(n: q, k: n, a: columns.elements, c: &system)
    for k in 0..<q { system[k * q + k] += 1 / sigma }
    guard BLAS.choleskyFactor(n: q, &system) else { return nil }
    var small = columns.times(zip(right, compliances).map { $0 / $1.squareRoot() })
    BLAS.choleskySolve(n: q, factor: system, x: &small)
    let change = columns.transposedTimes(small)
    for i in 0..<n { x[i] -= change[i] / compliances[i].squareRoot() }
    return x
  }

  /// The columns DⱼXSⱼ of all active blocks as rows, q×n, and one for the offset.
  private func columns(_ active: [PatternBlocks.Active], unknowns: Int, whitened: Bool) -> Matrix {
    let (n, r) = (compliances.count, blocks.design.columns)
    var result = Matrix(rows: unknowns, columns: n)
    let scale = compliances.map { whitened ? 1 / $0.squareRoot() : 1 }
    var row = 0
    for block in active {
      let directions = scaledDirections(block)
      let count = directions.count / max(1, r)
      let entries = blocks.entries(
        along: Matrix(rows: count, columns: r, elements: directions), pattern: blocks.pattern(block.block))
      for k in 0..<count {
        for i in 0..<n { result.elements[(row + k) * n + i] = scale[i] * entries.elements[k * n + i] }
      }
      row += count
    }
    if offsetWeight > 0 {
      let weight = (offsetWeight / sigma).squareRoot()
      for i in 0..<n { result.elements[row * n + i] = weight * scale[i] }
    }
    return result
  }

  /// The rows of Sⱼᵀ.
  private func scaledDirections(_ block: PatternBlocks.Active) -> [Double] {
    let r = block.point.count
    let root = (1 - sigma * blocks.beta / block.length).squareRoot()
    var directions = block.face?.directions ?? Matrix.identity(r).elements
    for k in 0..<(directions.count / max(1, r)) {
      var along = 0.0
      for j in 0..<r { along += directions[k * r + j] * block.point[j] }
      let lift = (1 - root) * along / (block.length * block.length)
      for j in 0..<r { directions[k * r + j] = root * directions[k * r + j] + lift * block.point[j] }
    }
    return directions
  }

  /// σ(XXᵀ ∘ Σ aⱼmⱼmⱼᵀ + Σ (1 − aⱼ)(DⱼXp̃ⱼ)(DⱼXp̃ⱼ)ᵀ) + ρ11ᵀ, lower triangle.
  private func addHadamard(_ active: [PatternBlocks.Active], to system: inout Matrix) {
    let n = system.rows
    let count = active.count
    // The offset may be all there is.
    let points = Matrix(rows: count, columns: blocks.design.columns, elements: active.flatMap(\.point))
    let heights = points.timesTransposed(blocks.design)
    var masks = Matrix(rows: count, columns: n)
    var radial = Matrix(rows: count + 1, columns: n)
    for (k, block) in active.enumerated() {
      let ratio = sigma * blocks.beta / block.length
      let (root, lift) = ((1 - ratio).squareRoot(), ratio.squareRoot() / block.length)
      let pattern = blocks.pattern(block.block)
      for i in 0..<n where blocks.masked.patterns.isActive(pattern: pattern, sample: i) {
        masks.elements[k * n + i] = root
        radial.elements[k * n + i] = lift * heights.elements[k * n + i]
      }
    }
    for i in 0..<n { radial.elements[count * n + i] = (offsetWeight / sigma).squareRoot() }
    BLAS.syrk(transpose: true, n: n, k: count, alpha: sigma, a: masks.elements, c: &system.elements)
    let gram = gram()
    for i in 0..<n {
      for j in 0...i { system.elements[i * n + j] *= gram.elements[i * n + j] }
    }
    BLAS.syrk(
      transpose: true, n: n, k: count + 1, alpha: sigma, a: radial.elements, beta: 1, c: &system.elements)
  }
}

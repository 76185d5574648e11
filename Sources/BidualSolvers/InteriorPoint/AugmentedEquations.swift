import BidualLinear

/// The linear system of the interior point with the slopes of the samples and the multipliers of the facets left in,
///
///     [H   0   Aᵀ   Gᵀ] [dz]
///     [0   0   1ᵀ   0 ] [db]
///     [A   1  −1/D  0 ] [dp]
///     [G   0   0  −s/μ] [−dμ]
///
/// with H the part of the cones. `NormalEquations` eliminates dp and dμ, which is fast, but near an optimum D and μ/s
/// are the reciprocals of what tends to zero: dp = D(A·dz + e) then magnifies the rounding of a difference, and the
/// dual residual can't fall below the square root of the rounding. Here they come out of the factors.
///
/// Rows and columns of D < 1 and μ/s < 1 are scaled by √D and √(μ/s), so that no entry is large.
final class AugmentedEquations {
  /// Beyond this order the factorisation would take longer than the accuracy is worth.
  static let largestOrder = 1200

  private let rank: Int
  private let blocks: Int
  private let unknowns: Int
  private let samples: Int
  private let facets: Int
  private let corner: Int
  private let order: Int
  private let program: ConicProgram
  private let scale: Double
  private var matrix: [Double]
  private let factors: SymmetricFactor
  private var shares: [Double]
  private var right: [Double]
  private var residual: [Double]
  private var solution: [Double]

  /// The order of the system of a program.
  static func order(_ program: ConicProgram) -> Int {
    program.unknowns + (program.problem.hasOffset ? 1 : 0) + program.columns.columns + program.facetCount
  }

  /// The system for the columns of `program` times `scale`.
  init(_ program: ConicProgram, scale: Double) {
    self.program = program
    self.scale = scale
    rank = program.rank
    blocks = program.blocks
    unknowns = program.unknowns
    samples = program.columns.columns
    facets = program.facetCount
    corner = program.problem.hasOffset ? 1 : 0
    order = Self.order(program)
    matrix = Array(repeating: 0, count: order * order)
    factors = SymmetricFactor(order: order)
    shares = Array(repeating: 1, count: order)
    right = shares
    residual = shares
    solution = shares
  }

  private var firstSample: Int { unknowns + corner }
  private var firstFacet: Int { unknowns + corner + samples }

  /// Factors the system for the lower triangles H of `hessians`, D and s/μ; false on breakdown.
  func factor(_ hessians: [Double], curvatures: [Double], slack: [Double], multiplier: [Double]) -> Bool {
    for k in matrix.indices { matrix[k] = 0 }
    for b in 0..<blocks {
      for i in 0..<rank {
        for j in 0...i { set(b * rank + i, b * rank + j, hessians[(b * rank + i) * rank + j]) }
      }
    }
    for i in 0..<samples {
      let place = firstSample + i
      let share = curvatures[i] < 1 ? curvatures[i].squareRoot() : 1
      shares[place] = share
      for k in 0..<unknowns { set(place, k, share * scale * program.columns[k, i]) }
      if corner == 1 { set(place, unknowns, share) }
      set(place, place, curvatures[i] < 1 ? -1 : -1 / curvatures[i])
    }
    for b in 0..<blocks {
      for f in program.facetStart[b]..<program.facetStart[b + 1] {
        let place = firstFacet + f
        let stiffness = multiplier[f] / slack[f]
        let share = stiffness < 1 ? stiffness.squareRoot() : 1
        shares[place] = share
        for k in 0..<rank { set(place, b * rank + k, share * program.facets[f * rank + k]) }
        set(place, place, stiffness < 1 ? -1 : -1 / stiffness)
      }
    }
    return factors.factor(matrix)
  }

  private func set(_ i: Int, _ j: Int, _ value: Double) {
    matrix[i * order + j] = value
    matrix[j * order + i] = value
  }

  /// Solves for (dz, db, dp, dμ) in place of the right-hand sides of their rows, refined until nothing is gained.
  func solve(z: inout [Double], offset: inout Double, slopes: inout [Double], multipliers: inout [Double]) {
    for k in 0..<unknowns { right[k] = z[k] }
    if corner == 1 { right[unknowns] = offset }
    for i in 0..<samples { right[firstSample + i] = shares[firstSample + i] * slopes[i] }
    for f in 0..<facets { right[firstFacet + f] = shares[firstFacet + f] * multipliers[f] }
    for k in right.indices { solution[k] = right[k] }
    factors.solve(&solution)
    var last = Double.infinity
    for _ in 0..<4 {
      BLAS.gemv(m: order, n: order, a: matrix, x: solution, y: &residual)
      var worst = 0.0
      for k in right.indices {
        residual[k] = right[k] - residual[k]
        worst = max(worst, abs(residual[k]))
      }
      guard worst > 0, worst < 0.5 * last else { break }
      last = worst
      factors.solve(&residual)
      for k in right.indices { solution[k] += residual[k] }
    }
    for k in 0..<unknowns { z[k] = solution[k] }
    if corner == 1 { offset = solution[unknowns] }
    for i in 0..<samples { slopes[i] = shares[firstSample + i] * solution[firstSample + i] }
    for f in 0..<facets { multipliers[f] = -shares[firstFacet + f] * solution[firstFacet + f] }
  }
}

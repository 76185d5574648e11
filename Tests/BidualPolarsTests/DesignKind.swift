import BidualLinear

/// Designs with the degeneracies of real data, with weights to match.
enum DesignKind: CaseIterable, Sendable {
  case gaussian, integers, cancellingDuplicates, oppositeRows, zeroRows, rankDeficient, unlikeScales

  func instance(rows: Int, rank: Int, _ random: inout SeededGenerator) -> (design: Matrix, weights: [Double])
  {
    var design = Matrix(
      rows: rows, columns: rank, elements: (0..<(rows * rank)).map { _ in random.nextGaussian() })
    var weights = (0..<rows).map { _ in random.nextGaussian() }
    switch self {
    case .gaussian: break
    case .integers:
      design.elements = (0..<(rows * rank)).map { _ in Double(Int.random(in: -2...2, using: &random)) }
      weights = (0..<rows).map { _ in Double(Int.random(in: -3...3, using: &random)) }
    case .cancellingDuplicates:
      for i in stride(from: 1, to: rows, by: 2) {
        let factor = [1.0, 2, 0.5, 3].randomElement(using: &random)!
        for k in 0..<rank { design[i, k] = factor * design[i - 1, k] }
        weights[i] = Bool.random(using: &random) ? -weights[i - 1] / factor : weights[i]
      }
    case .oppositeRows:
      for i in stride(from: 1, to: rows, by: 2) {
        let factor = -[1.0, 2, 0.1].randomElement(using: &random)!
        for k in 0..<rank { design[i, k] = factor * design[i - 1, k] }
      }
    case .zeroRows:
      for i in stride(from: 0, to: rows, by: 3) { for k in 0..<rank { design[i, k] = 0 } }
    case .rankDeficient:
      for i in 0..<rows { design[i, rank - 1] = design[i, 0] }
    case .unlikeScales:
      for i in 0..<rows {
        let factor = [1e-6, 1, 1e6].randomElement(using: &random)!
        for k in 0..<rank { design[i, k] *= factor }
      }
    }
    return (design, weights)
  }
}

/// A unit vector, uniform on the sphere.
func randomDirection(_ rank: Int, _ random: inout SeededGenerator) -> [Double] {
  (0..<rank).map { _ in random.nextGaussian() }.normalized
}

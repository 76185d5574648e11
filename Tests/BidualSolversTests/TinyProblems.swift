import BidualLinear
import BidualModels
import BidualObjectives

/// Small problems with the degeneracies that data bring.
enum TinyProblem: CaseIterable, Sendable {
  case gaussian, integerGrid, repeatedRows, oppositeRows, allRowsEqual, singleRow, fewerSamples,
    constantColumn,
    unlikeColumns, zeroTargets, zeroDesign, oneColumn, rankDeficient, binary

  /// Design and targets, by seed.
  func data(seed: UInt64) -> (design: Matrix, targets: [Double]) {
    var random = SeededGenerator(seed: seed)
    let (n, d): (Int, Int) =
      switch self {
      case .singleRow: (1, 3)
      case .fewerSamples: (4, 9)
      case .oneColumn: (12, 1)
      default: (14, 3)
      }
    var design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    var targets = (0..<n).map { _ in random.nextGaussian() }
    for i in 0..<n {
      for k in 0..<d {
        switch self {
        case .integerGrid: design[i, k] = Double(Int.random(in: -1...1, using: &random))
        case .binary: design[i, k] = Double(Int.random(in: 0...1, using: &random))
        case .repeatedRows: if i % 3 != 0 { design[i, k] = design[i - i % 3, k] }
        case .oppositeRows: if i % 2 == 1 { design[i, k] = -2 * design[i - 1, k] }
        case .allRowsEqual: design[i, k] = design[0, k]
        case .constantColumn: if k == 2 { design[i, k] = 1 }
        case .unlikeColumns: design[i, k] *= [1e-8, 1, 1e8][k]
        case .zeroDesign: design[i, k] = 0
        case .rankDeficient: if k == 2 { design[i, k] = design[i, 0] - design[i, 1] }
        default: break
        }
      }
      if self == .zeroTargets { targets[i] = 0 }
      if self == .binary || self == .integerGrid { targets[i] = targets[i].rounded() }
    }
    return (design, targets)
  }
}

extension LossRegistry {
  /// The names of losses to train with that are sums over outputs, so that one output is enough for them.
  var separableNames: [String] { names.filter { (try? loss($0))??.coupled == nil } }
}

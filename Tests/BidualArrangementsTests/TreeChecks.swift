import BidualArrangements
import BidualLinear
import Testing

/// A matrix of standard normal entries.
func gaussianMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var generator = SeededGenerator(seed: seed)
  return Matrix(
    rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in generator.nextGaussian() })
}

/// The products x_iᵀu.
func preActivations(_ data: Matrix, _ gate: [Double]) -> [Double] {
  (0..<data.rows).map { i in (0..<data.columns).reduce(0) { $0 + data[i, $1] * gate[$1] } }
}

/// What is wrong with a tree as the chambers of `data`, or nil; completeness is not checked.
func fault(in tree: ChamberTree, of data: Matrix) -> String? {
  var seen: Set<ActivationPattern> = []
  let zeroRows = (0..<data.rows).filter { i in data.row(i).allSatisfy { $0 == 0 } }
  for chamber in 0..<tree.count {
    let pattern = tree.pattern(chamber)
    if !seen.insert(pattern).inserted { return "chamber \(chamber) repeats a pattern" }
    let point = tree.interiorPoint(chamber)
    let values = preActivations(data, point)
    if ActivationPattern(preActivations: values) != pattern {
      return "chamber \(chamber): the point's pattern differs"
    }
    if zip(0..<data.rows, values).contains(where: { $1 == 0 && !zeroRows.contains($0) }) {
      return "chamber \(chamber): the point lies on a hyperplane"
    }
    if abs(point.reduce(0) { $0 + $1 * $1 } - 1) > 1e-12, data.columns > 0 {
      return "chamber \(chamber): the point is not a unit vector"
    }
    guard let parent = tree.parent(chamber), let hyperplane = tree.flippedHyperplane(chamber) else {
      if chamber > 0 { return "chamber \(chamber) has no parent" }
      continue
    }
    if parent >= chamber { return "chamber \(chamber) precedes its parent" }
    var expected = tree.pattern(parent)
    for row in tree.arrangement.rows(ofHyperplane: hyperplane) { expected.flip(row) }
    if expected != pattern { return "chamber \(chamber) is not its parent with one hyperplane flipped" }
  }
  return nil
}

/// Whether the patterns of random directions are all among the tree's.
func coversRandomDirections(_ tree: ChamberTree, of data: Matrix, draws: Int) throws -> Bool {
  let sample = try PatternCollection([GaussianGates(draws: draws)], data: data, seed: 99)
  return Set(sample.patterns).isSubset(of: (0..<tree.count).map { tree.pattern($0) })
}

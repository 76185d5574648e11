import BidualArrangements
import BidualLinear

extension ChamberTree {
  /// Visits all chambers of hyperplanes with the gradient there of h(u) = Σᵢ Vᵢ(xᵢᵀu)₊ ∈ Rᶜ, carried from one to the next.
  ///
  /// - Parameters:
  ///   - weights: V, n·c numbers, those of a row of the design together.
  ///   - visit: called with the gradient, c rows of r numbers, and the hyperplanes' sides, ±1.
  /// - Complexity: O(cr) a chamber.
  func gradients(
    of weights: [Double], outputs: Int, over hyperplanes: Hyperplanes,
    visit: (_ gradient: Matrix, _ sides: [Int8]) -> Void
  ) {
    let merged = (0..<outputs).map { k in
      hyperplanes.merge(stride(from: k, to: weights.count, by: outputs).map { weights[$0] }, sign: 1)
    }
    let r = hyperplanes.rows.columns
    let rowOf = (0..<arrangement.hyperplaneCount).map { Array(arrangement.rows(ofHyperplane: $0)) }
    var gradient = Matrix(rows: outputs, columns: r, elements: merged.flatMap(\.linear))
    func add(_ h: Int, _ factor: Double) {
      for k in 0..<outputs {
        for (a, x) in hyperplanes.rows.row(h).enumerated() {
          gradient[k, a] += factor * merged[k].weights[h] * x
        }
      }
    }
    let root = pattern(0)
    var sides = (0..<hyperplanes.count).map { root[$0] ? Int8(1) : -1 }
    for h in sides.indices where sides[h] > 0 { add(h, 1) }
    walk { hyperplane, _ in
      for h in rowOf[hyperplane] {
        sides[h] = -sides[h]
        add(h, Double(sides[h]))
      }
    } visit: { _ in
      visit(gradient, sides)
    }
  }
}

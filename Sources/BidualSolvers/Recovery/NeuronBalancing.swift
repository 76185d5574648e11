import BidualLinear
import BidualModels

extension TwoLayerNetwork {
  /// The ReLU network with ‖uⱼ‖ = ‖αⱼ‖ for every neuron, without those that are zero on all rows of `design`
  /// or vanish next to the largest by rounding.
  ///
  /// Its predictions on `design` are the same and its weight decay, Σⱼ‖uⱼ‖‖αⱼ‖, is the least that any
  /// scaling of its neurons has (PE20, Lemma 2).
  ///
  /// - Complexity: O(nmd).
  func balanced(on design: Matrix) -> TwoLayerNetwork {
    let heights = design.timesTransposed(hidden)
    return balanced { j in (0..<design.rows).contains { heights[$0, j] > 0 } }
  }

  /// The network with ‖uⱼ‖ = ‖αⱼ‖ for the neurons that are alive, without the others and those that vanish.
  ///
  /// - Complexity: O(m(d + c)).
  func balanced(_ isAlive: (_ neuron: Int) -> Bool = { _ in true }) -> TwoLayerNetwork {
    let lengths = hidden.rowNorms
    // Two roots instead of one of the product, which could vanish.
    let reaches = Matrix(rows: neurons, columns: outputs, elements: output).rowNorms
    let sizes = (0..<neurons).map {
      isAlive($0) ? lengths[$0].squareRoot() * reaches[$0].squareRoot() : 0
    }
    let cut = 0x1p-26 * (sizes.max() ?? 0)
    var rows: [[Double]] = []
    var weights: [Double] = []
    for j in 0..<neurons where sizes[j] > cut {
      rows.append(hidden.row(j).map { $0 / lengths[j] * sizes[j] })
      weights += output[(j * outputs)..<((j + 1) * outputs)].map { $0 / reaches[j] * sizes[j] }
    }
    guard !rows.isEmpty else {
      return .zero(inputs: inputs, outputs: outputs, offsets: offsets, activation: activation)
    }
    return TwoLayerNetwork(
      hidden: Matrix(rows), output: weights, outputs: outputs, offsets: offsets, activation: activation)
  }
}

import BidualLinear
import BidualModels

/// The loss of deep networks over some samples of a problem, and its gradient by going back through the layers.
struct DeepGradient {
  let problem: TrainingProblem

  /// The loss over the samples with the given indices; its gradient overwrites `gradient`. For a loss with kinks, and where a
  /// height is zero, it is a subgradient.
  ///
  /// - Complexity: O(nK(md + Lm²)).
  func evaluate(_ network: DeepNetwork, rows: [Int], gradient: inout [Double]) -> Double {
    let shape = network.shape
    let x = problem.design.selectingRows(rows)
    let responses = (0..<shape.subnetworks).map { network.responses(x, of: $0) }
    var slopes = [Double](repeating: network.offset ?? 0, count: rows.count)
    for (k, layers) in responses.enumerated() {
      for i in slopes.indices { slopes[i] += network.head(k) * layers[layers.count - 1][i, 0] }
    }
    let loss = RowSlopes(problem: problem, curvature: 0).replace(&slopes, of: rows)
    for (k, layers) in responses.enumerated() {
      gradient[shape.head(k)] = dot(slopes, layers[layers.count - 1].elements)
      // What the heights of a layer are worth, from the last one on.
      var worth = Matrix(rows: rows.count, columns: 1, elements: slopes.map { $0 * network.head(k) })
      for layer in shape.layers.reversed() {
        let response = layers[layer - 1]
        for place in worth.elements.indices where response.elements[place] <= 0 { worth.elements[place] = 0 }
        let below = layer == 1 ? x : layers[layer - 2]
        gradient.replaceSubrange(
          shape.place(ofLayer: layer, subnetwork: k), with: worth.transposedTimes(below).elements)
        if layer > 1 { worth = worth.times(network.layer(layer, of: k)) }
      }
    }
    if shape.hasOffset { gradient[shape.count - 1] = slopes.reduce(0, +) }
    return loss
  }
}

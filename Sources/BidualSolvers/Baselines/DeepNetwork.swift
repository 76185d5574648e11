import BidualLinear

/// A parallel network of L ReLU layers, with one output (EP21, eq. 1):
///
///     f(x) = b + Σₖ γₖ hₖ,    hₖ = (αₖᵀ(W_{L−2,k} ⋯ (W₁ₖx)₊ ⋯)₊)₊
///
/// Two layers have no W: hₖ = (αₖᵀx)₊ is a neuron. Three are `ThreeLayerNetwork`.
///
/// EP21 (2) bounds the length of each W by 1 and penalises β/2 Σₖ(‖αₖ‖² + γₖ²). Here W may have any length: since a factor
/// moves from one layer to the next without changing a prediction, such a network counts as the one whose α has taken over
/// the lengths of its W.
package struct DeepNetwork: Sendable, Equatable {
  /// The shape.
  package let shape: DeepShape
  /// All weights, laid out as the shape says.
  package internal(set) var weights: [Double]

  /// A network from its weights.
  package init(_ shape: DeepShape, weights: [Double]) {
    precondition(weights.count == shape.count)
    self.shape = shape
    self.weights = weights
  }

  /// A hidden layer of a sub-network, counted from 1, a row a unit.
  package func layer(_ layer: Int, of subnetwork: Int) -> Matrix {
    Matrix(
      rows: shape.units(ofLayer: layer), columns: shape.units(ofLayer: layer - 1),
      elements: Array(weights[shape.place(ofLayer: layer, subnetwork: subnetwork)]))
  }

  /// The number γ of a sub-network.
  package func head(_ subnetwork: Int) -> Double { weights[shape.head(subnetwork)] }

  /// The output offset; nil for a network that has none.
  package var offset: Double? { shape.hasOffset ? weights.last : nil }

  /// What each hidden layer of a sub-network responds to the rows of `design`, n×d, a matrix a layer.
  func responses(_ design: Matrix, of subnetwork: Int) -> [Matrix] {
    var responses: [Matrix] = []
    for index in shape.layers {
      var heights = (responses.last ?? design).timesTransposed(layer(index, of: subnetwork))
      for place in heights.elements.indices where heights.elements[place] <= 0 {
        heights.elements[place] = 0
      }
      responses.append(heights)
    }
    return responses
  }

  /// The predictions for the rows of `design`, n×d.
  ///
  /// - Complexity: O(nK(md + Lm²)).
  package func predictions(_ design: Matrix) -> [Double] {
    var sums = [Double](repeating: offset ?? 0, count: design.rows)
    for k in 0..<shape.subnetworks {
      guard let last = responses(design, of: k).last else { continue }
      for i in sums.indices { sums[i] += head(k) * last[i, 0] }
    }
    return sums
  }
}

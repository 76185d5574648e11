import BidualLinear

/// The weight decay of a deep network: with Pₖ = ‖αₖ‖Πₗ‖Wₗₖ‖, the length of α after it has taken over those of the
/// layers below it, ½Σₖ(Pₖ² + γₖ²), and Σₖ Pₖ|γₖ| once the last two layers share alike, which is the least (EP21, Lemma 1).
extension DeepNetwork {
  /// ½Σₖ(Pₖ² + γₖ²), what β multiplies in EP21 (2).
  package var weightDecay: Double {
    (0..<shape.subnetworks).reduce(0) { sum, k in
      sum + 0.5 * (squaredLengths(k).reduce(1, *) + head(k) * head(k))
    }
  }

  /// Σₖ Pₖ|γₖ|, what β multiplies after balancing.
  package var balancedDecay: Double {
    (0..<shape.subnetworks).reduce(0) { sum, k in
      sum + squaredLengths(k).reduce(abs(head(k))) { $0 * $1.squareRoot() }
    }
  }

  /// Adds β times the gradient of `weightDecay`, which is smooth.
  func addDecay(_ beta: Double, to gradient: inout [Double]) {
    for k in 0..<shape.subnetworks {
      let squares = squaredLengths(k)
      for layer in shape.layers {
        // The product of the others, since a quotient fails where a layer is zero.
        var scale = beta
        for other in shape.layers where other != layer { scale *= squares[other - 1] }
        for place in shape.place(ofLayer: layer, subnetwork: k) { gradient[place] += scale * weights[place] }
      }
      gradient[shape.head(k)] += beta * head(k)
    }
  }

  /// The network that EP21 (2) writes down: each W of length 1 and ‖αₖ‖ = |γₖ|, with the same predictions, and without
  /// sub-networks that are zero.
  package var balanced: DeepNetwork {
    var kept: [Double] = []
    var count = 0
    for k in 0..<shape.subnetworks {
      let lengths = squaredLengths(k).map { $0.squareRoot() }
      let size = lengths.reduce(abs(head(k)), *)
      guard size > 0 else { continue }
      count += 1
      for layer in shape.layers {
        let scale = (layer == shape.depth - 1 ? size.squareRoot() : 1) / lengths[layer - 1]
        for place in shape.place(ofLayer: layer, subnetwork: k) { kept.append(weights[place] * scale) }
      }
      kept.append(head(k) < 0 ? -size.squareRoot() : size.squareRoot())
    }
    return DeepNetwork(
      shape.with(subnetworks: count), weights: kept + (offset.map { [$0] } ?? []))
  }

  /// The squared length of each hidden layer of a sub-network.
  private func squaredLengths(_ subnetwork: Int) -> [Double] {
    shape.layers.map { layer in
      let numbers = weights[shape.place(ofLayer: layer, subnetwork: subnetwork)]
      return dot(numbers, numbers)
    }
  }
}

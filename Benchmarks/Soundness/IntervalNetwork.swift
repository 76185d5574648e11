import Bidual

/// What a network predicts and what it is fined, in intervals, from nothing but its weights: written from the definitions of the
/// guides and not by the product's own passes.
struct IntervalNetwork {
  /// n·c predictions, those of a row together, without the offsets.
  let responses: [Interval]
  /// The predictions.
  let predictions: [Interval]
  /// What β multiplies.
  let penalty: Interval

  /// A network over rows; nil for a kind that is not known here.
  init?(_ network: any Network, rows: [[Double]], norm: FirstLayerNorm) {
    let outputs = network.outputs
    let responses: [Interval]
    switch network {
    case let network as TwoLayerNetwork:
      responses = rows.flatMap { Self.response(network, to: $0) }
      penalty = Self.penalty(network, norm)
    case let network as ThreeLayerNetwork:
      responses = rows.flatMap { Self.response(network, to: $0) }
      penalty = Self.penalty(network)
    case let network as ConvolutionalNetwork:
      responses = rows.flatMap { row in
        let patches = Self.patches(of: row, network.patches)
        let sums = patches.map { Self.response(network.filters, to: $0) }.reduce(
          Array(repeating: .zero, count: outputs)
        ) { zip($0, $1).map(+) }
        return network.averages ? sums.map { $0 / Double(patches.count) } : sums
      }
      penalty = Self.penalty(network.filters, .l2)
    case let network as LinearConvolutionalNetwork:
      responses = rows.map { row in
        Self.patches(of: row, network.patches).enumerated().map { place, patch in
          Self.response(network.filters, to: patch)[place]
        }.sum
      }
      penalty = Self.penalty(network.filters, .l2)
    case let network as LocallyConnectedNetwork:
      responses = rows.map { row in
        let patches = Self.patches(of: row, network.patches)
        return network.places.enumerated().map { j, place in
          let filter = TwoLayerNetwork(
            hidden: network.filters.hidden.selectingRows([j]), output: [network.filters.output[j]])
          return Self.response(filter, to: patches[place])[0]
        }.sum
      }
      penalty = Self.penalty(network.filters, .l2)
    case let network as CircularConvolutionalNetwork:
      responses = rows.map { Self.response(network, to: $0) }
      penalty = Self.penalty(network.filters, .l2)
    default: return nil
    }
    self.responses = responses
    predictions = responses.indices.map { place in
      network.offsets.isEmpty
        ? responses[place] : responses[place] + Interval(network.offsets[place % outputs])
    }
  }

  private static func product(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Interval {
    zip(a, b).map { Interval($0) * Interval($1) }.sum
  }

  private static func squares(_ numbers: some Sequence<Double>) -> Interval {
    numbers.map { Interval($0).squared }.sum
  }

  /// Σⱼ αⱼφⱼ(uⱼᵀx).
  private static func response(_ network: TwoLayerNetwork, to row: [Double]) -> [Interval] {
    var sums = [Interval](repeating: .zero, count: network.outputs)
    for j in 0..<network.neurons {
      var height = product(network.hidden.row(j), row)
      switch network.activation {
      case .relu: height = height.rectified
      case .linear: break
      case .gated(let gates):
        // What a gate says is its sum in doubles, in the order of the inputs: so it is defined.
        let gate = zip(gates.vectors.row(gates.owner[j]), row).reduce(0.0) { $0 + $1.0 * $1.1 }
        if !(gate > 0) { height = .zero }
      }
      for c in sums.indices {
        sums[c] = sums[c] + Interval(network.output[j * network.outputs + c]) * height
      }
    }
    return sums
  }

  private static func penalty(_ network: TwoLayerNetwork, _ norm: FirstLayerNorm) -> Interval {
    guard norm == .l1 else {
      return Interval(0.5) * (squares(network.hidden.elements) + squares(network.output))
    }
    return (0..<network.neurons).map { j in
      network.hidden.row(j).map { Interval(abs($0)) }.sum * Interval(abs(network.output[j]))
    }.sum
  }

  /// Σₖ γₖ(Σⱼ αₖⱼ(uₖⱼᵀx)₊)₊.
  private static func response(_ network: ThreeLayerNetwork, to row: [Double]) -> [Interval] {
    var sums = [Interval](repeating: .zero, count: network.outputs)
    for k in 0..<network.neurons {
      let height = (0..<network.width).map { j in
        let unit = k * network.width + j
        return Interval(network.inner[unit]) * product(network.hidden.row(unit), row).rectified
      }.sum.rectified
      for c in sums.indices {
        sums[c] = sums[c] + Interval(network.output[k * network.outputs + c]) * height
      }
    }
    return sums
  }

  /// ½Σₖ(‖W₁ₖ‖²‖αₖ‖² + ‖γₖ‖²).
  private static func penalty(_ network: ThreeLayerNetwork) -> Interval {
    let (width, inputs) = (network.width, network.inputs)
    let units = (0..<network.neurons).map { k in
      squares(network.hidden.elements[(k * width * inputs)..<((k + 1) * width * inputs)])
        * squares(network.inner[(k * width)..<((k + 1) * width)])
    }
    return Interval(0.5) * (units.sum + squares(network.output))
  }

  /// The patches of an image, pixel by pixel.
  private static func patches(of row: [Double], _ shape: Patches) -> [[Double]] {
    var patches: [[Double]] = []
    for top in stride(
      from: -shape.padding.height,
      through: shape.image.height + shape.padding.height - shape.filter.height, by: shape.stride.height)
    {
      for left in stride(
        from: -shape.padding.width, through: shape.image.width + shape.padding.width - shape.filter.width,
        by: shape.stride.width)
      {
        var patch: [Double] = []
        for channel in 0..<shape.channels {
          for y in top..<(top + shape.filter.height) {
            for x in left..<(left + shape.filter.width) {
              let isInside = (0..<shape.image.height).contains(y) && (0..<shape.image.width).contains(x)
              let place = (channel * shape.image.height + y) * shape.image.width + x
              patch.append(isInside ? row[place] : 0)
            }
          }
        }
        patches.append(shape.hasBias ? patch + [row[row.count - 1]] : patch)
      }
    }
    return patches
  }

  /// Σⱼ xᵀ(uⱼ∗αⱼ).
  private static func response(_ network: CircularConvolutionalNetwork, to row: [Double]) -> Interval {
    let length = row.count
    var sum = Interval.zero
    for j in 0..<network.neurons {
      for s in 0..<length {
        for t in 0..<length {
          sum =
            sum + Interval(network.filters.hidden[j, s]) * Interval(network.filters.output[j * length + t])
            * Interval(row[(s + t) % length])
        }
      }
    }
    return sum
  }
}

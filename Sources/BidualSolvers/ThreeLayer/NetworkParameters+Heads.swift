import BidualLinear
import BidualModels
import BidualPolars

/// Sub-networks with several outputs, which come and go.
extension NetworkParameters {
  /// The weights of atoms (Σⱼ sⱼ(Xwⱼ)₊)₊gᵀ, each the part of its W with its g in `heads`, times the length of W.
  init(_ parts: [Part], heads: [[Double]], units: Int, inputs: Int, outputs: Int) {
    // So small a share that a sub-network that pays little still lowers the objective.
    let single = NetworkParameters(parts, units: units, inputs: inputs, offsets: [], share: 1e-4)
    let output = parts.indices.flatMap { k in heads[k].normalized.map { single.values[single.split + k] * $0 }
    }
    self.init(
      width: parts.count, units: units, inputs: inputs, outputs: outputs, hasOffset: false,
      values: single.values[..<single.split] + output)
  }

  /// The network with other sub-networks beside its own, and its own offsets.
  func joined(bySubnetworks other: NetworkParameters) -> NetworkParameters {
    let firstLayers = (width * inputs * (units ?? 1), other.width * inputs * (units ?? 1))
    let values =
      values[..<firstLayers.0] + other.values[..<firstLayers.1] + values[firstLayers.0..<split]
      + other.values[firstLayers.1..<other.split] + values[split..<penalized]
      + other.values[other.split..<other.penalized] + values[penalized...]
    return NetworkParameters(
      width: width + other.width, units: units, inputs: inputs, outputs: outputs, hasOffset: hasOffset,
      values: Array(values))
  }

  /// The same predictions with every sub-network's layers as long as its penalty wants them, without those whose share of the
  /// penalty is less than `share` of the largest.
  func balanced(units: Int, above share: Double = 1e-9) -> NetworkParameters {
    let sizes = subnetworkSizes(units: units)
    let cut = share * (sizes.max() ?? 0)
    let kept = sizes.indices.filter { sizes[$0] > cut }
    var (hidden, inner, heads): ([Double], [Double], [Double]) = ([], [], [])
    for k in kept {
      let head = Array(output(k, units: units))
      // |a|‖u‖ of the units add up to the size over ‖γ‖, and are to add up to its root, ‖γ‖'s new length.
      let factor = norm(head) / sizes[k].squareRoot()
      for j in 0..<units {
        let (vector, weight) = unit(k, j, of: units)
        let root = (abs(weight) * norm(vector) * factor).squareRoot()
        hidden += root > 0 ? Array(vector).normalized.map { $0 * root } : vector.map { _ in 0 }
        inner.append(weight < 0 ? -root : root)
      }
      heads += head.normalized.map { $0 * sizes[k].squareRoot() }
    }
    return NetworkParameters(
      width: kept.count, units: units, inputs: inputs, outputs: outputs, hasOffset: hasOffset,
      values: hidden + inner + heads + offsets)
  }

  /// The network in another space, its first layers of length 1 and the others in balance.
  func threeLayerNetwork(units: Int, in space: RowSpace) -> ThreeLayerNetwork {
    let balanced = balanced(units: units)
    let inputs = space.basis?.rows ?? space.coordinates.columns
    var (hidden, inner): ([[Double]], [Double]) = ([], [])
    for k in 0..<balanced.width {
      // Balanced units have ‖u‖ = |a|, and squares that add up to ‖γ‖.
      let length = norm(balanced.output(k, units: units)).squareRoot()
      for j in 0..<units {
        let (vector, weight) = balanced.unit(k, j, of: units)
        hidden.append(vector.map { $0 / length })
        inner.append(weight * length)
      }
    }
    return ThreeLayerNetwork(
      hidden: hidden.isEmpty ? Matrix(rows: 0, columns: inputs) : space.lifted(Matrix(hidden)), inner: inner,
      output: Array(balanced.values[balanced.split..<balanced.penalized]), width: units, outputs: outputs,
      offsets: offsets)
  }

  /// The weights of a network in the coordinates of a row space.
  init(_ network: ThreeLayerNetwork, in space: RowSpace) {
    let reduced = space.reduced(network.hidden)
    self.init(
      width: network.neurons, units: network.width, inputs: reduced.columns, outputs: network.outputs,
      hasOffset: !network.offsets.isEmpty,
      values: reduced.elements + network.inner + network.output + network.offsets)
  }
}

import BidualLinear
import BidualModels
import BidualPolars

/// Networks as neurons that come and go.
extension NetworkParameters {
  /// Weights from the rows of both layers.
  init(hidden: [[Double]], output: [[Double]], offsets: [Double], inputs: Int, outputs: Int) {
    self.init(
      TwoLayerNetwork(
        hidden: Matrix(rows: hidden.count, columns: inputs, elements: Array(hidden.joined())),
        output: Array(output.joined()), outputs: outputs, offsets: offsets))
  }

  /// The network with other neurons beside its own, each from a pair of vectors.
  func joined(by neurons: [(hidden: [Double], output: [Double])]) -> NetworkParameters {
    NetworkParameters(
      hidden: (0..<width).map { Array(hidden($0)) } + neurons.map(\.hidden),
      output: (0..<width).map { Array(output($0)) } + neurons.map(\.output), offsets: offsets,
      inputs: inputs, outputs: outputs)
  }

  /// The network with its first layer lifted out of a row space.
  func network(in space: RowSpace) -> TwoLayerNetwork {
    let inner = network
    guard width > 0 else {
      return .zero(
        inputs: space.basis?.rows ?? space.coordinates.columns, outputs: outputs, offsets: offsets)
    }
    return TwoLayerNetwork(
      hidden: space.lifted(inner.hidden), output: inner.output, outputs: outputs, offsets: offsets)
  }

  /// The same network with both layers of every neuron equally long, without those shorter than a share of the longest.
  func balanced(above share: Double = 1e-9) -> NetworkParameters {
    let sizes = (0..<width).map { norm(hidden($0)).squareRoot() * norm(output($0)).squareRoot() }
    let cut = share * (sizes.max() ?? 0)
    let kept = (0..<width).filter { sizes[$0] > cut }
    func scaled(_ vector: ArraySlice<Double>, to size: Double) -> [Double] {
      let scale = size / norm(vector)
      return vector.map { scale * $0 }
    }
    return NetworkParameters(
      hidden: kept.map { scaled(hidden($0), to: sizes[$0]) },
      output: kept.map { scaled(output($0), to: sizes[$0]) }, offsets: offsets, inputs: inputs,
      outputs: outputs)
  }

  /// The same predictions with no larger penalty from fewer neurons: neurons of one direction u share it, since
  /// (Xu)₊gᵀ + (Xu)₊hᵀ = (Xu)₊(g + h)ᵀ, and so do those of one direction g whose first layers no hyperplane separates.
  ///
  /// - Complexity: O(m²(r + c) + mnr).
  func simplified(_ hyperplanes: Hyperplanes) -> NetworkParameters {
    var kept: [(hidden: [Double], output: [Double], sides: [Int8])] = []
    for j in 0..<width {
      let (u, g) = (Array(hidden(j)), Array(output(j)))
      let heights = hyperplanes.unitRows.times(u)
      let cut = 1e-9 * norm(u)
      let sides = heights.map { abs($0) <= cut ? Int8(0) : $0 > 0 ? 1 : -1 }
      if let home = kept.firstIndex(where: { Self.isSameDirection($0.hidden, u) }) {
        let ratio = norm(u) / norm(kept[home].hidden)
        kept[home].output = zip(kept[home].output, g).map { $0 + ratio * $1 }
      } else if let home = kept.firstIndex(where: {
        Self.isSameDirection($0.output, g) && zip($0.sides, sides).allSatisfy { $0 * $1 >= 0 }
      }) {
        let ratio = norm(g) / norm(kept[home].output)
        kept[home].hidden = zip(kept[home].hidden, u).map { $0 + ratio * $1 }
        for h in sides.indices where sides[h] != 0 { kept[home].sides[h] = sides[h] }
      } else {
        kept.append((u, g, sides))
      }
    }
    guard kept.count < width else { return self }
    return NetworkParameters(
      hidden: kept.map(\.hidden), output: kept.map(\.output), offsets: offsets, inputs: inputs,
      outputs: outputs
    ).balanced()
  }

  /// The same predictions with no larger penalty from neurons whose atoms (Xu)₊gᵀ are linearly independent: at most nc of them.
  ///
  /// - Parameter responses: (Xu)₊ of every neuron u, n×m.
  /// - Complexity: O(ncm²).
  func pruned(_ responses: Matrix) -> NetworkParameters { prunedWithPlaces(responses).network }

  /// The same, with the places of the neurons that are left.
  func prunedWithPlaces(_ responses: Matrix) -> (network: NetworkParameters, kept: [Int]) {
    let sizes = (0..<width).map { norm(hidden($0)) * norm(output($0)) }
    guard width > 1, sizes.allSatisfy({ $0 > 0 }) else { return (self, Array(0..<width)) }
    var atoms = Matrix(rows: width, columns: responses.rows * outputs)
    for j in 0..<width {
      for (k, weight) in output(j).enumerated() {
        for i in 0..<responses.rows { atoms[j, i * outputs + k] = responses[i, j] * weight / sizes[j] }
      }
    }
    let coefficients = CaratheodoryPruning.pruned(sizes, of: atoms)
    let kept = (0..<width).filter { coefficients[$0] > 0 }
    guard kept.count < width else { return (self, kept) }
    func scaled(_ vector: ArraySlice<Double>, _ j: Int) -> [Double] {
      let root = (coefficients[j] / sizes[j]).squareRoot()
      return vector.map { root * $0 }
    }
    let network = NetworkParameters(
      hidden: kept.map { scaled(hidden($0), $0) }, output: kept.map { scaled(output($0), $0) },
      offsets: offsets, inputs: inputs, outputs: outputs)
    return (network, kept)
  }

  private static func isSameDirection(_ a: [Double], _ b: [Double]) -> Bool {
    zip(a.normalized, b.normalized).allSatisfy { abs($0 - $1) <= 1e-9 }
  }
}

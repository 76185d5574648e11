import Bidual

/// How far filters are from those of an optimum, of which these are only one choice: the least distance, in the length of the optimum's,
/// over all that leaves such a network's predictions and penalty as they are.
enum FilterDistance {
  /// Of linear convolutions, whose filters U may be turned into RU with their heads: √(‖U‖² + ‖V‖² − 2‖UVᵀ‖_*)/‖V‖ (Procrustes).
  static func turned(_ filters: TwoLayerNetwork, from optimum: TwoLayerNetwork) -> Double {
    let (u, v) = (filters.hidden, optimum.hidden)
    let sizes = (dot(u.elements, u.elements), dot(v.elements, v.elements))
    guard u.rows > 0, v.rows > 0 else { return u.rows == v.rows ? 0 : max(sizes.0, sizes.1).squareRoot() }
    let nuclear = SingularValues(of: u.timesTransposed(v))?.values.reduce(0, +) ?? 0
    return (max(0, sizes.0 + sizes.1 - 2 * nuclear) / sizes.1).squareRoot()
  }

  /// Of circular convolutions, whose waves may be shifted besides, each frequency by itself: what is left are the lengths of filters in
  /// each frequency.
  static func shifted(_ filters: TwoLayerNetwork, from optimum: TwoLayerNetwork) -> Double {
    let waves = Frequencies(length: optimum.inputs)
    func lengths(_ network: TwoLayerNetwork) -> [Double] {
      let parts = network.hidden.timesTransposed(waves.waves)
      return (0..<waves.count).map { k in
        let square = (0..<parts.rows).reduce(0.0) {
          $0 + parts[$1, 2 * k] * parts[$1, 2 * k] + parts[$1, 2 * k + 1] * parts[$1, 2 * k + 1]
        }
        return square.squareRoot() / waves.size(k)
      }
    }
    let best = lengths(optimum)
    return norm(zip(lengths(filters), best).map(-)) / norm(best)
  }
}

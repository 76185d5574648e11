import Bidual

/// Networks that are made to beat a bound: directions that climb the polar of a dual point, and perturbations of a network.
enum Adversary {
  /// Single neurons of two layers that climb max ‖Vᵀφ(Xu)‖ from random directions: witnesses against a polar bound.
  static func neurons(
    against dualPoint: [Double], _ evidence: Evidence, isLinear: Bool, draws: Int, _ draw: inout Draw
  ) -> [TwoLayerNetwork] {
    let (inputs, outputs) = (evidence.rows[0].count, evidence.outputs)
    var neurons: [TwoLayerNetwork] = []
    for _ in 0..<draws {
      var direction = (0..<inputs).map { _ in draw.gaussian }
      var head = [Double](repeating: 0, count: outputs)
      for _ in 0..<6 {
        let isActive = evidence.rows.map { row in
          isLinear || zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 } > 0
        }
        head = Array(repeating: 0, count: outputs)
        for (i, row) in evidence.rows.enumerated() where isActive[i] {
          let height = zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 }
          for c in head.indices { head[c] += dualPoint[i * outputs + c] * height }
        }
        guard let unit = normalized(head) else { break }
        head = unit
        var slope = [Double](repeating: 0, count: inputs)
        for (i, row) in evidence.rows.enumerated() where isActive[i] {
          let weight = head.indices.reduce(0) { $0 + dualPoint[i * outputs + $1] * head[$1] }
          for k in row.indices { slope[k] += weight * row[k] }
        }
        guard let next = normalized(slope) else { break }
        direction = next
      }
      guard let unit = normalized(direction), let own = normalized(head) else { continue }
      neurons.append(
        TwoLayerNetwork(
          hidden: Matrix([unit]), output: own, outputs: outputs, activation: isLinear ? .linear : .relu))
    }
    return neurons
  }

  /// A network after random small changes of its weights, of which those stay that make it better.
  static func polished(
    _ network: TwoLayerNetwork, _ evidence: Evidence, tries: Int, _ draw: inout Draw
  ) -> TwoLayerNetwork {
    guard network.neurons > 0, var least = evidence.objective(network)?.upper else { return network }
    var best = network
    for _ in 0..<tries {
      var changed = best
      let size = draw.power(-9, -0.5)
      if draw.chance(0.2) {
        let factor = 1 + size * draw.gaussian
        for place in changed.hidden.elements.indices { changed.hidden.elements[place] *= factor }
        for place in changed.output.indices { changed.output[place] *= factor }
      } else if draw.chance(0.5) {
        changed.hidden.elements[draw.number(0...(changed.hidden.elements.count - 1))] *=
          1 + size * draw.gaussian
      } else {
        changed.output[draw.number(0...(changed.output.count - 1))] *= 1 + size * draw.gaussian
      }
      if let objective = evidence.objective(changed)?.upper, objective < least {
        (best, least) = (changed, objective)
      }
    }
    return best
  }

  private static func normalized(_ vector: [Double]) -> [Double]? {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return nil }
    let scaled = vector.map { $0 / largest }
    let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return scaled.map { $0 / length }
  }
}

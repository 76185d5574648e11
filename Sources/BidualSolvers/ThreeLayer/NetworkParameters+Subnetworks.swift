import BidualLinear
import BidualModels
import BidualPolars

/// The weights of parallel three-layer networks.
///
/// A sub-network γ(Σⱼ aⱼ(Xuⱼ)₊)₊ is penalised by ½(t² + γ²) with t = ½Σⱼ(‖uⱼ‖² + aⱼ²). Over all ways to share lengths among its
/// layers that is least at |γ|·Σⱼ|aⱼ|‖uⱼ‖, what the architecture's penalty asks for, and it is smooth.
extension NetworkParameters {
  /// The weights of parts in the coordinates of their atoms, each with `units` units.
  ///
  /// Units that are zero, where all slopes vanish, begin in random directions with this share of the length together.
  init(_ parts: [Part], units: Int, inputs: Int, offsets: [Double], share least: Double = 0.02) {
    var random = SeededGenerator(seed: UInt64(parts.count))
    var hidden: [Double] = []
    var inner: [Double] = []
    var output: [Double] = []
    for part in parts {
      let root = subnetworkLength(part.vector, units: units).squareRoot()
      for j in 0..<units {
        var unit = Array(part.vector[(j * inputs)..<((j + 1) * inputs)])
        var sign = SubnetworkSigns.sign(of: j, family: part.family)
        var length = norm(unit)
        let least = least * root * root / Double(units)
        if length < 1e-3 * least {
          unit = unit.map { _ in random.nextGaussian() }
          sign = Bool.random(using: &random) ? 1 : -1
          length = least
        }
        // γ = t = √σ, and the units share t by their lengths.
        let share = (length / root).squareRoot()
        hidden += unit.normalized.map { $0 * share }
        inner.append(sign * share)
      }
      output.append(part.sign * root)
    }
    self.init(
      width: parts.count, units: units, inputs: inputs, outputs: 1, hasOffset: !offsets.isEmpty,
      values: hidden + inner + output + offsets)
  }

  /// The unit of a sub-network, u and a.
  func unit(_ subnetwork: Int, _ j: Int, of units: Int) -> (
    vector: ArraySlice<Double>, weight: Double
  ) {
    let place = subnetwork * units + j
    return (values[(place * inputs)..<((place + 1) * inputs)], values[width * units * inputs + place])
  }

  /// t of each sub-network.
  private func lengths(units: Int) -> [Double] {
    (0..<width).map { k in
      (0..<units).reduce(0) { sum, j in
        let (vector, weight) = unit(k, j, of: units)
        return sum + 0.5 * (dot(vector, vector) + weight * weight)
      }
    }
  }

  /// γ of a sub-network.
  func output(_ subnetwork: Int, units: Int) -> ArraySlice<Double> {
    let first = width * units * (inputs + 1) + subnetwork * outputs
    return values[first..<(first + outputs)]
  }

  /// Adds β times the gradient of the penalty to `gradient`; returns β times the penalty.
  func addSubnetworkDecay(_ beta: Double, units: Int, to gradient: UnsafeMutablePointer<Double>) -> Double {
    let lengths = lengths(units: units)
    var sum = 0.0
    for k in 0..<width {
      let scale = beta * lengths[k]
      for place in (k * units)..<((k + 1) * units) {
        for c in (place * inputs)..<((place + 1) * inputs) { gradient[c] += scale * values[c] }
        let inner = width * units * inputs + place
        gradient[inner] += scale * values[inner]
      }
      let output = output(k, units: units)
      for place in output.indices { gradient[place] += beta * values[place] }
      sum += lengths[k] * lengths[k] + dot(output, output)
    }
    return 0.5 * beta * sum
  }

  /// ½Σₖ(tₖ² + ‖γₖ‖²).
  func unbalancedSubnetworkDecay(units: Int) -> Double {
    let lengths = lengths(units: units)
    return 0.5
      * (0..<width).reduce(0) { sum, k in
        let output = output(k, units: units)
        return sum + lengths[k] * lengths[k] + dot(output, output)
      }
  }

  /// ‖γₖ‖·Σⱼ|aₖⱼ|‖uₖⱼ‖ of each sub-network.
  func subnetworkSizes(units: Int) -> [Double] {
    (0..<width).map { k in
      let sum = (0..<units).reduce(0.0) { sum, j in
        let (vector, weight) = unit(k, j, of: units)
        return sum + abs(weight) * norm(vector)
      }
      return sum * norm(output(k, units: units))
    }
  }

  /// The sub-networks of one output as parts; one whose units all add is a sum of neurons, each a part of its own.
  func subnetworkParts(units: Int) -> [Part] {
    (0..<width).flatMap { k -> [Part] in
      let factor = output(k, units: units)[width * units * (inputs + 1) + k]
      let sign: Double = factor < 0 ? -1 : 1
      var (adding, subtracting): ([[Double]], [[Double]]) = ([], [])
      for j in 0..<units {
        let (vector, weight) = unit(k, j, of: units)
        let scaled = vector.map { $0 * abs(weight) * abs(factor) }
        guard norm(scaled) > 0 else { continue }
        if weight > 0 { adding.append(scaled) } else { subtracting.append(scaled) }
      }
      let zero = [Double](repeating: 0, count: inputs)
      func part(_ adding: [[Double]], _ subtracting: [[Double]]) -> Part {
        let family = max(1, min(adding.count, units - 1))
        let padding = Array(repeating: zero, count: units - family - subtracting.count)
        return Part(sign: sign, vector: (adding + subtracting + padding).flatMap(\.self), family: family)
      }
      if adding.isEmpty { return [] }
      if subtracting.isEmpty { return adding.map { part([$0], []) } }
      return [part(adding, subtracting)]
    }
  }
}

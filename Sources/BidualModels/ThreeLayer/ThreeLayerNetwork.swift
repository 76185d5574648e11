import BidualLinear

/// A parallel three-layer network with one output, f(x) = b + Σₖ γₖ(Σⱼ αₖⱼ(uₖⱼᵀx)₊)₊, of sub-networks with m₁ units each.
public struct ThreeLayerNetwork: Network {
  /// The first layers, one unit u a row: those of a sub-network together, (sub-networks·m₁)×d.
  public let hidden: Matrix
  /// The second layers α, one number a unit.
  public let inner: [Double]
  /// The third layer γ, one number a sub-network.
  public let output: [Double]
  /// The number m₁ of units of a sub-network.
  public let width: Int
  /// The output offset b, which no penalty holds; empty for a network that has none.
  public let offsets: [Double]

  /// A network from its layers.
  public init(hidden: Matrix, inner: [Double], output: [Double], width: Int, offset: Double? = nil) {
    precondition(width > 0 && hidden.rows == inner.count && inner.count == width * output.count)
    self.hidden = hidden
    self.inner = inner
    self.output = output
    self.width = width
    offsets = offset.map { [$0] } ?? []
  }

  /// The number d of inputs.
  public var inputs: Int { hidden.columns }

  /// One.
  public var outputs: Int { 1 }

  /// The number of sub-networks, which stand where other networks have neurons.
  public var neurons: Int { output.count }

  /// All layers, the offset and m₁.
  public var weights: [Double] { hidden.elements + inner + output + offsets + [Double(width)] }

  /// The predictions for the rows of `design`, n×d.
  ///
  /// - Complexity: O(nmd) for m units in all.
  public func predictions(_ design: Matrix) -> [Double] {
    let offset = offset ?? 0
    guard neurons > 0 else { return Array(repeating: offset, count: design.rows) }
    let heights = design.timesTransposed(hidden)
    return (0..<design.rows).map { i in
      var sum = 0.0
      for k in output.indices {
        var height = 0.0
        for unit in (k * width)..<((k + 1) * width) {
          // Written so that a height that is not a number stays one.
          height += inner[unit] * (heights[i, unit] <= 0 ? 0 : heights[i, unit])
        }
        sum += output[k] * (height <= 0 ? 0 : height)
      }
      return sum + offset
    }
  }

  /// What β multiplies in the training objective: ½Σₖ(‖W₁ₖ‖²‖αₖ‖² + γₖ²), the weight decay ½Σₖ(‖αₖ‖² + γₖ²) after a
  /// sub-network's first layer has been brought to ‖W₁ₖ‖ = 1 and its second layer has taken over the length, which changes
  /// no prediction (EP21, eq. 3).
  public var weightDecay: Double {
    var sum = CompensatedSum()
    for k in output.indices {
      let units = (k * width)..<((k + 1) * width)
      let first = Self.length(hidden.elements[(units.lowerBound * inputs)..<(units.upperBound * inputs)])
      let length = first * Self.length(inner[units])
      sum.add(length * length)
      sum.add(output[k] * output[k])
    }
    return 0.5 * sum.value
  }

  /// The Euclidean length, none of whose squares vanishes beside the largest.
  private static func length(_ numbers: ArraySlice<Double>) -> Double {
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    return largest > 0 ? largest * norm(numbers.lazy.map { $0 / largest }) : 0
  }

  /// Where the predictions and the penalty are in real arithmetic.
  ///
  /// A prediction computed as sums of d, m₁ and K products lies within (d + m₁ + K + 4)·u·Σₖ|γₖ|Σⱼ|αₖⱼ||uₖⱼ|ᵀ|xᵢ|,
  /// u = 2⁻⁵³, of the true one; what vanishes for smallness is charged absolutely.
  ///
  /// - Complexity: O(nmd) for m units in all.
  func enclosure(over design: Matrix) -> Enclosure? {
    guard design.columns == inputs else { return nil }
    let largest = design.elements.reduce(0) { max($0, abs($1)) }
    // A height that overflowed may have been cut off by a ReLU.
    for unit in inner.indices {
      let reach = hidden.row(unit).reduce(0) { $0 + abs($1) } * largest
      guard reach < 1e290, reach * abs(inner[unit]) < 1e290 else { return nil }
    }
    let predictions = predictions(design)
    guard predictions.allSatisfy(\.isFinite) else { return nil }
    let terms = Double(design.columns + neurons + 8) + Double(width)
    let unit = 2 * terms * 0x1p-53
    var reach = [Double](repeating: 0, count: inputs)
    var lost = 1.0
    for k in output.indices {
      for place in (k * width)..<((k + 1) * width) {
        for (column, weight) in hidden.row(place).enumerated() {
          reach[column] += abs(output[k]) * (abs(inner[place]) * abs(weight))
        }
        lost += abs(output[k]) * (1 + abs(inner[place]))
      }
    }
    let vanished = 0x1p-1060 * terms * lost * (1 + largest)
    let errors = (0..<design.rows).map { i -> Double in
      guard neurons > 0 else { return 0 }
      let size = zip(design.row(i), reach).reduce(0) { $0 + abs($1.0) * $1.1 }
      return unit * (size + abs(offset ?? 0)) + vanished
    }
    // Lengths of d·m₁ numbers and m₁ more, squared, beside what a compensated sum keeps.
    let penalty = weightDecay * (1 + (Double(width) * Double(inputs + 1) + 16) * 0x1p-51)
    return Enclosure(
      predictions: predictions, errors: errors, penalty: penalty,
      products: inner.count * (inputs + 2) + neurons)
  }
}

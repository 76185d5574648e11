import BidualLinear

/// A parallel three-layer network, f(x) = b + Σₖ γₖ(Σⱼ αₖⱼ(uₖⱼᵀx)₊)₊, of sub-networks with m₁ units each and a number γₖ, or
/// with c outputs a vector of them.
public struct ThreeLayerNetwork: Network {
  /// The first layers, one unit u a row: those of a sub-network together, (sub-networks·m₁)×d.
  public let hidden: Matrix
  /// The second layers α, one number a unit.
  public let inner: [Double]
  /// The third layer γ, K×c: the c numbers of a sub-network together.
  public let output: [Double]
  /// The number m₁ of units of a sub-network.
  public let width: Int
  /// The number c of outputs.
  public let outputs: Int
  /// The output offsets b, one an output, which no penalty holds; empty for a network that has none.
  public let offsets: [Double]

  /// A network of one output from its layers.
  public init(hidden: Matrix, inner: [Double], output: [Double], width: Int, offset: Double? = nil) {
    self.init(
      hidden: hidden, inner: inner, output: output, width: width, outputs: 1,
      offsets: offset.map { [$0] } ?? [])
  }

  /// A network from its layers.
  public init(
    hidden: Matrix, inner: [Double], output: [Double], width: Int, outputs: Int, offsets: [Double]
  ) {
    precondition(width > 0 && outputs > 0 && hidden.rows == inner.count)
    precondition(inner.count * outputs == width * output.count)
    precondition(offsets.isEmpty || offsets.count == outputs)
    self.hidden = hidden
    self.inner = inner
    self.output = output
    self.width = width
    self.outputs = outputs
    self.offsets = offsets
  }

  /// The number d of inputs.
  public var inputs: Int { hidden.columns }

  /// The number of sub-networks, which stand where other networks have neurons.
  public var neurons: Int { inner.count / width }

  /// All layers, the offsets and m₁.
  public var weights: [Double] { hidden.elements + inner + output + offsets + [Double(width)] }

  /// The third layer of a sub-network.
  private func head(_ k: Int) -> ArraySlice<Double> { output[(k * outputs)..<((k + 1) * outputs)] }

  /// The predictions for the rows of `design`, n×d: n·c numbers, those of a row together.
  ///
  /// - Complexity: O(n(md + Kc)) for m units in all and K sub-networks.
  public func predictions(_ design: Matrix) -> [Double] {
    let offsets = offsets.isEmpty ? Array(repeating: 0, count: outputs) : offsets
    guard neurons > 0 else { return (0..<design.rows).flatMap { _ in offsets } }
    let heights = design.timesTransposed(hidden)
    return (0..<design.rows).flatMap { i in
      var sums = [Double](repeating: 0, count: outputs)
      for k in 0..<neurons {
        var height = 0.0
        for unit in (k * width)..<((k + 1) * width) {
          // Written so that a height that is not a number stays one.
          height += inner[unit] * (heights[i, unit] <= 0 ? 0 : heights[i, unit])
        }
        for (c, weight) in head(k).enumerated() { sums[c] += weight * (height <= 0 ? 0 : height) }
      }
      return zip(sums, offsets).map(+)
    }
  }

  /// What β multiplies in the training objective: ½Σₖ(‖W₁ₖ‖²‖αₖ‖² + ‖γₖ‖²), the weight decay ½Σₖ(‖αₖ‖² + ‖γₖ‖²) after a
  /// sub-network's first layer has been brought to ‖W₁ₖ‖ = 1 and its second layer has taken over the length, which changes
  /// no prediction (EP21, eq. 3).
  public var weightDecay: Double {
    var sum = CompensatedSum()
    for k in 0..<neurons {
      let units = (k * width)..<((k + 1) * width)
      let first = Self.length(hidden.elements[(units.lowerBound * inputs)..<(units.upperBound * inputs)])
      let length = first * Self.length(inner[units])
      sum.add(length * length)
      for weight in head(k) { sum.add(weight * weight) }
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
  /// A prediction computed as sums of d, m₁ and K products lies within (d + m₁ + K + 4)·u·Σₖ|γₖ|Σⱼ|αₖⱼ||uₖⱼ|ᵀ|xᵢ| with its output's γ,
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
    var reach = Matrix(rows: outputs, columns: inputs)
    var lost = [Double](repeating: 1, count: outputs)
    for k in 0..<neurons {
      for (c, weight) in head(k).enumerated() {
        for place in (k * width)..<((k + 1) * width) {
          for (column, first) in hidden.row(place).enumerated() {
            reach[c, column] += abs(weight) * (abs(inner[place]) * abs(first))
          }
          lost[c] += abs(weight) * (1 + abs(inner[place]))
        }
      }
    }
    let errors = (0..<design.rows).flatMap { i in
      (0..<outputs).map { c -> Double in
        guard neurons > 0 else { return 0 }
        let vanished = 0x1p-1060 * terms * lost[c] * (1 + largest)
        let size = zip(design.row(i), reach.row(c)).reduce(0) { $0 + abs($1.0) * $1.1 }
        return unit * (size + abs(offsets.isEmpty ? 0 : offsets[c])) + vanished
      }
    }
    // Lengths of d·m₁ numbers and m₁ more, squared, beside what a compensated sum keeps.
    let penalty = weightDecay * (1 + (Double(width) * Double(inputs + 1) + 16) * 0x1p-51)
    return Enclosure(
      predictions: predictions, errors: errors, penalty: penalty,
      products: inner.count * (inputs + 2) + output.count)
  }
}

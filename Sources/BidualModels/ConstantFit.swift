extension TrainingProblem {
  /// The offset b of the first output that minimises Σᵢ ωᵢℓ(b, yᵢ); 0 for networks without an offset.
  ///
  /// - Complexity: O(n).
  public var constantFit: Double { hasOffset ? constantFits[0] : 0 }

  /// The offsets b that minimise Σᵢ ωᵢℓ(b, yᵢ), one an output; zeros for networks without offsets.
  ///
  /// - Complexity: O(nc).
  public var constantFits: [Double] {
    guard hasOffset else { return Array(repeating: 0, count: outputs) }
    guard let coupled = loss.coupled else { return (0..<outputs).map(constantFit) }
    return coupled.constantFit(
      totals: (0..<outputs).map { k in
        weights.indices.reduce(0) { $0 + weights[$1] * targets[$1 * outputs + k] }
      })
  }

  /// The best offset of an output, by bisection of the loss's slope.
  private func constantFit(output: Int) -> Double {
    func slope(_ b: Double) -> Double {
      weights.indices.reduce(0) {
        $0 + weights[$1] * loss.derivative(b, target: targets[$1 * outputs + output])
      }
    }
    // Where predictions are in units of the targets the bisection begins with those, to end near their size.
    let largest =
      loss.targetKind == .real
      ? weights.indices.reduce(0) { max($0, abs(targets[$1 * outputs + output])) } : 1
    let unit = largest > 0 ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    var low = -unit
    var high = unit
    // A slope that never turns, such as that of one class alone, leaves the offset where the loss is flat.
    for _ in 0..<400 where slope(low) > 0 { low *= 2 }
    for _ in 0..<400 where slope(high) < 0 { high *= 2 }
    guard low.isFinite, high.isFinite else { return 0 }
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { break }
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return high
  }

  /// The predictions of the best network without neurons.
  public var constantPredictions: [Double] {
    Array(repeatElement(constantFits, count: weights.count).joined())
  }

  /// What the best network without neurons costs, Σᵢ ωᵢℓ(b, yᵢ): the unit in which an objective counts as zero.
  ///
  /// With an offset b that fits the targets but for rounding, the rounding of the targets themselves is the unit.
  ///
  /// - Complexity: O(n).
  public var referenceObjective: Double {
    let best = lossValue(constantPredictions)
    guard hasOffset else { return best }
    // Squares of their rounding, 2⁻⁵³ each, and of that of the sums.
    return best + 0x1p-100 * lossValue(targets.map { _ in 0 })
  }
}

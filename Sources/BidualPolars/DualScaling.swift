/// Dual weights in units of a power of two near the largest of them.
///
/// κ(2ᵏV) = 2ᵏκ(V), and powers of two multiply exactly, so that every bound may work where the largest weight is
/// in [1, 2): no square vanishes or overflows for the scale of the problem. Entries that become too small for a
/// double beside the largest are within what the bounds charge for vanished products.
package struct DualScaling {
  /// The weights in the new unit; as given if they are all zero, or not all finite.
  package let weights: [Double]
  /// The unit is 2 to this power.
  private let exponent: Int

  /// Brings `weights` to size 1.
  ///
  /// - Complexity: O(n).
  package init(_ weights: [Double]) {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    let exponent = largest > 0 && weights.allSatisfy(\.isFinite) ? Int(largest.exponent) : 0
    self.exponent = exponent
    self.weights = exponent == 0 ? weights : weights.map { Self.multiplied($0, exponent: -exponent) }
  }

  /// A number that goes with the weights, such as a multiplier beside them, in the new unit.
  package func lowered(_ number: Double) -> Double { Self.multiplied(number, exponent: -exponent) }

  /// A bound found in the new unit, in the old one: exact, or rounded up where it is subnormal.
  package func raised(_ bound: Double) -> Double {
    guard exponent != 0, bound > 0 else { return bound }
    let number = Self.multiplied(bound, exponent: exponent)
    return number.isNormal || number == .infinity ? number : number.nextUp
  }

  /// A goal in the new unit.
  func lowered(_ goal: PolarGoal) -> PolarGoal {
    switch goal {
    case .prove(let threshold, let maximum):
      .prove(threshold: lowered(threshold), maximumViolators: maximum)
    case .maximize(let tolerance, let floor):
      .maximize(relativeTolerance: tolerance, floor: lowered(floor))
    }
  }

  /// An answer found in the new unit, in the old one.
  func raised(_ answer: PolarBound) -> PolarBound {
    guard exponent != 0 else { return answer }
    return PolarBound(
      upper: raised(answer.upper),
      maximizers: answer.maximizers.map {
        PolarMaximizer(
          direction: $0.direction, sign: $0.sign, value: Self.multiplied($0.value, exponent: exponent),
          family: $0.family)
      }, isComplete: answer.isComplete, nodes: answer.nodes)
  }

  /// What `bound` finds for the scaled weights and goal, in the old unit: the door of every oracle.
  static func bound(
    _ weights: [Double], goal: PolarGoal, by bound: (DualScaling, PolarGoal) -> PolarBound
  ) -> PolarBound {
    let scaling = DualScaling(weights)
    return scaling.raised(bound(scaling, scaling.lowered(goal)))
  }

  /// The same, and nothing proven for weights that are not all finite.
  static func boundOfFinite(
    _ weights: [Double], goal: PolarGoal, by bound: (DualScaling, PolarGoal) -> PolarBound
  ) -> PolarBound {
    guard weights.allSatisfy(\.isFinite) else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    return self.bound(weights, goal: goal, by: bound)
  }

  private static func multiplied(_ number: Double, exponent: Int) -> Double {
    // An infinite threshold or bound stays one.
    number.isFinite ? Double(sign: .plus, exponent: exponent, significand: number) : number
  }
}

/// A step of Lawson and Hanson's method for non-negative least squares, from multipliers that are not negative toward those that
/// solve the equations of their rows: as far as all stay non-negative.
///
/// Source: C. L. Lawson and R. J. Hanson, *Solving least squares problems* (1974), chapter 23.
package enum NonNegativeStep {
  /// Takes the step.
  ///
  /// - Returns: the places of the multipliers that are zero now and would fall, in order; empty where the target was reached.
  package static func advance(_ multipliers: inout [Double], toward target: [Double]) -> [Int] {
    var step = 1.0
    var blocking: Int?
    for k in target.indices where target[k] <= 0 {
      let drop = multipliers[k] - target[k]
      let reach = drop > 0 ? multipliers[k] / drop : 0
      if blocking == nil || reach < step {
        step = min(step, reach)
        blocking = k
      }
    }
    guard let blocking else {
      multipliers = target
      return []
    }
    for k in multipliers.indices { multipliers[k] += step * (target[k] - multipliers[k]) }
    // The row that stopped the step leaves whatever rounding made of its multiplier.
    multipliers[blocking] = 0
    return multipliers.indices.filter { target[$0] <= 0 && multipliers[$0] <= 0 }
  }
}

import Bidual
import Foundation

/// Random data of the kinds that break things.
struct Draw {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// From 0 to 1.
  var uniform: Double { mutating get { random.nextUniform() } }

  /// A standard normal number.
  var gaussian: Double { mutating get { random.nextGaussian() } }

  /// True with some probability.
  mutating func chance(_ share: Double) -> Bool { uniform < share }

  /// A whole number of a range.
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// A power of ten with an exponent of a range.
  mutating func power(_ low: Double, _ high: Double) -> Double { pow(10, low + (high - low) * uniform) }

  /// The scale of a column of numbers: mostly 1, else from 10⁻⁸ to 10⁸.
  var scale: Double { mutating get { chance(0.6) ? 1 : power(-8, 8) } }

  /// Patches of small images or signals.
  mutating func patches() throws -> Patches {
    let isSignal = chance(0.6)
    let image = Patches.Extent(height: isSignal ? 1 : 2, width: number(2...3))
    let filter = Patches.Extent(height: isSignal ? 1 : number(1...2), width: number(1...2))
    return try Patches(
      channels: chance(0.8) ? 1 : 2, image: image, filter: filter,
      stride: Patches.Extent(height: 1, width: chance(0.7) ? 1 : 2),
      padding: Patches.Extent(height: 0, width: filter.width > 1 && chance(0.3) ? 1 : 0))
  }

  /// Inputs, with ties, repeated, opposite and zero rows and constant columns now and then.
  mutating func design(_ n: Int, _ d: Int) -> Matrix {
    var design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in 2 * gaussian })
    if chance(0.3) { for place in design.elements.indices { design.elements[place].round() } }
    if chance(0.2) {
      for i in 0..<n { design[i, d - 1] = chance(0.5) ? 1 : design[0, d - 1] }
    }
    if n > 2, chance(0.25) { for k in 0..<d { design[1, k] = design[0, k] } }
    if n > 3, chance(0.2) { for k in 0..<d { design[3, k] = -2 * design[2, k] } }
    if chance(0.2) { for k in 0..<d { design[n - 1, k] = 0 } }
    if d > 1, chance(0.1) { for i in 0..<n { design[i, 0] = 3 * design[i, 1] } }
    if n > 2, chance(0.05) {
      // Nearly the same row, and nearly the same hyperplane.
      for k in 0..<d { design[2, k] = design[0, k] * (1 + 1e-15 * gaussian) }
    }
    let whole = scale
    let columns = (0..<d).map { _ in chance(0.1) ? scale : 1 }
    for i in 0..<n { for k in 0..<d { design[i, k] *= whole * columns[k] } }
    return design
  }

  /// Targets that a loss takes, n·c.
  mutating func targets(_ loss: String, _ n: Int, _ outputs: Int, scale: Double) -> [Double] {
    if loss == "softmax" {
      return (0..<n).flatMap { _ in
        let own = number(0...(outputs - 1))
        return (0..<outputs).map { $0 == own ? 1.0 : 0 }
      }
    }
    let isTied = chance(0.3)
    let isZero = chance(0.03)
    return (0..<(n * outputs)).map { _ in
      let noise = 2 * gaussian
      switch loss {
      case "logistic", "hinge": return noise > 0 ? 1 : -1
      case "poisson": return isZero ? 0 : (abs(2 * noise).rounded() * max(1, scale.squareRoot().squareRoot()))
      default: return isZero ? 0 : scale * (isTied ? noise.rounded() : noise)
      }
    }
  }

  /// Weights of samples, some of them 0, the first not.
  mutating func weights(_ n: Int) -> [Double] {
    let whole = scale
    return (0..<n).map { i in whole * (i == 0 || chance(0.7) ? 0.1 + 2 * uniform : Double(number(0...1))) }
  }
}

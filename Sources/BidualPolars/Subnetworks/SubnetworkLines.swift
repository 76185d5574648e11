import BidualLinear

/// The lines that stand for the kinks of a sub-network's objective on a simplicial cone.
///
/// On a cone with generators ρₖ, W = Σλₖρₖ with λ ≥ 0, a convex kink is replaced by its chord, whose value at ρₖ is exact, and
/// a concave one by a line θt with 0 ≤ θ ≤ 1, whose θ may be chosen; the lines of a sample's units are taken through the kink
/// of its second layer likewise. So f(W) ≤ qᵀλ.
final class SubnetworkLines {
  /// Heights below this share of a row's length count as zero: cuts pass through hyperplanes up to rounding.
  static let negligible = 0x1p-43

  let samples: Int
  let units: Int
  let rank: Int
  let size: Int
  private let family: Int
  let rows: UnsafeMutablePointer<Double>
  let weights: UnsafeMutablePointer<Double>
  private let lengths: UnsafeMutablePointer<Double>
  /// xᵢᵀwⱼ at generator k, at (i·m + j)·size + k, and at the sum of the generators.
  private let heights: UnsafeMutablePointer<Double>
  private let centers: UnsafeMutablePointer<Double>
  /// 1, −1 or 0: the sign that a height, or the input of a second layer, has on the cone; 0 if it has both.
  let unitSides: UnsafeMutablePointer<Int8>
  let sides: UnsafeMutablePointer<Int8>
  /// θ of units and of samples.
  let unitLines: UnsafeMutablePointer<Double>
  let lines: UnsafeMutablePointer<Double>

  init(_ objective: SubnetworkObjective) {
    (samples, units, rank) = (objective.rows.rows, objective.units, objective.rows.columns)
    (size, family) = (objective.dimension, objective.family)
    rows = .allocate(capacity: samples * rank)
    rows.update(from: objective.rows.elements, count: samples * rank)
    weights = .allocate(capacity: samples)
    weights.update(from: objective.weights, count: samples)
    lengths = .allocate(capacity: samples)
    lengths.update(from: objective.rows.rowNorms, count: samples)
    heights = .allocate(capacity: samples * units * size)
    centers = .allocate(capacity: samples * units)
    unitSides = .allocate(capacity: samples * units)
    sides = .allocate(capacity: samples)
    unitLines = .allocate(capacity: samples * units)
    lines = .allocate(capacity: samples)
  }

  deinit {
    for numbers in [rows, weights, lengths, heights, centers, unitLines, lines] { numbers.deallocate() }
    unitSides.deallocate()
    sides.deallocate()
  }

  /// Takes a cone, with the lines that are exact at the sum of its generators.
  func take(_ generators: [Double]) {
    for i in 0..<samples {
      for j in 0..<units {
        let place = i * units + j
        var (low, high, sum) = (Double.infinity, -Double.infinity, 0.0)
        for k in 0..<size {
          var height = 0.0
          for c in 0..<rank { height += rows[i * rank + c] * generators[k * size + j * rank + c] }
          if abs(height) <= zero(i) { height = 0 }
          heights[place * size + k] = height
          low = min(low, height)
          high = max(high, height)
          sum += height
        }
        centers[place] = sum
        unitSides[place] = low >= 0 ? 1 : high <= 0 ? -1 : 0
        unitLines[place] = low >= 0 ? 1 : high <= 0 ? 0 : sum > 0 ? 1 : 0
      }
      var (isActive, isIdle) = (true, true)
      for k in 0..<size {
        isActive = isActive && lower(i, k) >= -zero(i)
        isIdle = isIdle && upper(i, k) <= zero(i)
      }
      sides[i] = isIdle ? -1 : isActive ? 1 : 0
      lines[i] = isIdle ? 0 : isActive ? 1 : center(i) > 0 ? 1 : 0
    }
  }

  /// Whether a unit adds.
  func adds(_ unit: Int) -> Bool { unit < family }

  private func zero(_ i: Int) -> Double { Self.negligible * lengths[i] }

  /// A line below the input of sample i's second layer, at generator k.
  private func lower(_ i: Int, _ k: Int) -> Double {
    var sum = 0.0
    for j in 0..<units {
      let height = heights[(i * units + j) * size + k]
      sum += adds(j) ? unitLines[i * units + j] * height : -max(height, 0)
    }
    return sum
  }

  /// A line above it.
  private func upper(_ i: Int, _ k: Int) -> Double {
    var sum = 0.0
    for j in 0..<units {
      let height = heights[(i * units + j) * size + k]
      sum += adds(j) ? max(height, 0) : -unitLines[i * units + j] * height
    }
    return sum
  }

  /// What the lines of sample i are worth at generator k: its part of q.
  func value(_ i: Int, _ k: Int) -> Double {
    guard sides[i] >= 0 else { return 0 }
    guard weights[i] > 0 else { return weights[i] * lines[i] * lower(i, k) }
    let input = upper(i, k)
    return weights[i] * (sides[i] > 0 ? input : max(input, 0))
  }

  /// Whether unit j is active for sample i at the sum of the generators.
  func isActive(_ i: Int, _ j: Int) -> Bool { centers[i * units + j] > 0 }

  /// The input of sample i's second layer at the sum of the generators.
  func center(_ i: Int) -> Double {
    var sum = 0.0
    for j in 0..<units { sum += (adds(j) ? 1 : -1) * max(centers[i * units + j], 0) }
    return sum
  }

  /// The same at generator k.
  func input(_ i: Int, _ k: Int) -> Double {
    var sum = 0.0
    for j in 0..<units {
      let height = max(heights[(i * units + j) * size + k], 0)
      sum += adds(j) ? height : -height
    }
    return sum
  }

  /// The same at a point W.
  func input(_ i: Int, at point: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for j in 0..<units {
      sum += (adds(j) ? 1 : -1) * max(dot(rows + i * rank, point + j * rank, count: rank), 0)
    }
    return sum
  }

  /// A cut through the hyperplane on which the lines are farthest from the objective at the point W = Σλₖρₖ: that of a unit,
  /// or of a sample's second layer where all its units are linear.
  func cut(at point: UnsafePointer<Double>, _ solution: UnsafePointer<Double>) -> SubnetworkCut? {
    var (worst, choice) = (0.0, SubnetworkCut?.none)
    for i in 0..<samples where sides[i] >= 0 {
      var error = -weights[i] * max(input(i, at: point), 0)
      for k in 0..<size where solution[k] > 0 { error += solution[k] * value(i, k) }
      if error > worst, let cut = cut(sample: i, at: point, solution) { (worst, choice) = (error, cut) }
    }
    return choice
  }

  private func cut(sample i: Int, at point: UnsafePointer<Double>, _ solution: UnsafePointer<Double>)
    -> SubnetworkCut?
  {
    var (worst, unit) = (-1.0, -1)
    for j in 0..<units where unitSides[i * units + j] == 0 {
      let place = i * units + j
      let isChord = adds(j) == (weights[i] > 0)
      var line = 0.0
      for k in 0..<size {
        let height = heights[place * size + k]
        line += solution[k] * (isChord ? max(height, 0) : unitLines[place] * height)
      }
      let error = abs(line - max(dot(rows + i * rank, point + j * rank, count: rank), 0))
      if error > worst { (worst, unit) = (error, j) }
    }
    guard unit < 0 else {
      let first = heights + (i * units + unit) * size
      return SubnetworkCut(size: size, solution) { first[$0] }
    }
    return SubnetworkCut(size: size, solution) {
      let input = self.input(i, $0)
      return abs(input) <= self.zero(i) ? 0 : input
    }
  }
}

import BidualLinear

/// Bounds a sub-network's objective on simplicial cones, by one thread.
///
/// With q from `SubnetworkLines`, every b with bᵀρₖ ≥ qₖ for all generators ρₖ bounds the objective by bᵀW ≤ maxⱼ‖bⱼ‖·N(W).
/// The lines are chosen to make b short, and b by non-negative least squares (`ConeSupport`) in coordinates that weigh units
/// by their shares of the length: with the shares of the best W that is the smallest maxⱼ‖bⱼ‖, and with any it is a bound.
final class SubnetworkBound {
  /// What is known of a cone.
  struct Result: Sendable {
    /// An upper bound of the objective, but for rounding.
    let bound: Double
    /// Where to cut the cone; nil if it is settled, or of one variable.
    let cut: SubnetworkCut?
    /// The largest value met, and where.
    let best: (value: Double, vector: [Double])
  }

  private let lines: SubnetworkLines
  private let n: Int
  private let m: Int
  private let r: Int
  private let size: Int
  private let support: ConeSupport
  private let coefficients: UnsafeMutablePointer<Double>
  private let scaled: UnsafeMutablePointer<Double>
  private let shares: UnsafeMutablePointer<Double>
  /// b.
  private let gradient: UnsafeMutablePointer<Double>
  private let point: UnsafeMutablePointer<Double>
  /// How often lines and shares are chosen anew.
  private let rounds = 10
  private let leastShare = 1e-8

  init(_ objective: SubnetworkObjective) {
    lines = SubnetworkLines(objective)
    (n, m, r, size) = (lines.samples, lines.units, lines.rank, lines.size)
    support = ConeSupport(rank: size)
    coefficients = .allocate(capacity: size)
    scaled = .allocate(capacity: size * size)
    shares = .allocate(capacity: m)
    gradient = .allocate(capacity: size)
    point = .allocate(capacity: size)
  }

  deinit { for numbers in [coefficients, scaled, shares, gradient, point] { numbers.deallocate() } }

  /// Bounds the objective on a cone, as well as `threshold` asks for.
  func evaluate(_ generators: [Double], threshold: Double) -> Result {
    lines.take(generators)
    setPoint(generators) { _ in 1 }
    let total = length(point)
    for j in 0..<m { shares[j] = max(norm(point + j * r, count: r) / total, leastShare) }
    var best: (value: Double, vector: [Double]) = (0, [])
    meet(&best)
    for k in 0..<size {
      setPoint(generators) { $0 == k ? 1 : 0 }
      meet(&best)
    }
    var bound = Double.infinity
    startGradient()
    for round in 0..<rounds {
      if round > 0 { shorten() }
      for k in 0..<size {
        coefficients[k] = 0
        for i in 0..<n { coefficients[k] += lines.value(i, k) }
      }
      let reached = supported(generators, threshold: threshold)
      let progress = bound - reached
      bound = min(bound, reached)
      // A value above the threshold can't be bounded away.
      if bound <= threshold || best.value > threshold || progress < 0.02 * (bound - threshold) { break }
    }
    guard bound > threshold else { return Result(bound: bound, cut: nil, best: best) }
    setPoint(generators) { support.solution[$0] }
    meet(&best)
    return Result(bound: bound, cut: cut(generators, bound: bound), best: best)
  }

  /// Where to cut a cone of this bound, with the point at its solution; nil where the bound is exact.
  private func cut(_ generators: [Double], bound: Double) -> SubnetworkCut? {
    guard size > 1 else { return nil }
    if let cut = lines.cut(at: point, support.solution) { return cut }
    return bound > solutionValue * (1 + 1e-9) ? SubnetworkCut(longestEdgeOf: generators, size: size) : nil
  }

  /// What the lines are worth at the solution, per length: never above their best bound.
  private var solutionValue: Double {
    var value = 0.0
    for k in 0..<size { value += coefficients[k] * support.solution[k] }
    let length = length(point)
    return length > 0 ? value / length : 0
  }

  /// Sets the point to Σλₖρₖ.
  private func setPoint(_ generators: [Double], _ share: (Int) -> Double) {
    for c in 0..<size { point[c] = 0 }
    for k in 0..<size {
      let share = share(k)
      guard share != 0 else { continue }
      for c in 0..<size { point[c] += share * generators[k * size + c] }
    }
  }

  /// Keeps the point if its value is the largest.
  private func meet(_ best: inout (value: Double, vector: [Double])) {
    let length = length(point)
    guard length > 0 else { return }
    var value = 0.0
    for i in 0..<n { value += lines.weights[i] * max(lines.input(i, at: point), 0) }
    value /= length
    if value > best.value { best = (value, Array(UnsafeBufferPointer(start: point, count: size))) }
  }

  /// Σⱼ‖wⱼ‖.
  private func length(_ vector: UnsafeMutablePointer<Double>) -> Double {
    var sum = 0.0
    for j in 0..<m { sum += norm(vector + j * r, count: r) }
    return sum
  }

  // MARK: Lines

  /// b from the gradient at the sum of the generators, in its shortest variant: exact where the cone cuts nothing off.
  private func startGradient() {
    for k in 0..<size { gradient[k] = 0 }
    for i in 0..<n where lines.sides[i] > 0 || (lines.sides[i] == 0 && lines.center(i) > 0) {
      for j in 0..<m where lines.isActive(i, j) {
        add(lines.weights[i] * (lines.adds(j) ? 1 : -1), row: i, unit: j)
      }
    }
    shorten()
  }

  private func add(_ factor: Double, row: Int, unit: Int) {
    for c in 0..<r { gradient[unit * r + c] += factor * lines.rows[row * r + c] }
  }

  /// Coordinate descent on the lines to make Σ shareⱼ‖bⱼ‖² small; b moves along, as if the other lines were gradients.
  private func shorten() {
    for _ in 0..<4 {
      var moved = false
      for i in 0..<n where lines.sides[i] >= 0 {
        let weight = lines.weights[i]
        if weight < 0, lines.sides[i] == 0 { moved = moveLine(of: i) || moved }
        // The kinks that are concave in f: of units that add for v < 0, of those that subtract for v > 0.
        let isActive = lines.sides[i] > 0 || lines.center(i) > 0
        guard weight < 0 ? lines.lines[i] > 0 : isActive else { continue }
        let factor = weight < 0 ? weight * lines.lines[i] : -weight
        for j in 0..<m where lines.unitSides[i * m + j] == 0 && lines.adds(j) == (weight < 0) {
          moved = moveLine(of: i, unit: j, factor) || moved
        }
      }
      if !moved { break }
    }
  }

  /// Moves the line of sample i's second layer.
  private func moveLine(of i: Int) -> Bool {
    var (along, square) = (0.0, 0.0)
    let weight = lines.weights[i]
    for j in 0..<m {
      let slope = slope(i, j)
      guard slope != 0 else { continue }
      for c in 0..<r {
        let d = weight * slope * lines.rows[i * r + c]
        along += shares[j] * gradient[j * r + c] * d
        square += shares[j] * d * d
      }
    }
    guard let step = Self.move(&lines.lines[i], along, square) else { return false }
    for j in 0..<m { add(step * weight * slope(i, j), row: i, unit: j) }
    return true
  }

  /// The slope of sample i's second-layer input in unit j's height, as lines have it.
  private func slope(_ i: Int, _ j: Int) -> Double {
    lines.adds(j) ? lines.unitLines[i * m + j] : lines.isActive(i, j) ? -1 : 0
  }

  /// Moves the line of a unit, whose height counts `factor` times.
  private func moveLine(of i: Int, unit j: Int, _ factor: Double) -> Bool {
    var (along, square) = (0.0, 0.0)
    for c in 0..<r {
      let d = factor * lines.rows[i * r + c]
      along += gradient[j * r + c] * d
      square += d * d
    }
    guard let step = Self.move(&lines.unitLines[i * m + j], along, square) else { return false }
    add(step * factor, row: i, unit: j)
    return true
  }

  /// Moves a θ to where b is shortest; returns by how much, nil if it stays.
  private static func move(_ line: inout Double, _ along: Double, _ square: Double) -> Double? {
    guard square > 0 else { return nil }
    let target = min(1, max(0, line - along / square))
    let step = target - line
    line = target
    return step == 0 ? nil : step
  }

  // MARK: The bound

  /// maxⱼ‖bⱼ‖ for a b that dominates q at all generators; the shares move to where units are long.
  ///
  /// Ends where more steps could not change what becomes of the cone.
  private func supported(_ generators: [Double], threshold: Double) -> Double {
    var bound = Double.infinity
    for _ in 0..<(m > 1 ? 50 : 1) {
      for k in 0..<size {
        for j in 0..<m {
          let factor = 1 / shares[j].squareRoot()
          for c in 0..<r { scaled[k * size + j * r + c] = generators[k * size + j * r + c] * factor }
        }
      }
      _ = support.bound(generators: scaled, q: coefficients)
      var (longest, sum) = (0.0, 0.0)
      for j in 0..<m {
        let factor = 1 / shares[j].squareRoot()
        for c in 0..<r { gradient[j * r + c] = support.w[j * r + c] * factor }
        let length = norm(gradient + j * r, count: r)
        longest = max(longest, length)
        shares[j] *= length
        sum += shares[j]
      }
      bound = min(bound, longest)
      for j in 0..<m { shares[j] = sum > 0 ? max(shares[j] / sum, leastShare) : 1 / Double(m) }
      guard bound > threshold else { break }
      setPoint(generators) { support.solution[$0] }
      let value = solutionValue
      if value > threshold || bound <= value * (1 + 1e-10) { break }
    }
    return bound
  }
}

import BidualModels
import BidualObjectives

/// The constraints of the dual that no scaling can meet: the domain of the conjugate and, where the network
/// has offsets, ΣVᵢ = 0 for each output, which must hold exactly, since an unbounded offset punishes any excess. Losses
/// that couple outputs ask for rows of sum zero besides.
enum DualFeasibility {
  /// A dual point near `dualPoint` with −V in the conjugate's domain and, with offsets, ΣVᵢ = 0 exactly.
  ///
  /// - Complexity: O(nc).
  static func restored(_ dualPoint: [Double], in problem: TrainingProblem) -> [Double] {
    if let coupled = problem.loss.coupled { return restored(dualPoint, coupled, in: problem) }
    let clipped = clip(dualPoint, in: problem)
    guard problem.hasOffset, clipped.allSatisfy(\.isFinite) else { return clipped }
    return balanced(shifted(dualPoint, in: problem), problem.outputs)
  }

  /// Whether a dual point meets those constraints.
  static func holds(_ dualPoint: [Double], in problem: TrainingProblem) -> Bool {
    let isCoupled = problem.loss.coupled != nil
    guard problem.hasOffset || isCoupled else { return true }
    let quantum = quantum(dualPoint)
    return dualPoint.allSatisfy { ($0 / quantum).rounded() * quantum == $0 }
      && (!problem.hasOffset || sums(dualPoint, problem.outputs).allSatisfy { $0 == 0 })
      && (!isCoupled || problem.weights.indices.allSatisfy { sum(dualPoint[problem.places($0)]) == 0 })
  }

  // MARK: Losses that are sums over outputs

  /// The point in the domain; every output is shifted by a number of its own, if any are given.
  private static func clip(_ dualPoint: [Double], shifts: [Double]? = nil, in problem: TrainingProblem)
    -> [Double]
  {
    dualPoint.indices.map { i in
      let domain = problem.dualDomain(i)
      // Samples give way in proportion to their weights.
      let shift = shifts.map { $0[i % problem.outputs] * problem.weights[i / problem.outputs] } ?? 0
      return -min(max(-(dualPoint[i] + shift), domain.lowerBound), domain.upperBound)
    }
  }

  /// The clipped point whose sums are zero to rounding: the shifts are found by bisection, the sums rising in them.
  private static func shifted(_ dualPoint: [Double], in problem: TrainingProblem) -> [Double] {
    let outputs = problem.outputs
    let least = problem.weights.min() ?? 1
    var reach = [Double](repeating: 0, count: outputs)
    for i in dualPoint.indices { reach[i % outputs] += abs(dualPoint[i]) }
    for k in 0..<outputs { reach[k] /= least }
    for i in dualPoint.indices {
      for end in [problem.dualDomain(i).lowerBound, problem.dualDomain(i).upperBound] where end.isFinite {
        reach[i % outputs] = max(reach[i % outputs], 2 * abs(end) / problem.weights[i / outputs])
      }
    }
    var low = reach.map { -$0 }
    var high = reach
    for _ in 0..<200 {
      let middle = zip(low, high).map { 0.5 * ($0 + $1) }
      let open = (0..<outputs).filter { middle[$0] > low[$0] && middle[$0] < high[$0] }
      guard !open.isEmpty else { break }
      let sums = sums(clip(dualPoint, shifts: middle, in: problem), outputs)
      for k in open {
        if sums[k] < 0 { low[k] = middle[k] } else { high[k] = middle[k] }
      }
    }
    return clip(dualPoint, shifts: high, in: problem)
  }

  /// Rounds entries toward zero to multiples of a quantum and takes what an output's sum exceeds from the entries
  /// of its sign; moving toward zero never leaves the domain.
  private static func balanced(_ dualPoint: [Double], _ outputs: Int) -> [Double] {
    let quantum = quantum(dualPoint)
    var point = dualPoint.map { ($0 / quantum).rounded(.towardZero) * quantum }
    var excess = sums(point, outputs)
    for i in point.indices.sorted(by: { abs(point[$0]) > abs(point[$1]) }) {
      let own = excess[i % outputs]
      guard point[i] * own > 0 else { continue }
      let part = abs(own) <= abs(point[i]) ? own : point[i]
      point[i] -= part
      excess[i % outputs] -= part
    }
    return point
  }

  // MARK: Losses that couple outputs

  /// Every row restored by itself; with offsets what is then too much of one output is moved to others, row by row.
  private static func restored(_ dualPoint: [Double], _ loss: some CoupledLoss, in problem: TrainingProblem)
    -> [Double]
  {
    guard dualPoint.allSatisfy(\.isFinite) else { return dualPoint.map { _ in 0 } }
    let outputs = problem.outputs
    // Entries may grow to what a row holds together, or what is moved into it.
    let largest = dualPoint.reduce(0) { max($0, abs($1)) } * Double(2 * outputs)
    let movable = min(problem.weights.max() ?? 0, dualPoint.reduce(0) { $0 + abs($1) })
    let quantum = quantum(dualPoint.map { _ in max(largest, movable) })
    // In the sign of the conjugate's argument.
    var point = problem.weights.indices.flatMap { i in
      loss.restored(
        dualPoint[problem.places(i)].map { -$0 }[...], targets: problem.targets[problem.places(i)],
        weight: problem.weights[i], quantum: quantum)
    }
    var excess = problem.hasOffset ? sums(point, outputs) : []
    for k in excess.indices {
      for l in excess.indices where l != k {
        for i in problem.weights.indices {
          guard excess[k] > 0, excess[l] < 0 else { break }
          let places = problem.places(i)
          let room = loss.room(
            point[places], from: k, to: l, targets: problem.targets[places], weight: problem.weights[i])
          let part = min(excess[k], -excess[l], (room / quantum).rounded(.down) * quantum)
          guard part > 0 else { continue }
          point[places.lowerBound + k] -= part
          point[places.lowerBound + l] += part
          excess[k] -= part
          excess[l] += part
        }
      }
    }
    return point.map { -$0 }
  }

  // MARK: Exact sums

  /// A power of two, coarse enough that multiples of it up to the largest entry add up without rounding.
  private static func quantum(_ dualPoint: [Double]) -> Double {
    let largest = dualPoint.reduce(0x1p-900) { max($0, abs($1)) }
    let bits = 52 - (Double(dualPoint.count).exponent + 2)
    return Double(sign: .plus, exponent: largest.exponent - Int(bits), significand: 1)
  }

  /// The sums of the outputs' columns, of multiples of the quantum exactly.
  private static func sums(_ dualPoint: [Double], _ outputs: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: outputs)
    for i in dualPoint.indices { sums[i % outputs] += dualPoint[i] }
    return sums
  }

  private static func sum(_ entries: ArraySlice<Double>) -> Double { entries.reduce(0, +) }
}

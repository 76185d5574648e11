import BidualLinear
import CBidualKernels
import Testing

/// Bounds of quadratics over the cube.
@Suite struct BoxDualTests {
  private struct Problem {
    var hessian: Matrix
    var slopes: [Double]
    var constant: Double
    /// Whether the dual is exact.
    var isConcave = false

    func value(_ x: [Double]) -> Double {
      constant + dot(slopes, x) + 0.5 * dot(x, hessian.times(x))
    }
  }

  private final class Storage {
    let doubles: UnsafeMutablePointer<Double>
    init(_ count: Int) {
      doubles = UnsafeMutableRawPointer.allocate(byteCount: 8 * max(count, 1), alignment: 64)
        .bindMemory(to: Double.self, capacity: max(count, 1))
    }
    deinit { doubles.deallocate() }
  }

  private func problem(_ d: Int, _ random: inout SeededGenerator) -> Problem {
    let kind = Int.random(in: 0..<5, using: &random)
    var hessian = Matrix(rows: d, columns: d)
    let factors = (0..<d).map { _ in kind == 4 ? 0x1p-20 * random.nextUniform() : 1 }
    for _ in 0..<(kind == 0 ? 0 : 1 + d) {
      let x = zip((0..<d).map { _ in random.nextGaussian() }, factors).map { $0 * $1 }
      let weight = kind == 1 ? -1 : kind == 2 ? 1 : random.nextGaussian()
      for j in 0..<d { for l in 0..<d { hessian[j, l] += weight * x[j] * x[l] } }
    }
    for j in 0..<d { for l in 0..<j { hessian[j, l] = hessian[l, j] } }
    let slopes = (0..<d).map { kind == 3 && $0 % 2 == 0 ? 0 : factors[$0] * random.nextGaussian() }
    return Problem(
      hessian: hessian, slopes: slopes, constant: random.nextGaussian(), isConcave: kind == 0 || kind == 1)
  }

  /// Eight problems in lanes; D is searched, or given.
  private func bounds(_ problems: [Problem], dual: [[Double]]? = nil) -> (bounds: [Double], duals: [[Double]])
  {
    let d = problems[0].slopes.count
    let storage = Storage(8 * (2 + 3 * d + d * d))
    let scratch = Storage(bidual_box_dual_scratch(d))
    let p = storage.doubles
    let slopes = p + 16
    let weights = slopes + 8 * d
    let shares = weights + 8 * d
    let hessian = shares + 8 * d
    for (lane, problem) in problems.enumerated() {
      p[lane] = problem.constant
      for j in 0..<d {
        slopes[8 * j + lane] = problem.slopes[j]
        weights[8 * j + lane] = dual?[lane][j] ?? .nan
        for l in 0..<d { hessian[8 * (j * d + l) + lane] = problem.hessian[j, l] }
      }
    }
    if dual == nil {
      bidual_box_dual(d, hessian, slopes, p, 0.03 / Double(d), 18, weights, scratch.doubles)
    }
    bidual_box_bound(d, hessian, slopes, p, weights, p + 8, shares, scratch.doubles)
    return (
      (0..<8).map { p[8 + $0] }, (0..<8).map { lane in (0..<d).map { weights[8 * $0 + lane] } }
    )
  }

  /// The best of the corners and of many random starts of coordinate ascent.
  private func largest(_ problem: Problem, _ random: inout SeededGenerator) -> Double {
    let d = problem.slopes.count
    var best = -Double.infinity
    for start in 0..<60 {
      var x = (0..<d).map { _ in
        start < 20 ? (Bool.random(using: &random) ? 1 : -1) : 2 * random.nextUniform() - 1
      }
      best = max(best, problem.value(x))
      for _ in 0..<10 {
        for j in 0..<d {
          let own = problem.hessian[j, j]
          let slope = problem.slopes[j] + dot(problem.hessian.row(j), x) - own * x[j]
          x[j] = own < 0 ? max(-1, min(1, -slope / own)) : slope > 0 ? 1 : -1
        }
      }
      best = max(best, problem.value(x))
    }
    return best
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13, 31]) func boundsStandAboveAllPoints(axes: Int) {
    var random = SeededGenerator(seed: UInt64(axes))
    for _ in 0..<(axes > 10 ? 6 : 40) {
      let problems = (0..<8).map { _ in problem(axes, &random) }
      let found = bounds(problems)
      for (lane, problem) in problems.enumerated() {
        let best = largest(problem, &random)
        #expect(found.bounds[lane] >= best)
        // The search ends at a bound below zero, or within reach of the maximum where the dual is exact, if
        // eighteen steps are enough for it.
        if axes <= 5, problem.isConcave, best > 0.01 || best < -0.01 {
          #expect(found.bounds[lane] <= max(0, best) / 0.55, "\(axes) axes")
        }
        // A problem's answer does not depend on its neighbours.
        let alone = bounds(Array(repeating: problem, count: 8))
        #expect(alone.bounds.allSatisfy { $0 == found.bounds[lane] })
        #expect(alone.duals.allSatisfy { $0 == found.duals[lane] })
      }
    }
  }

  /// Any D gives a bound above all points, or none.
  @Test(arguments: [1, 2, 4, 9]) func badDualPointsProveNothingFalse(axes: Int) {
    var random = SeededGenerator(seed: UInt64(40 + axes))
    var proven = 0
    for trial in 0..<60 {
      let problems = (0..<8).map { _ in problem(axes, &random) }
      let good = bounds(problems).duals
      let dual = good.enumerated().map { lane, weights in
        weights.map { weight -> Double in
          switch (trial + lane) % 8 {
          case 0: weight * 0.9
          case 1: weight * (1 - 0x1p-40)
          case 2: 0
          case 3: -weight
          case 4: .nan
          case 5: .infinity
          case 6: weight * 2 * random.nextUniform()
          default: weight * 1e6
          }
        }
      }
      let found = bounds(problems, dual: dual).bounds
      for (lane, problem) in problems.enumerated() {
        #expect(found[lane] >= largest(problem, &random))
        if found[lane] < .infinity { proven += 1 }
        if [2, 3, 4, 5].contains((trial + lane) % 8) { #expect(found[lane] == .infinity) }
      }
    }
    #expect(proven > 60)
  }

  /// A singular M that is positive semidefinite only on paper: nothing false is proven of H = diag D ± a little.
  @Test func barelyIndefiniteFormsAreCharged() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let d = 4
      let x = (0..<d).map { _ in random.nextGaussian() }
      let dual = (0..<d).map { _ in 1 + random.nextUniform() }
      var hessian = Matrix(rows: d, columns: d)
      // M = diag D − H is of rank one and loses a little along a random direction.
      let y = (0..<d).map { _ in random.nextGaussian() }.normalized
      for j in 0..<d {
        for l in 0...j {
          let entry = (j == l ? dual[j] : 0) - x[j] * x[l] + 0x1p-52 * y[j] * y[l]
          hessian[j, l] = entry
          hessian[l, j] = entry
        }
      }
      let problem = Problem(hessian: hessian, slopes: Array(repeating: 0, count: d), constant: 0)
      let found = bounds(
        Array(repeating: problem, count: 8), dual: Array(repeating: dual, count: 8)
      ).bounds[0]
      #expect(found >= largest(problem, &random))
    }
  }
}

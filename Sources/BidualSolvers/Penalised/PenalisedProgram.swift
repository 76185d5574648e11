import BidualArrangements
import BidualLinear
import BidualModels

/// The convex program over given patterns with its cones as a penalty (EP21, eq. 16):
///
///     Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σₚ(‖vₚ‖ + ‖wₚ‖) + ρ Σₚ 1ᵀ(((I − 2Dₚ)Xvₚ)₊ + ((I − 2Dₚ)Xwₚ)₊),
///     f = Σₚ DₚX(vₚ − wₚ) + b
///
/// Variables stand in one array: v₁, …, v_P, then w₁, …, w_P, of r numbers each, then the offset, if any.
/// The heights Xv of all patterns are needed for the cones, so that one matrix product gives predictions,
/// crossings and the network's own predictions together.
struct PenalisedProgram {
  /// Sums over samples at one point.
  struct Evaluation {
    /// The loss of the program's predictions.
    var loss = 0.0
    /// How far pre-activations are on the wrong side of their patterns, all added up.
    var crossing = 0.0
    /// The loss of the ReLU network with the neurons v and w, whatever their patterns.
    var networkLoss = 0.0
  }

  let problem: TrainingProblem
  /// The samples, n×r.
  let design: Matrix
  /// The number P of patterns.
  let patterns: Int
  /// The weight ρ of crossings.
  let conePenalty: Double
  /// Bit p of sample i's words: whether pattern p is active there.
  private let active: [[UInt64]]

  /// The program of a problem whose samples have the coordinates `design`, over one pattern or more.
  init(_ problem: TrainingProblem, design: Matrix, patterns: PatternSet, conePenalty: Double) {
    self.problem = problem
    self.design = design
    self.patterns = patterns.count
    self.conePenalty = conePenalty
    active = (0..<design.rows).map { i in
      var words = [UInt64](repeating: 0, count: (patterns.count + 63) / 64)
      for p in 0..<patterns.count where patterns.isActive(pattern: p, sample: i) {
        words[p >> 6] |= 1 << UInt64(p & 63)
      }
      return words
    }
  }

  /// The number of vectors, two a pattern.
  var blocks: Int { 2 * patterns }
  /// The number of variables under the penalty.
  var penalized: Int { blocks * design.columns }
  /// The number of variables.
  var count: Int { penalized + (problem.hasOffset ? 1 : 0) }

  /// One block's vector; blocks from P on count with the sign −1.
  func vector(_ block: Int, of values: [Double]) -> [Double] {
    Array(values[(block * design.columns)..<((block + 1) * design.columns)])
  }

  /// Σ‖vₚ‖ + ‖wₚ‖.
  func lengths(_ values: [Double]) -> Double {
    values.withUnsafeBufferPointer { values in
      (0..<blocks).reduce(0) {
        $0 + norm(values.baseAddress! + $1 * design.columns, count: design.columns)
      }
    }
  }

  /// Adds β/n times a subgradient of Σ‖vₚ‖ + ‖wₚ‖, zero where a vector is.
  func addNormSlope(_ values: [Double], to gradient: inout [Double]) {
    let r = design.columns
    for block in 0..<blocks {
      let range = (block * r)..<((block + 1) * r)
      let length = norm(values[range])
      guard length > 0 else { continue }
      let factor = problem.beta / Double(design.rows) / length
      for k in range { gradient[k] += factor * values[k] }
    }
  }

  /// The sums over the given samples, or all; a subgradient of loss and crossings overwrites `gradient`, and the
  /// program's predictions go to `predictions`, one a sample given.
  ///
  /// - Complexity: O(P·r) a sample.
  func evaluate(
    _ values: [Double], rows: ArraySlice<Int>, gradient: inout [Double], predictions: inout [Double]
  ) -> Evaluation {
    let (r, columns) = (design.columns, blocks)
    for k in gradient.indices { gradient[k] = 0 }
    predictions.removeAll(keepingCapacity: true)
    var sums = Evaluation()
    let offset = problem.hasOffset ? values[penalized] : 0
    // Heights of one block of samples stay in the cache.
    let size = max(8, min(rows.count, 32_768 / columns))
    var heights = [Double](repeating: 0, count: size * columns)
    for first in stride(from: rows.startIndex, to: rows.endIndex, by: size) {
      let chosen = rows[first..<min(first + size, rows.endIndex)]
      let inputs = design.selectingRows(chosen).elements
      BLAS.gemm(
        transposeB: true, m: chosen.count, n: columns, k: r, a: inputs, b: values, c: &heights)
      heights.withUnsafeMutableBufferPointer { heights in
        for (place, i) in chosen.enumerated() {
          slopes(
            of: i, UnsafeMutableBufferPointer(rebasing: heights[(place * columns)..<((place + 1) * columns)]),
            offset: offset, &sums, &gradient, &predictions)
        }
      }
      BLAS.gemm(
        transposeA: true, m: columns, n: r, k: chosen.count, a: heights, b: inputs, beta: 1, c: &gradient)
    }
    return sums
  }

  /// Turns the heights of sample i into the derivatives by them.
  private func slopes(
    of i: Int, _ heights: UnsafeMutableBufferPointer<Double>, offset: Double, _ sums: inout Evaluation,
    _ gradient: inout [Double], _ predictions: inout [Double]
  ) {
    var prediction = offset
    var network = offset
    active[i].withUnsafeBufferPointer { words in
      for p in 0..<patterns {
        let isActive = words[p >> 6] >> UInt64(p & 63) & 1 == 1
        let (up, down) = (heights[p], heights[patterns + p])
        network += max(0, up) - max(0, down)
        if isActive {
          prediction += up - down
          sums.crossing += max(0, -up) + max(0, -down)
        } else {
          sums.crossing += max(0, up) + max(0, down)
        }
      }
      let (weight, target) = (problem.weights[i], problem.targets[i])
      sums.loss += weight * problem.loss.value(prediction, target: target)
      sums.networkLoss += weight * problem.loss.value(network, target: target)
      let slope = weight * problem.loss.derivative(prediction, target: target)
      predictions.append(prediction)
      if problem.hasOffset { gradient[penalized] += slope }
      for p in 0..<patterns {
        let isActive = words[p >> 6] >> UInt64(p & 63) & 1 == 1
        let (up, down) = (heights[p], heights[patterns + p])
        if isActive {
          heights[p] = slope - (up < 0 ? conePenalty : 0)
          heights[patterns + p] = -slope - (down < 0 ? conePenalty : 0)
        } else {
          heights[p] = up > 0 ? conePenalty : 0
          heights[patterns + p] = down > 0 ? conePenalty : 0
        }
      }
    }
  }
}

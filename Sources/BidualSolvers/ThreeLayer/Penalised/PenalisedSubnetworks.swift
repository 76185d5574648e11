import BidualLinear
import BidualModels

/// The convex program of three layers over sampled patterns with its cones as a penalty (EP21, eq. 16, with the joint cone of the
/// second layer), for c outputs:
///
///     Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σ‖w‖ + ρ Σₚ,±,ₖ [Σⱼ 1ᵀ((I − 2D₁ₚⱼ)Xwⱼ)₊ + 1ᵀ((I − 2D₂ₚ)Σⱼ sₚⱼD₁ₚⱼXwⱼ)₊],   fₖ = Σₚ,± ±D₂ₚ Σⱼ sₚⱼD₁ₚⱼXw
///
/// Every sub-network p has vectors w for both signs, all outputs k and all units j, in this order; offsets, if any, stand last. The work is
/// shared out by sub-networks, whose heights and gradients are their own.
///
/// Passes that run side by side only read; what they find is written down when all have ended.
final class PenalisedSubnetworks<Scalar: BLASScalar>: @unchecked Sendable {
  /// Sums over samples at one point.
  struct Evaluation {
    /// The loss of the program's predictions.
    var loss = 0.0
    /// How far pre-activations are on the wrong side of their patterns, all added up.
    var crossing = 0.0
    /// The loss of the ReLU network with these weights, whatever their patterns.
    var networkLoss = 0.0
    /// Minus the slopes of the loss, those of a sample together.
    var dualPoint: [Double] = []
  }

  let problem: TrainingProblem
  let subnetworks: SampledSubnetworks
  private let conePenalty: Double
  private let threads: Int
  private let first: [UInt8]
  private let second: [UInt8]
  private let signs: [Scalar]
  private var weights: [[Scalar]]
  private var gradients: [[Scalar]]

  /// The program of a problem over drawn sub-networks.
  init(_ problem: TrainingProblem, _ subnetworks: SampledSubnetworks, conePenalty: Double, threads: Int) {
    self.problem = problem
    self.subnetworks = subnetworks
    self.conePenalty = conePenalty
    self.threads = threads
    (first, second) = subnetworks.patterns(over: problem.design)
    signs = subnetworks.inner.map { $0 < 0 ? -1 : 1 }
    weights = Array(repeating: [], count: subnetworks.count)
    gradients = weights
  }

  /// Vectors of a sub-network.
  private var columns: Int { 2 * problem.outputs * subnetworks.units }
  /// Numbers of a sub-network.
  private var block: Int { columns * problem.design.columns }
  /// Numbers under the penalty.
  var penalized: Int { subnetworks.count * block }
  /// All numbers.
  var count: Int { penalized + (problem.hasOffset ? problem.outputs : 0) }

  /// Σ‖w‖.
  func lengths(_ values: [Double]) -> Double {
    let d = problem.design.columns
    return values.withUnsafeBufferPointer { values in
      (0..<(penalized / max(1, d))).reduce(0) { $0 + norm(values.baseAddress! + $1 * d, count: d) }
    }
  }

  /// Adds β/n times a subgradient of Σ‖w‖, zero where a vector is.
  func addNormSlope(_ values: [Double], to gradient: inout [Double]) {
    let d = problem.design.columns
    values.withUnsafeBufferPointer { values in
      gradient.withUnsafeMutableBufferPointer { gradient in
        for first in stride(from: 0, to: penalized, by: d) {
          let length = norm(values.baseAddress! + first, count: d)
          guard length > 0 else { continue }
          let factor = problem.beta / Double(problem.design.rows) / length
          for k in first..<(first + d) { gradient[k] += factor * values[k] }
        }
      }
    }
  }

  /// The sums over the given samples; a subgradient of loss and crossings overwrites `gradient`, if it is wanted.
  ///
  /// - Complexity: O(cKm₁d) a sample.
  func evaluate(_ values: [Double], rows: [Int], gradient: inout [Double], wantsGradient: Bool = true)
    -> Evaluation
  {
    let c = problem.outputs
    for p in weights.indices {
      weights[p] = Scalar.rounded(Array(values[(p * block)..<((p + 1) * block)]))
      gradients[p] = wantsGradient ? Array(repeating: 0, count: block) : []
    }
    let offsets = problem.hasOffset ? Array(values[penalized...]) : Array(repeating: 0, count: c)
    var pull = Array(repeating: 0.0, count: c)
    var sums = Evaluation()
    // Heights of all sub-networks over some samples at a time.
    let size = max(16, min(rows.count, 16_000_000 / max(1, columns * subnetworks.count)))
    for start in stride(from: 0, to: rows.count, by: size) {
      let some = Array(rows[start..<min(start + size, rows.count)])
      let x = Scalar.rounded(problem.design.selectingRows(some).elements)
      let passes = concurrentMap(subnetworks.count, threads: threads) { p, _ in pass(p, some, x) }
      var predictions = Array(repeatElement(offsets, count: some.count).joined())
      var network = predictions
      for pass in passes {
        sums.crossing += pass.crossing
        for k in predictions.indices {
          predictions[k] += pass.predictions[k]
          network[k] += pass.network[k]
        }
      }
      let loss = RowSlopes(problem: problem, curvature: 0)
      sums.networkLoss += loss.replace(&network, of: some)
      sums.loss += loss.replace(&predictions, of: some)
      sums.dualPoint += predictions.map { -$0 }
      guard wantsGradient else { continue }
      for k in predictions.indices { pull[k % c] += predictions[k] }
      let slopes = predictions
      gradients = concurrentMap(subnetworks.count, threads: threads) { p, _ in
        added(p, some, x, heights: passes[p].heights, slopes: slopes)
      }
    }
    guard wantsGradient else { return sums }
    gradient.withUnsafeMutableBufferPointer { gradient in
      for p in gradients.indices {
        Scalar.widen(block, gradients[p], to: gradient.baseAddress! + p * block)
      }
      if problem.hasOffset { for k in 0..<c { gradient[penalized + k] = pull[k] } }
    }
    return sums
  }

  /// What a sub-network says of some samples.
  private struct Pass: Sendable {
    var heights: [Scalar]
    var predictions: [Double]
    var network: [Double]
    var crossing: Double
  }

  private func pass(_ p: Int, _ rows: [Int], _ x: [Scalar]) -> Pass {
    let (m, c, n) = (subnetworks.units, problem.outputs, rows.count)
    var pass = Pass(
      heights: Array(repeating: 0, count: n * columns), predictions: Array(repeating: 0, count: n * c),
      network: Array(repeating: 0, count: n * c), crossing: 0)
    Scalar.gemm(
      transposeA: false, transposeB: true, m: n, n: columns, k: problem.design.columns, alpha: 1, a: x,
      b: weights[p], beta: 0, c: &pass.heights)
    pass.heights.withUnsafeBufferPointer { heights in
      for (place, i) in rows.enumerated() {
        let isActive = second[i * subnetworks.count + p] == 1
        for block in 0..<(2 * c) {
          let row = place * columns + block * m
          let (own, network, crossing) = inputs(p, i, heights.baseAddress! + row)
          let (k, sign) = (place * c + block % c, block < c ? 1.0 : -1)
          if isActive { pass.predictions[k] += sign * own }
          pass.network[k] += sign * max(0, network)
          pass.crossing += crossing + max(0, isActive ? -own : own)
        }
      }
    }
    return pass
  }

  /// The second layer's input by the patterns and by ReLUs, and how far units are on the wrong side.
  @inline(__always)
  private func inputs(_ p: Int, _ i: Int, _ heights: UnsafePointer<Scalar>) -> (
    own: Double, network: Double, crossing: Double
  ) {
    let (m, unit) = (subnetworks.units, p * subnetworks.units)
    var (own, network, crossing): (Scalar, Scalar, Scalar) = (0, 0, 0)
    for j in 0..<m {
      let (height, sign) = (heights[j], signs[unit + j])
      let positive = height > 0 ? height : 0
      network += sign * positive
      if first[i * subnetworks.inner.count + unit + j] == 1 {
        own += sign * height
        crossing += positive - height
      } else {
        crossing += positive
      }
    }
    return (Double(own), Double(network), Double(crossing))
  }

  /// The gradient of a sub-network so far, and what some samples add to it.
  private func added(
    _ p: Int, _ rows: [Int], _ x: [Scalar], heights: [Scalar], slopes: [Double]
  ) -> [Scalar] {
    let (m, c, unit) = (subnetworks.units, problem.outputs, p * subnetworks.units)
    let rho = Scalar(conePenalty)
    var heights = heights
    heights.withUnsafeMutableBufferPointer { heights in
      for (place, i) in rows.enumerated() {
        let isActive = second[i * subnetworks.count + p] == 1
        for block in 0..<(2 * c) {
          let row = heights.baseAddress! + (place * columns + block * m)
          let own = inputs(p, i, row).own
          let slope = slopes[place * c + block % c]
          var worth: Scalar = isActive ? Scalar(block < c ? slope : -slope) : 0
          if isActive, own < 0 { worth -= rho }
          if !isActive, own > 0 { worth += rho }
          for j in 0..<m {
            let height = row[j]
            if first[i * subnetworks.inner.count + unit + j] == 1 {
              row[j] = signs[unit + j] * worth - (height < 0 ? rho : 0)
            } else {
              row[j] = height > 0 ? rho : 0
            }
          }
        }
      }
    }
    var gradient = gradients[p]
    Scalar.gemm(
      transposeA: true, transposeB: false, m: columns, n: problem.design.columns, k: rows.count, alpha: 1,
      a: heights, b: x, beta: 1, c: &gradient)
    return gradient
  }

  /// The predictions for other samples by the drawn patterns, whatever side weights are on.
  func gatedPredictions(_ values: [Double], _ design: Matrix) -> [Double] {
    let (m, c, d) = (subnetworks.units, problem.outputs, problem.design.columns)
    let (first, second) = subnetworks.patterns(over: design)
    let offsets = problem.hasOffset ? Array(values[penalized...]) : Array(repeating: 0, count: c)
    var predictions = Array(repeatElement(offsets, count: design.rows).joined())
    for p in 0..<subnetworks.count {
      let weights = Matrix(
        rows: columns, columns: d, elements: Array(values[(p * block)..<((p + 1) * block)]))
      let heights = design.timesTransposed(weights)
      for i in 0..<design.rows where second[i * subnetworks.count + p] == 1 {
        for block in 0..<(2 * c) {
          var own = 0.0
          for j in 0..<m where first[i * subnetworks.inner.count + p * m + j] == 1 {
            own += Double(signs[p * m + j]) * heights[i, block * m + j]
          }
          predictions[i * c + block % c] += block < c ? own : -own
        }
      }
    }
    return predictions
  }

  /// The ReLU network with these weights.
  func network(_ values: [Double]) -> ThreeLayerNetwork {
    let (m, c, d) = (subnetworks.units, problem.outputs, problem.design.columns)
    var (hidden, inner, output): ([Double], [Double], [Double]) = ([], [], [])
    for block in 0..<(subnetworks.count * 2 * c) {
      let units = (0..<m).map { values[((block * m + $0) * d)..<((block * m + $0 + 1) * d)] }
      let lengths = units.map { norm($0) }
      let root = lengths.reduce(0, +).squareRoot()
      guard root > 0 else { continue }
      let (p, kind) = (block / (2 * c), block % (2 * c))
      for j in 0..<m {
        let length = lengths[j].squareRoot()
        hidden += units[j].map { length > 0 ? $0 / length / root : 0 }
        inner.append(Double(signs[p * m + j]) * length)
      }
      output += (0..<c).map { $0 == kind % c ? (kind < c ? root : -root) : 0 }
    }
    return ThreeLayerNetwork(
      hidden: Matrix(rows: hidden.count / max(1, d), columns: d, elements: hidden), inner: inner,
      output: output, width: m, outputs: c, offsets: problem.hasOffset ? Array(values[penalized...]) : [])
  }
}

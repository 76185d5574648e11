import BidualLinear
import BidualObjectives

/// Passes over samples of one row and one output, in one number type.
///
/// Samples are taken in blocks whose heights fit a processor's cache; block i belongs to lane i mod
/// `threads`, and lanes are added up in order, so that a number of threads gives one result. Losses and
/// their slopes are computed and summed in double.
final class NetworkPass<Scalar: LayerScalar>: GradientPass {
  private let samples: PassSamples
  private let width: Int
  private let inputs: Int
  private let blockRows: Int
  private let lanes: [Lane]
  /// The design in the number type; doubles share its storage.
  private let design: [Scalar]
  private var kinks: LayerKinks<Scalar>?
  private var lossCurvature = 0.0

  /// Storage for networks of one width.
  init(_ samples: PassSamples, width: Int, threads: Int) {
    self.samples = samples
    self.width = width
    // One place of a filter need not see the whole image.
    design = Scalar.rounded(samples.rows.elements)
    inputs = samples.rows.columns
    blockRows = min(samples.count, max(16, 32_768 / max(1, width)))
    let blocks = (samples.count + blockRows - 1) / blockRows
    let (blockRows, inputs) = (blockRows, inputs)
    lanes = (0..<min(max(1, threads), blocks)).map { _ in
      Lane(rows: blockRows, width: width, inputs: inputs)
    }
  }

  func setRounding(_ rounding: RoundedKinks?) {
    kinks = rounding.map { LayerKinks($0) }
    lossCurvature = rounding?.lossCurvature ?? 0
  }

  func evaluate(
    _ weights: [Double], rows: UnsafePointer<Int>?, count: Int, predictions: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    let used = min(lanes.count, (count + blockRows - 1) / blockRows)
    let values = Scalar.rounded(weights)
    let offset = samples.hasOffset ? weights[weights.count - 1] : 0
    values.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let weights = values.baseAddress!
      nonisolated(unsafe) let rows = rows
      nonisolated(unsafe) let predictions = predictions
      nonisolated(unsafe) let this = self
      let wantsGradient = gradient != nil
      _ = concurrentMap(used, threads: used) { lane, _ in
        this.run(
          lane, of: used, weights, offset: offset, rows: rows, count: count, predictions: predictions,
          wantsGradient: wantsGradient)
      }
    }
    if let gradient {
      let penalized = width * (inputs + 1)
      Scalar.widen(penalized, lanes[0].gradient, to: gradient)
      for lane in lanes[..<used].dropFirst() { Scalar.accumulate(penalized, lane.gradient, to: gradient) }
      if samples.hasOffset { gradient[penalized] = lanes[..<used].reduce(0) { $0 + $1.offsetGradient } }
    }
    return lanes[..<used].reduce(0) { $0 + $1.loss }
  }

  /// The blocks of one lane.
  private func run(
    _ index: Int, of used: Int, _ hidden: UnsafePointer<Scalar>, offset: Double,
    rows: UnsafePointer<Int>?, count: Int, predictions: UnsafeMutablePointer<Double>?, wantsGradient: Bool
  ) {
    let lane = lanes[index]
    let output = hidden + width * inputs
    let outputGradient = lane.gradient + width * inputs
    lane.clear()
    design.withUnsafeBufferPointer { design in
      for first in stride(from: index * blockRows, to: count, by: used * blockRows) {
        let size = min(blockRows, count - first)
        var x = design.baseAddress! + (rows == nil ? first * inputs : 0)
        if let rows {
          for i in 0..<size {
            UnsafeMutableRawPointer(lane.gathered + i * inputs).copyMemory(
              from: design.baseAddress! + rows[first + i] * inputs,
              byteCount: inputs * MemoryLayout<Scalar>.stride)
          }
          x = UnsafePointer(lane.gathered)
        }
        Scalar.gemm(
          transposeA: false, transposeB: true, m: size, n: width, k: inputs, alpha: 1, a: x, b: hidden,
          beta: 0, c: lane.heights)
        Scalar.outputs(size, width, lane.heights, output, kinks: kinks, lane.outputs)
        Scalar.widen(size, lane.outputs, to: lane.slopes)
        for i in 0..<size { lane.slopes[i] += offset }
        if rows == nil, let predictions { (predictions + first).update(from: lane.slopes, count: size) }
        lane.loss += lossAndSlopes(samples.loss, lane.slopes, rows: rows, first: first, count: size)
        guard wantsGradient else { continue }
        for i in 0..<size { lane.offsetGradient += lane.slopes[i] }
        Scalar.round(size, lane.slopes, to: lane.outputs)
        Scalar.adjoint(size, width, lane.heights, output, kinks: kinks, lane.outputs, outputGradient)
        Scalar.gemm(
          transposeA: true, transposeB: false, m: width, n: inputs, k: size, alpha: 1, a: lane.heights, b: x,
          beta: 1, c: lane.gradient)
      }
    }
  }

  /// Sums the losses of a block and turns its predictions into derivatives.
  private func lossAndSlopes(
    _ loss: some Loss, _ slopes: UnsafeMutablePointer<Double>, rows: UnsafePointer<Int>?, first: Int,
    count: Int
  ) -> Double {
    var sum = 0.0
    samples.targets.withUnsafeBufferPointer { targets in
      samples.weights.withUnsafeBufferPointer { weights in
        for i in 0..<count {
          let row = rows?[first + i] ?? (first + i)
          let (value, slope) = loss.rounded(slopes[i], target: targets[row], curvature: lossCurvature)
          sum += weights[row] * value
          slopes[i] = weights[row] * slope
        }
      }
    }
    return sum
  }

  /// The storage of one thread.
  private final class Lane {
    let heights: UnsafeMutablePointer<Scalar>
    /// Predictions, then derivatives of the losses by them.
    let outputs: UnsafeMutablePointer<Scalar>
    let slopes: UnsafeMutablePointer<Double>
    let gathered: UnsafeMutablePointer<Scalar>
    let gradient: UnsafeMutablePointer<Scalar>
    var loss = 0.0
    var offsetGradient = 0.0
    private let gradientBytes: Int

    init(rows: Int, width: Int, inputs: Int) {
      heights = .allocate(capacity: rows * width)
      outputs = .allocate(capacity: rows)
      slopes = .allocate(capacity: rows)
      gathered = .allocate(capacity: rows * inputs)
      gradient = .allocate(capacity: width * (inputs + 1))
      gradientBytes = width * (inputs + 1) * MemoryLayout<Scalar>.stride
    }

    /// Sets loss and gradients to 0, whose bytes are.
    func clear() {
      (loss, offsetGradient) = (0, 0)
      UnsafeMutableRawPointer(gradient).initializeMemory(as: UInt8.self, repeating: 0, count: gradientBytes)
    }

    deinit {
      heights.deallocate()
      outputs.deallocate()
      slopes.deallocate()
      gathered.deallocate()
      gradient.deallocate()
    }
  }
}

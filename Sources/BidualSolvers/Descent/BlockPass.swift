import BidualLinear

/// A pass that takes samples in blocks, whose sums are added up in their order, so that every number of threads gives the
/// same result.
protocol BlockPass: GradientPass, AnyObject, SendableMetatype {
  /// Samples of a block.
  var blockRows: Int { get }
  var threads: Int { get }

  /// The loss of the rows and, if wanted, its gradient; of rows in a run from the first on, predictions are written down.
  ///
  /// - Parameter lane: the thread that asks, from 0 to `threads`.
  func block(
    _ rows: [Int], _ weights: [Double], lane: Int, predictions: UnsafeMutablePointer<Double>?,
    wantsGradient: Bool
  ) -> (loss: Double, gradient: [Double])
}

extension BlockPass {
  func evaluate(
    _ weights: [Double], rows: UnsafePointer<Int>?, count: Int, predictions: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    let blocks = (count + blockRows - 1) / blockRows
    nonisolated(unsafe) let rows = rows
    nonisolated(unsafe) let predictions = predictions
    nonisolated(unsafe) let this = self
    let wantsGradient = gradient != nil
    let sums = concurrentMap(blocks, threads: threads) { index, lane -> (loss: Double, gradient: [Double]) in
      let first = index * this.blockRows
      let size = min(this.blockRows, count - first)
      let places = (first..<(first + size)).map { rows?[$0] ?? $0 }
      return this.block(
        places, weights, lane: lane, predictions: rows == nil ? predictions : nil,
        wantsGradient: wantsGradient)
    }
    if let gradient {
      gradient.update(repeating: 0, count: weights.count)
      for sum in sums { BLAS.axpy(weights.count, 1, sum.gradient, gradient) }
    }
    return sums.reduce(0) { $0 + $1.loss }
  }
}

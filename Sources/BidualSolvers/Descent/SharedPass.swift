import BidualProcesses

/// A pass over samples that several processes hold in runs, here at rank 0, which keeps all of them.
///
/// Each process sums over those of its own, and sums are added in order of rank: every number of processes has its one result. Passes
/// that are over sooner than a message is through are rank 0's alone.
final class SharedPass: GradientPass {
  /// So many multiplications take longer than messages do.
  static let leastWork = 4_000_000

  private let own: any GradientPass
  private let samples: PassSamples
  private let work: Int
  private let group: any ProcessGroup
  private var rounding: RoundedKinks?

  /// Tells the others their samples; nil where passes are not worth it, or others don't know the loss.
  init?(_ own: any GradientPass, _ form: PassForm, _ samples: PassSamples, _ group: any ProcessGroup) {
    let work = form.work(over: samples)
    guard samples.count * work >= Self.leastWork, samples.count >= group.count, samples.isKnownAnywhere else {
      return nil
    }
    (self.own, self.samples, self.work, self.group) = (own, samples, work, group)
    var order = Message(.samples)
    order.append(number)
    order.append(form)
    _ = group.broadcast(order.bytes)
    _ = group.scatter(
      (0..<group.count).map { rank in
        var part = Message()
        // Rank 0 has them.
        if rank > 0 { samples.write(group.share(of: samples.count, at: rank), to: &part) }
        return part.bytes
      })
  }

  /// By which the others know the samples: no two passes that live have the same.
  private var number: UInt { UInt(bitPattern: ObjectIdentifier(self)) }

  deinit {
    var order = Message(.leaving)
    order.append(number)
    _ = group.broadcast(order.bytes)
  }

  func setRounding(_ rounding: RoundedKinks?) {
    self.rounding = rounding
    own.setRounding(rounding)
  }

  func evaluate(
    _ weights: [Double], rows: UnsafePointer<Int>?, count: Int, predictions: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    guard count * work >= Self.leastWork else {
      return own.evaluate(weights, rows: rows, count: count, predictions: predictions, gradient: gradient)
    }
    let chosen = rows.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
    var order = Message(.sums)
    order.append(number)
    order.append(
      SharedPasses.Task(wantsGradient: gradient != nil, areChosen: chosen != nil, isRounded: rounding != nil))
    order.append(weights)
    if let chosen { order.append(chosen) }
    rounding?.write(to: &order)
    _ = group.broadcast(order.bytes)
    let mine = group.share(of: samples.count, at: 0)
    let sums = group.total(
      own.sums(
        weights, over: mine, chosen: chosen, predictions: predictions, wantsGradient: gradient != nil))
    if chosen == nil {
      for (rank, bytes) in group.gather([]).enumerated().dropFirst() {
        var answer = Message(bytes)
        let part: [Double] = answer.list()
        let first = group.share(of: samples.count, at: rank).lowerBound * samples.outputs
        if let predictions { (predictions + first).update(from: part, count: part.count) }
      }
    }
    gradient?.update(from: Array(sums.dropFirst()), count: weights.count)
    return sums[0]
  }
}

extension GradientPass {
  /// The loss over a run of samples, or those of the chosen ones that are in it, and the gradient if wanted, after one another.
  ///
  /// - Parameter predictions: of the whole run, if none are chosen.
  func sums(
    _ weights: [Double], over run: Range<Int>, chosen: [Int]?, predictions: UnsafeMutablePointer<Double>?,
    wantsGradient: Bool
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: 1 + (wantsGradient ? weights.count : 0))
    let rows = chosen.map { $0.lazy.filter(run.contains).map { $0 - run.lowerBound } }.map(Array.init)
    let count = rows?.count ?? run.count
    guard count > 0 else { return sums }
    sums[0] = sums.withUnsafeMutableBufferPointer { sums in
      let gradient = wantsGradient ? sums.baseAddress.map { $0 + 1 } : nil
      guard let rows else {
        return evaluate(weights, rows: nil, count: count, predictions: predictions, gradient: gradient)
      }
      return rows.withUnsafeBufferPointer {
        evaluate(
          weights, rows: $0.baseAddress, count: count, predictions: predictions, gradient: gradient)
      }
    }
    return sums
  }
}

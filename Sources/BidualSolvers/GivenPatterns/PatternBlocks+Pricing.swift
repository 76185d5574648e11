import BidualLinear

/// The polar over the given patterns, and which blocks are at work.
extension PatternBlocks {
  /// How many blocks may join those at work at a time.
  private static let joining = 48

  /// κ(V) over the given patterns, rounded up: max ‖XᵀDV‖, or of its projections onto the cones.
  ///
  /// Where few blocks are at work, those found longest by far beyond β join them. Lengths well below β are of no
  /// interest there, and count as that. Cut short, it is a bound all the same: what was not projected counts
  /// with the bound known without. So does, as long as others join, what takes long.
  ///
  /// - Complexity: one adjoint product, and a projection for each block that its last one does not rule out.
  func polar(
    _ dualPoint: [Double], rowNorms: [Double], isCancelled: @Sendable () -> Bool = { false }
  ) -> (bound: Double, joined: Int) {
    let correlations = correlations(dualPoint)
    let gradients = (0..<count).map { gradient(correlations, $0) }
    var (largest, joined) = (0.0, 0)
    if cones == nil {
      largest = gradients.reduce(0) { max($0, norm($1)) }
    } else {
      var isOver = false
      repeat {
        let priced = price(gradients, isCancelled: isCancelled)
        largest = priced.bound
        joined = join(priced.lengths)
        // Nobody joins but perhaps one of those that take long.
        isOver = joined > 0 || !priced.isShort || isCancelled()
        if !isOver { effort *= 8 }
      } while !isOver
    }
    // Rounding of sums of n terms and of the projection.
    let size = zip(pooling.spread(dualPoint), rowNorms).reduce(0) { $0 + abs($1.0) * $1.1 }
    return (largest + Double(2 * design.rows + 32 * design.columns + 64) * 0x1p-53 * size, joined)
  }

  /// A bound of the lengths of all projections, the lengths of those that matter, and whether some were left before they were done.
  private func price(_ gradients: [[Double]], isCancelled: @Sendable () -> Bool) -> (
    bound: Double, lengths: [(block: Int, length: Double)], isShort: Bool
  ) {
    var largest = working == nil ? 0 : 0.95 * beta
    var lengths: [(block: Int, length: Double)] = []
    var isShort = false
    let bounds = (0..<count).map { (block: $0, value: quickBound(gradients[$0], $0)) }
      .sorted { ($1.value, $0.block) < ($0.value, $1.block) }
    var next = 0
    // To be compared, lengths must not all be cut short.
    var cut: Double { working == nil ? largest : max(0.95 * beta, 0.5 * largest) }
    while next < bounds.count, bounds[next].value > cut {
      // They stand in falling order. Where so many are to join, a bound can wait.
      if isCancelled() || joinable(lengths).count >= Self.joining {
        largest = max(largest, bounds[next].value)
        break
      }
      let batch = bounds[next...].prefix(32)
      let (cut, arguments) = (cut, batch.map { (block: $0.block, g: gradients[$0.block]) })
      let (found, unfinished) = project(arguments, cut: cut, effort: effort, isCancelled: isCancelled)
      for projection in found where projection.length > cut {
        lengths.append((projection.block, projection.length))
        if projection.length > longest.map({ norm($0.point) }) ?? 0 {
          longest = (projection.block, projection.point)
        }
      }
      if let unfinished {
        isShort = true
        largest = max(largest, unfinished)
      }
      largest = found.reduce(largest) { max($0, $1.length) }
      next += batch.count
    }
    return (largest, lengths, isShort)
  }

  /// Those of some blocks that would join those at work.
  private func joinable(_ lengths: [(block: Int, length: Double)]) -> [(block: Int, length: Double)] {
    working.map { working in lengths.filter { !working[$0.block] && $0.length > beta } } ?? []
  }

  /// Sets the longest blocks of those idle to work, and says how many.
  private func join(_ lengths: [(block: Int, length: Double)]) -> Int {
    let longest = joinable(lengths).sorted { ($1.length, $0.block) < ($0.length, $1.block) }
      .prefix(Self.joining)
    for block in longest { working![block.block] = true }
    return longest.count
  }
}

import BidualArrangements
import BidualLinear
import BidualPolars
import RealModule

/// The blocks of the program over given patterns: their proximal steps and their polar.
///
/// Gated, a block is a pattern. With cones there are two blocks a pattern, of either sign: block b has pattern
/// b mod P and, from P on, the sign −1.
final class PatternBlocks {
  /// A block whose proximal step is not zero.
  struct Active {
    /// The block.
    let block: Int
    /// The projection p of v + σ·sign·XᵀDV onto the cone; without cones that point itself.
    let point: [Double]
    /// ‖p‖ > σβ.
    let length: Double
    /// The face of the cone on which p lies; nil without cones.
    let face: (any ConeSpan)?
  }

  let masked: MaskedDesign<Double>
  /// The rows that neurons see.
  let design: Matrix
  /// How samples come from them.
  let pooling: RowPooling
  let beta: Double
  let count: Int
  /// The patterns' products with pooled rows; nil for samples of one row, and where they are too many.
  private let pooled: PooledPatterns?
  var cones: PatternCones?
  private let threads: Int
  /// Whether a block may be other than zero; nil where all may.
  var working: [Bool]?
  /// Steps that a projection for the pricing may take as long as others join.
  var effort: Int
  /// The longest of the blocks' vectors that `polar` has met.
  var longest: (block: Int, point: [Double])?
  /// For each block what the last projection added to its argument; empty where there was none.
  var pushes: [[Double]]
  /// The rows of which those are made, with their multipliers, in units of the unit rows.
  var pushRows: [[(row: Int, multiplier: Double)]]

  init(
    _ design: Matrix, pooling: RowPooling = .none, patterns: PatternSet, hasCones: Bool, beta: Double,
    threads: Int
  ) {
    masked = MaskedDesign(design, patterns: patterns, threads: threads)
    pooled = PooledPatterns(design, pooling: pooling, patterns: patterns)
    self.design = design
    self.pooling = pooling
    self.beta = beta
    self.threads = threads
    count = hasCones ? 2 * patterns.count : patterns.count
    cones = hasCones ? PatternCones(design, patterns: patterns, blocks: count) : nil
    pushes = Array(repeating: [], count: hasCones ? count : 0)
    pushRows = Array(repeating: [], count: hasCones ? count : 0)
    let isWide = hasCones && design.columns > PatternCones.narrowRank
    effort = isWide ? 200 : .max
    if isWide {
      working = Array(repeating: false, count: count)
    }
  }

  /// The right singular vectors of the design as rows, the longest image first.
  lazy var principalDirections: Matrix = {
    let square = design.transposedTimes(design)
    return SingularValues(of: square)?.rightTransposed ?? .identity(design.columns)
  }()

  func pattern(_ block: Int) -> Int { block % masked.patterns.count }
  func sign(_ block: Int) -> Double { block < masked.patterns.count ? 1 : -1 }

  /// XᵀDSᵀV of all patterns, one after another.
  func correlations(_ dualPoint: [Double]) -> [Double] {
    pooled?.adjoint(dualPoint) ?? masked.adjoint(pooling.spread(dualPoint))
  }

  func gradient(_ correlations: [Double], _ block: Int) -> [Double] {
    let r = design.columns
    let sign = sign(block)
    return correlations[(pattern(block) * r)..<((pattern(block) + 1) * r)].map { sign * $0 }
  }

  /// A bound of the projection's length by the last push, cheap enough to try on every block.
  func quickBound(_ g: [Double], _ block: Int) -> Double {
    let length = norm(g)
    let share = share(of: block, for: g)
    guard share > 0 else { return length }
    let push = share * norm(pushes[block])
    return max(0, (length - push) * (length + push)).squareRoot() + 1e-14 * length
  }

  /// How much of a block's last push brings g nearest to the cone.
  private func share(of block: Int, for g: [Double]) -> Double {
    guard cones != nil, !pushes[block].isEmpty else { return 0 }
    let square = dot(pushes[block], pushes[block])
    return square > 0 ? max(0, -dot(g, pushes[block]) / square) : 0
  }

  /// Multipliers that show again what `polar` found at the same dual point, for the blocks whose vectors are longer
  /// than `polar`.
  func multipliers(_ dualPoint: [Double], polar: Double) -> [ConeMultipliers] {
    guard cones != nil else { return [] }
    let correlations = correlations(dualPoint)
    let lengths = design.rowNorms
    return (0..<count).compactMap { block in
      let g = gradient(correlations, block)
      let share = share(of: block, for: g)
      guard norm(g) > polar, share > 0 else { return nil }
      let entries = pushRows[block].filter { $0.multiplier > 0 }
      return ConeMultipliers(
        pattern: pattern(block), isNegative: sign(block) < 0, rows: entries.map(\.row),
        values: entries.map { share * $0.multiplier / lengths[$0.row] })
    }
  }

  /// The points and lengths of the projections of the given arguments and, where longer than `cut`, their faces;
  /// and of those that ended before they were done the largest bound of their lengths.
  ///
  /// - Parameter effort: steps that each may take.
  func project(
    _ arguments: [(block: Int, g: [Double])], cut: Double, effort: Int = .max,
    isCancelled: @Sendable () -> Bool
  ) -> (found: [Active], unfinished: Double?) {
    var found: [Active] = []
    var unfinished: Double?
    // A few at a time: what they carry is large.
    for start in stride(from: 0, to: arguments.count, by: 64) {
      let batch = arguments[start..<min(arguments.count, start + 64)]
      let cones = cones!
      let projections = concurrentMap(batch.count, threads: threads) { k, _ in
        var (steps, isDone) = (0, true)
        let projection = cones.project(batch[start + k].g, block: batch[start + k].block, cut: cut) {
          steps += 1
          if steps > effort || isCancelled() { isDone = false }
          return !isDone
        }
        return (projection, isDone: isDone)
      }
      for (argument, (projection, isDone)) in zip(batch, projections) {
        self.cones!.remember(projection, block: argument.block)
        pushes[argument.block] = projection.push
        pushRows[argument.block] = zip(projection.face.rows, projection.multipliers).map { ($0, $1) }
        if isDone {
          found.append(
            Active(
              block: argument.block, point: projection.point, length: projection.length,
              face: projection.length > cut ? projection.face : nil))
        } else {
          unfinished = max(unfinished ?? 0, projection.length)
        }
      }
    }
    return (found, unfinished)
  }

  /// The blocks that the proximal step from the centre v leaves at other than zero,
  /// prox of σβ‖·‖ over the cones at v + σ·sign·XᵀDV; nil where the work was cut short.
  func active(
    _ dualPoint: [Double], centre: [[Double]], sigma: Double, isCancelled: @Sendable () -> Bool
  ) -> [Active]? {
    let correlations = correlations(dualPoint)
    var arguments: [(block: Int, g: [Double])] = []
    for block in 0..<count where working?[block] ?? true {
      let g = gradient(correlations, block)
      if centre[block].isEmpty {
        if quickBound(g, block) > beta { arguments.append((block, g.map { sigma * $0 })) }
      } else {
        arguments.append((block, zip(centre[block], g).map { $0 + sigma * $1 }))
      }
    }
    let cut = sigma * beta
    guard cones != nil else {
      return arguments.map { Active(block: $0.block, point: $0.g, length: norm($0.g), face: nil) }
        .filter { $0.length > cut }
    }
    let (found, unfinished) = project(arguments, cut: cut, isCancelled: isCancelled)
    return unfinished == nil ? found.filter { $0.length > cut } : nil
  }

  /// A block with a vector of its cone along which the loss falls: the longest that the pricing has met, or that of the longest gradient;
  /// nil without blocks, and where it was cut short.
  ///
  /// - Complexity: one adjoint product, and one projection.
  func strongest(_ dualPoint: [Double], isCancelled: () -> Bool) -> (block: Int, point: [Double])? {
    if let longest { return longest }
    let correlations = correlations(dualPoint)
    let gradients = (0..<count).map { gradient(correlations, $0) }
    guard let block = gradients.indices.max(by: { norm(gradients[$0]) < norm(gradients[$1]) }) else {
      return nil
    }
    let point =
      cones?.project(gradients[block], block: block, cut: 0, isCancelled: isCancelled).point
      ?? gradients[block]
    return isCancelled() ? nil : (block, point)
  }

  /// Σ sign·DXw over active blocks.
  func predictions(_ steps: [(block: Int, vector: [Double])]) -> [Double] {
    let signed = steps.map { step in
      (pattern: pattern(step.block), vector: step.vector.map { sign(step.block) * $0 })
    }
    return pooled?.forward(signed)
      ?? pooling.pooled(masked.selecting(signed.map(\.pattern)).forward(signed.flatMap(\.vector)))
  }

  /// What a pattern lets through of the products of the design's rows with directions, pooled, a row a direction: k×n for directions of k×r.
  func entries(along directions: Matrix, pattern: Int) -> Matrix {
    if let pooled { return directions.timesTransposed(pooled.rows(of: pattern)) }
    let entries = entries(
      of: directions.timesTransposed(design).elements, count: directions.rows, pattern: pattern)
    return Matrix(
      rows: directions.rows, columns: design.rows / pooling.rows, elements: entries)
  }

  /// What a pattern lets through of heights of the design's rows, pooled: `count` vectors' heights one after another.
  func entries(of heights: [Double], count: Int, pattern: Int) -> [Double] {
    let rows = design.rows
    let mask = (0..<rows).map { masked.patterns.isActive(pattern: pattern, sample: $0) ? 1.0 : 0 }
    var entries: [Double] = []
    entries.reserveCapacity(heights.count / pooling.rows)
    var open = [Double](repeating: 0, count: rows)
    for first in stride(from: 0, to: count * rows, by: rows) {
      for i in 0..<rows { open[i] = mask[i] * heights[first + i] }
      entries += pooling.pooled(open)
    }
    return entries
  }

  /// About ‖DX‖² of a pattern; half the rows are taken to be active.
  ///
  /// Pooled, it is the geometric mean of ‖SDX‖² over principal directions: sums of rows on one side of a hyperplane are longer by orders of size in
  /// the direction of their mean, and steps made for that one leave all others where they are.
  var squaredStretch: Double {
    guard pooling.rows == 1 else { return pooledStretch }
    var size = 0.0
    var direction = Array(repeating: 1.0, count: design.columns).normalized
    for _ in 0..<20 {
      let next = design.transposedTimes(design.times(direction))
      size = norm(next)
      direction = next.normalized
    }
    return 0.5 * size
  }

  /// The mean for some of the patterns; directions that vanish are left out.
  private var pooledStretch: Double {
    let (r, count) = (design.columns, masked.patterns.count)
    var logarithms: [Double] = []
    for k in 0..<min(8, count) {
      let sums = entries(along: .identity(r), pattern: k * count / min(8, count))
      let values = SingularValues(of: sums)?.values ?? []
      let largest = values.max() ?? 0
      logarithms += values.filter { $0 > 1e-8 * largest }.map { 2 * Double.log($0) }
    }
    guard !logarithms.isEmpty else { return dot(design.elements, design.elements) }
    return Double.exp(logarithms.reduce(0, +) / Double(logarithms.count))
  }
}

import CBidualKernels

/// Rows as `bidual_moment_sums` reads them.
private struct RowBlock {
  let start: UnsafePointer<Double>
  let stride: Int
  let convex: Int
  let concave: Int

  init(_ rows: RowCounts, _ start: UnsafePointer<Double>) {
    self.start = start
    stride = rows.all
    convex = rows.convex
    concave = rows.concave
  }
}

/// The quadratics above an objective minus τ‖u‖ on boxes, and the dual problems of their maxima.
///
/// A box stands for itself and its mirror image: both have the same even part, and opposite odd parts.
final class MomentRelaxation: BoxRelaxation {
  let duals: BoxDuals
  let rank: Int
  var rowSize: Int { rank + 1 }
  /// The sum of the folded rows is kept.
  var linearSize: Int { rank }
  private let axes: Int
  private var indices = Buffer<Int32>()
  private var scratch = Buffer<Double>()
  /// The numbers of `bidual_moment_sums`.
  private let sums: UnsafeMutablePointer<Double>
  private let odd: UnsafeMutablePointer<Double>

  /// Room for `problems` dual problems at once, a multiple of eight.
  init(rank: Int, problems: Int = 4 * BoxTask.width) {
    self.rank = rank
    axes = rank - 1
    duals = BoxDuals(axes: axes, capacity: problems)
    sums = .allocate(capacity: 3 + 2 * axes + axes * axes)
    odd = .allocate(capacity: rank)
  }

  static var order: FarmOrder { .moments }

  convenience init(for objective: MomentObjective) { self.init(rank: objective.odd.count) }

  deinit {
    sums.deallocate()
    odd.deallocate()
  }

  private var slopes: UnsafeMutablePointer<Double> { sums + 3 }
  private var hessian: UnsafeMutablePointer<Double> { sums + 3 + 2 * axes }

  /// The share of an axis in what the concave rows of the box posed last lose.
  func share(_ axis: Int) -> Double { sums[3 + axes + axis] }

  func fold(
    _ rows: RowCounts, _ block: UnsafePointer<Double>, _ place: BoxPlace,
    linear: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>
  ) -> RowCounts {
    indices.reserve(rows.all + 8)
    var convex = 0
    let kept = bidual_moment_fold(
      rank, place.face, rows.convex, rows.concave, block, rows.all, place.center, place.half,
      indices.start, linear, &convex)
    bidual_moment_gather(rank, block, rows.all, kept, convex, indices.start, target)
    return RowCounts(convex: (convex + 7) / 8 * 8, concave: (kept - convex + 7) / 8 * 8)
  }

  /// Poses the problems of a box and its mirror image as far as their keys exceed the threshold.
  func pose(
    _ rows: RowCounts, _ block: UnsafeMutablePointer<Double>, _ place: BoxPlace,
    linear: UnsafePointer<Double>, _ sphere: SphereChord, _ objective: MomentObjective,
    keys: SIMD2<Double>, threshold: Double
  ) -> PosedBox {
    let even = sum(RowBlock(rows, block), place, linear: linear)
    let odds = oddPart(place, objective)
    addChord(sphere, place, threshold: threshold)
    var posed = PosedBox(keys: keys, level: threshold, isMirrored: odds < 0, mixed: even.mixed)
    for mirror in 0..<2 where keys[mirror] > threshold {
      posed.problems[mirror] = add(even.constant - threshold * sphere.constant, odds, mirror: mirror)
      posed.nodes += 1
    }
    posed.value = (even.value + abs(odds)) / (1 + sphere.square).squareRoot()
    return posed
  }

  /// The problem of the image with the larger bound.
  func leading(_ posed: PosedBox, keys: SIMD2<Double>) -> Int { keys[0] >= keys[1] ? 0 : 1 }

  /// The even part's quadratic in `sums`, of a block's rows and of a linear part beside them.
  private func sum(
    _ rows: RowBlock, _ place: BoxPlace, linear: UnsafePointer<Double>
  ) -> (constant: Double, value: Double, mixed: Int) {
    scratch.reserve(rows.convex + rows.concave * (axes + 3) + 8 * rank + 3)
    bidual_moment_sums(
      rank, place.face, rows.convex, rows.concave, rows.start, rows.stride, place.center, place.half,
      scratch.start, sums)
    var value = linear[place.face]
    for j in 0..<axes {
      let slope = linear[coordinate(j, place)]
      value += slope * place.center[j]
      slopes[j] += slope * place.half[j]
    }
    return (sums[0] + value, sums[1] + value, Int(sums[2]))
  }

  /// The odd part's slopes in `odd`; returns its value at the centre.
  private func oddPart(_ place: BoxPlace, _ objective: MomentObjective) -> Double {
    let sign: Double = place.side == 0 ? 1 : -1
    var value = sign * objective.odd[place.face]
    for j in 0..<axes {
      let slope = sign * objective.odd[coordinate(j, place)]
      value += slope * place.center[j]
      odd[j] = slope * place.half[j]
    }
    return value
  }

  /// Adds the slopes and the Hessian of the chord below −τ√(1 + ρ) to the quadratic in `sums`.
  private func addChord(_ sphere: SphereChord, _ place: BoxPlace, threshold: Double) {
    let rise = 2 * threshold * sphere.rise
    for j in 0..<axes {
      slopes[j] -= rise * place.center[j] * place.half[j]
      hessian[j * axes + j] -= rise * place.half[j] * place.half[j]
    }
  }

  private func add(_ constant: Double, _ odds: Double, mirror: Int) -> Int {
    let sign: Double = mirror == 0 ? 1 : -1
    return duals.add(
      constant: constant + sign * odds, even: slopes, odd: odd, sign: sign, hessian: hessian)
  }

  /// The coordinate of an axis.
  private func coordinate(_ axis: Int, _ place: BoxPlace) -> Int { axis < place.face ? axis : axis + 1 }
}

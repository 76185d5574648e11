import CBidualKernels

/// Where a box lies: its centre and half-lengths along the axes, the coordinate that is 1, the objective's index.
struct BoxPlace {
  let center: UnsafePointer<Double>
  let half: UnsafePointer<Double>
  let face: Int
  let side: Int
}

/// Rows as `bidual_moment_sums` reads them.
struct RowBlock {
  let start: UnsafePointer<Double>
  let stride: Int
  let convex: Int
  let concave: Int
}

/// The quadratics above an objective minus τ‖u‖ on boxes, and the dual problems of their maxima.
///
/// A box stands for itself and its mirror image: both have the same even part, and opposite odd parts.
final class BoxRelaxation {
  let duals: BoxDuals
  private let rank: Int
  private let axes: Int
  private var indices = Buffer<Int32>()
  private var scratch = Buffer<Double>()
  /// The numbers of `bidual_moment_sums`.
  private let sums: UnsafeMutablePointer<Double>
  private let odd: UnsafeMutablePointer<Double>

  /// Room for `problems` dual problems at once, a multiple of eight.
  init(rank: Int, problems: Int) {
    self.rank = rank
    axes = rank - 1
    duals = BoxDuals(axes: axes, capacity: problems)
    sums = .allocate(capacity: 3 + 2 * axes + axes * axes)
    odd = .allocate(capacity: rank)
  }

  deinit {
    sums.deallocate()
    odd.deallocate()
  }

  private var slopes: UnsafeMutablePointer<Double> { sums + 3 }
  private var hessian: UnsafeMutablePointer<Double> { sums + 3 + 2 * axes }

  /// The share of an axis in what the concave rows of the box posed last lose.
  func concaveShare(_ axis: Int) -> Double { sums[3 + axes + axis] }

  /// Packs the rows that change sign on a box at `target`, and adds the others, linear there, to `linear`.
  func fold(
    _ rows: RowBlock, _ place: BoxPlace, linear: UnsafeMutablePointer<Double>,
    to target: UnsafeMutablePointer<Double>
  ) -> (convex: Int, concave: Int) {
    indices.reserve(rows.convex + rows.concave + 8)
    var convex = 0
    let kept = bidual_moment_fold(
      rank, place.face, rows.convex, rows.concave, rows.start, rows.stride, place.center, place.half,
      indices.start, linear, &convex)
    bidual_moment_gather(rank, rows.start, rows.stride, kept, convex, indices.start, target)
    return ((convex + 7) / 8 * 8, (kept - convex + 7) / 8 * 8)
  }

  /// Poses the problems of a box and its mirror image as far as their keys exceed the threshold τ.
  ///
  /// Returns their indices or −1, the objective at the better of the two centres and which that is, and how many rows
  /// change sign.
  func pose(
    _ rows: RowBlock, _ place: BoxPlace, linear: UnsafePointer<Double>, _ sphere: SphereChord,
    _ objective: MomentObjective, keys: SIMD2<Double>, threshold: Double
  ) -> (problems: SIMD2<Int>, value: Double, isMirrored: Bool, mixed: Int) {
    let even = sum(rows, place, linear: linear)
    let odds = oddPart(place, objective)
    addChord(sphere, place, threshold: threshold)
    var problems = SIMD2(-1, -1)
    for mirror in 0..<2 where keys[mirror] > threshold {
      problems[mirror] = add(even.constant - threshold * sphere.constant, odds, mirror: mirror)
    }
    let value = (even.value + abs(odds)) / (1 + sphere.square).squareRoot()
    return (problems, value, odds < 0, even.mixed)
  }

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

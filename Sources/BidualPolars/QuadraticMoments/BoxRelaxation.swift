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
  /// Lines are tried below at most so many concave rows: more of them leave no hope.
  private static let mostLines = 500
  /// Rounds of coordinate descent that choose the lines.
  private static let sweeps = 6

  let duals: BoxDuals
  private let rank: Int
  private let axes: Int
  private var indices = Buffer<Int32>()
  private var scratch = Buffer<Double>()
  private var packed = Buffer<Double>()
  /// The numbers of `bidual_moment_sums`.
  private let sums: UnsafeMutablePointer<Double>
  private let odd: UnsafeMutablePointer<Double>
  private let folded: UnsafeMutablePointer<Double>
  private let lines: UnsafeMutablePointer<Double>
  private let target: UnsafeMutablePointer<Double>

  /// Room for `problems` dual problems at once, a multiple of eight.
  init(rank: Int, problems: Int) {
    self.rank = rank
    axes = rank - 1
    duals = BoxDuals(axes: axes, capacity: problems)
    sums = .allocate(capacity: 3 + 2 * axes + axes * axes)
    odd = .allocate(capacity: 4 * rank)
    folded = odd + rank
    lines = folded + rank
    target = lines + rank
  }

  deinit {
    indices.deallocate()
    scratch.deallocate()
    packed.deallocate()
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
    let kept = listMixed(rows, place, linear: linear)
    return pack(rows, kept, to: target)
  }

  private func listMixed(
    _ rows: RowBlock, _ place: BoxPlace, linear: UnsafeMutablePointer<Double>
  ) -> (all: Int, convex: Int) {
    indices.reserve(rows.convex + rows.concave + 8)
    var convex = 0
    let all = bidual_moment_fold(
      rank, place.face, rows.convex, rows.concave, rows.start, rows.stride, place.center, place.half,
      indices.start, linear, &convex)
    return (all, convex)
  }

  private func pack(
    _ rows: RowBlock, _ kept: (all: Int, convex: Int), to target: UnsafeMutablePointer<Double>
  ) -> (convex: Int, concave: Int) {
    bidual_moment_gather(rank, rows.start, rows.stride, kept.all, kept.convex, indices.start, target)
    return ((kept.convex + 7) / 8 * 8, (kept.all - kept.convex + 7) / 8 * 8)
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

  /// Poses the same problems with lines below the concave rows; −1 where these are too many.
  ///
  /// The lines are chosen to make the gradient short. Around a maximiser on concave kinks, where the neurons of an
  /// optimal network lie, they are the rows' true multipliers, and boxes there are done for as soon as hardly a
  /// convex row changes sign on them.
  func poseLines(
    _ rows: RowBlock, _ place: BoxPlace, linear: UnsafePointer<Double>, _ sphere: SphereChord,
    _ objective: MomentObjective, keys: SIMD2<Double>, threshold: Double
  ) -> SIMD2<Int> {
    var problems = SIMD2(-1, -1)
    folded.update(from: linear, count: rank)
    let kept = listMixed(rows, place, linear: folded)
    guard 1...Self.mostLines ~= kept.all - kept.convex else { return problems }
    packed.reserve((kept.all + 16) * (rank + 1))
    let counts = pack(rows, kept, to: packed.start)
    let stride = counts.convex + counts.concave
    let convex = RowBlock(start: packed.start, stride: stride, convex: counts.convex, concave: 0)
    for mirror in 0..<2 where keys[mirror] > threshold {
      aim(convex, place, objective, mirror: mirror)
      lines.update(from: folded, count: rank)
      scratch.reserve(counts.concave * (rank + 2))
      bidual_moment_lines(
        rank, counts.concave, packed.start + counts.convex, stride, Self.sweeps, scratch.start, lines, target)
      let even = sum(convex, place, linear: lines)
      let odds = oddPart(place, objective)
      addChord(sphere, place, threshold: threshold)
      problems[mirror] = add(even.constant - threshold * sphere.constant, odds, mirror: mirror)
    }
    return problems
  }

  /// The gradient at the centre of all but the concave rows; its part along the face follows from the value there.
  private func aim(_ convex: RowBlock, _ place: BoxPlace, _ objective: MomentObjective, mirror: Int) {
    let smooth = sum(convex, place, linear: folded)
    let sign = sign(place, mirror: mirror)
    target[place.face] = smooth.constant + sign * objective.odd[place.face]
    for j in 0..<axes {
      let a = coordinate(j, place)
      let slope = slopes[j] / place.half[j]
      target[a] = slope + sign * objective.odd[a]
      target[place.face] -= slope * place.center[j]
    }
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
    let sign = sign(place, mirror: 0)
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

  /// The sign of the odd part on a box or its mirror image.
  private func sign(_ place: BoxPlace, mirror: Int) -> Double {
    (place.side == 0 ? 1 : -1) * (mirror == 0 ? 1 : -1)
  }

  /// The coordinate of an axis.
  private func coordinate(_ axis: Int, _ place: BoxPlace) -> Int { axis < place.face ? axis : axis + 1 }
}

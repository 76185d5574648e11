import CBidualKernels

/// Quadratics above ‖h‖ − τ‖w‖ on boxes and the dual problems of their maxima; Guides/certificate.md derives them.
///
/// Each |t| is replaced by the curve closest to it on the box, and the box is looked at along the unit vector g that the sum has
/// at the centre. Across g, h is nearly linear and small there: its square joins the quadratic moments above gᵀh, so that what
/// gᵀh loses away from the centre pays for what the rest gains.
final class VectorRelaxation: BoxRelaxation {
  /// Rows are replaced by parabolas from this many on: their squares cancel, but fewer add more than they take away. Where
  /// there is nothing across g lines will do.
  private static let fewest = 16

  let duals: BoxDuals
  let rank: Int
  var rowSize: Int { rank + 1 + outputs }
  /// The linear part is c×r.
  var linearSize: Int { outputs * rank }
  private let axes: Int
  private let outputs: Int
  private var indices = Buffer<Int32>()
  private var lines = Buffer<Double>()
  private var packed = Buffer<Double>()
  private var scratch = Buffer<Double>()
  /// The numbers of `bidual_vector_lines`, of `bidual_vector_split` and of `bidual_moment_sums`.
  private let lineSums: UnsafeMutablePointer<Double>
  private let splitSums: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  /// g.
  private let direction: UnsafeMutablePointer<Double>
  /// The folded rows at the centre.
  private let folded: UnsafeMutablePointer<Double>
  private let zeros: UnsafeMutablePointer<Double>
  /// The cost of each unit of what is lost across g.
  private var lossRate = 0.0

  /// Room for `problems` dual problems at once, a multiple of eight.
  init(rank: Int, outputs: Int, problems: Int = 4 * BoxTask.width) {
    self.rank = rank
    self.outputs = outputs
    axes = rank - 1
    duals = BoxDuals(axes: axes, capacity: problems)
    lineSums = .allocate(capacity: outputs * (2 + axes + axes * axes))
    splitSums = .allocate(capacity: 2 + outputs + 2 * axes)
    sums = .allocate(capacity: 3 + 2 * axes + axes * axes)
    direction = .allocate(capacity: outputs)
    folded = .allocate(capacity: outputs)
    zeros = .allocate(capacity: rank)
    zeros.initialize(repeating: 0, count: rank)
  }

  static var order: FarmOrder { .vectors }

  convenience init(for objective: VectorObjective) {
    self.init(rank: objective.rank, outputs: objective.outputs)
  }

  deinit {
    for memory in [lineSums, splitSums, sums, direction, folded, zeros] { memory.deallocate() }
  }

  private var values: UnsafeMutablePointer<Double> { lineSums }
  private var middles: UnsafeMutablePointer<Double> { lineSums + outputs }
  /// The slopes of the curves, c×d; those across g once they are split.
  private var lineSlopes: UnsafeMutablePointer<Double> { lineSums + 2 * outputs }
  /// The squares of the curves, c×d×d, of which the lower triangles are meant; those across g once they are split.
  private var squares: UnsafeMutablePointer<Double> { lineSums + outputs * (2 + axes) }
  private var lost: UnsafeMutablePointer<Double> { splitSums + 2 }
  private var lostShares: UnsafeMutablePointer<Double> { splitSums + 2 + outputs + axes }
  private var slopes: UnsafeMutablePointer<Double> { sums + 3 }
  private var hessian: UnsafeMutablePointer<Double> { sums + 3 + 2 * axes }

  /// The share of an axis in what the rows of the box posed last lose.
  func share(_ axis: Int) -> Double {
    sums[3 + axes + axis] + lossRate * lostShares[axis]
  }

  func fold(
    _ rows: RowCounts, _ block: UnsafePointer<Double>, _ place: BoxPlace,
    linear: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>
  ) -> RowCounts {
    indices.reserve(rows.all + 8)
    lines.reserve(rows.all)
    let kept = bidual_vector_fold(
      rank, place.face, outputs, rows.all, block, place.center, place.half, lines.start, indices.start,
      linear)
    bidual_moment_gather(rank + outputs, block, rows.all, kept, 0, indices.start, target)
    return RowCounts(convex: (kept + 7) / 8 * 8)
  }

  /// Poses the problems of a box along g and −g, unless it is bounded by `threshold` without them. The mirror image is a box
  /// of its own, on the other side.
  ///
  /// - Complexity: O(rows·cr²).
  func pose(
    _ counts: RowCounts, _ block: UnsafeMutablePointer<Double>, _ place: BoxPlace,
    linear: UnsafePointer<Double>, _ sphere: SphereChord, _ objective: VectorObjective,
    keys: SIMD2<Double>, threshold: Double
  ) -> PosedBox {
    let rows = counts.all
    lines.reserve(7 * rows)
    indices.reserve(rows + 8)
    bidual_vector_lines(
      rank, place.face, outputs, rows, outputs > 1 && rows >= Self.fewest ? 1 : 0, block, place.center,
      place.half, lines.start, lineSums)
    addLinear(linear, place)
    var posed = PosedBox(isMirrored: place.side == 1, nodes: 1)
    posed.value = length(values) / (1 + sphere.square).squareRoot()
    let size = chooseDirection()
    let reachOfCurves = splitCurves()
    let first = split(rows, block, place)
    posed.mixed = first.kept
    addSquares()

    let reach = reachOfCurves + splitSums[1]
    let across = acrossBounds()
    let highest = size + reach
    // A bound of ‖h‖/‖w‖ on the box by absolute values.
    let crude = (highest * highest + across.total * across.total).squareRoot() / sphere.nearest
    posed.keys[0] = min(keys.max(), crude)
    posed.level = max(threshold, across.total / sphere.nearest, 0x1p-40 * objective.size)
    guard crude > threshold else { return posed }

    let floor = posed.level * sphere.nearest
    // Not above √(1 − θ²), whose rounding would be large where it is small.
    let sine = across.total / floor
    let cosine = max(0, 1 - sine * sine - 0x1p-49).squareRoot()
    // ‖h‖ > T means |gᵀh| > T − rate·(square across g).
    let rate = 1 / (floor * (1 + cosine))
    lossRate = rate * (across.linear + across.lost)
    let square = Square(
      constant: lossRate * across.lost,
      factor: across.linear > 0 ? 2 * lossRate / across.linear : 0)
    posed.problems[0] = add(first, rows, block, place, linear, sphere, level: posed.level, square)
    if size - reach < -floor * cosine {
      for k in 0..<outputs { direction[k] = -direction[k] }
      let second = split(rows, block, place)
      posed.keys[1] = posed.keys[0]
      posed.problems[1] = add(second, rows, block, place, linear, sphere, level: posed.level, square)
    }
    return posed
  }

  /// The problem with the larger bound.
  func leading(_ posed: PosedBox, keys: SIMD2<Double>) -> Int {
    let (along, against) = (posed.problems[0], posed.problems[1])
    return against >= 0 && duals.bound(against) > duals.bound(along) ? 1 : 0
  }

  /// What the square across g adds to a problem: a constant, and a multiple of MᵀM with the slopes M across g.
  private struct Square {
    let constant: Double
    let factor: Double
  }

  /// Rows that change sign, split by the sign of their weights.
  private struct Split {
    let kept: Int
    let convex: Int
  }

  private func length(_ vector: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for k in 0..<outputs { sum += vector[k] * vector[k] }
    return sum.squareRoot()
  }

  /// Adds the linear part to the curves.
  private func addLinear(_ linear: UnsafePointer<Double>, _ place: BoxPlace) {
    for k in 0..<outputs {
      let row = linear + k * rank
      var value = row[place.face]
      for j in 0..<axes {
        let slope = row[coordinate(j, place)]
        value += slope * place.center[j]
        lineSlopes[k * axes + j] += slope * place.half[j]
      }
      folded[k] = value
      values[k] += value
      middles[k] += value
      // The squares δⱼ² vary by ½ about ½.
      for j in 0..<axes { middles[k] += 0.5 * squares[(k * axes + j) * axes + j] }
    }
  }

  /// Chooses g along the curves' middle and returns its length.
  private func chooseDirection() -> Double {
    let size = length(middles)
    // The squares of anything much smaller vanish, and g would not be of length 1.
    let isLong = size > 0x1p-400
    for k in 0..<outputs { direction[k] = isLong ? middles[k] / size : k == 0 ? 1 : 0 }
    return size
  }

  /// Leaves of the curves' slopes and squares those across g; returns how far the curves reach along g.
  private func splitCurves() -> Double {
    var reach = 0.0
    for j in 0..<axes {
      reach += abs(splitOff(lineSlopes + j, stride: axes))
      for l in 0..<j { reach += 2 * abs(splitOff(squares + j * axes + l, stride: axes * axes)) }
      reach += 0.5 * abs(splitOff(squares + j * axes + j, stride: axes * axes))
    }
    return reach
  }

  /// Takes the part along g from a vector of the outputs and returns it.
  private func splitOff(_ vector: UnsafeMutablePointer<Double>, stride: Int) -> Double {
    var part = 0.0
    for k in 0..<outputs { part += direction[k] * vector[k * stride] }
    for k in 0..<outputs { vector[k * stride] -= direction[k] * part }
    return part
  }

  /// Adds the squares across g to what is lost there, and to the axes' shares.
  private func addSquares() {
    for k in 0..<outputs {
      for j in 0..<axes {
        let row = squares + (k * axes + j) * axes
        for l in 0..<j {
          lost[k] += 2 * abs(row[l])
          lostShares[j] += abs(row[l])
          lostShares[l] += abs(row[l])
        }
        lost[k] += 0.5 * abs(row[j])
        lostShares[j] += 0.5 * abs(row[j])
      }
    }
  }

  /// Bounds of what is across g: of the lines, of the rows' distance from them, and of both together.
  private func acrossBounds() -> (linear: Double, lost: Double, total: Double) {
    var linear = 0.0
    var total = 0.0
    for k in 0..<outputs {
      var sum = 0.0
      for j in 0..<axes { sum += abs(lineSlopes[k * axes + j]) }
      linear += sum * sum
      total += (sum + lost[k]) * (sum + lost[k])
    }
    return (linear.squareRoot(), length(lost), total.squareRoot())
  }

  private func split(_ rows: Int, _ block: UnsafeMutablePointer<Double>, _ place: BoxPlace) -> Split {
    var convex = 0
    let kept = bidual_vector_split(
      rank, place.face, outputs, rows, block, place.half, direction, lines.start, indices.start, &convex,
      splitSums)
    return Split(kept: kept, convex: convex)
  }

  /// Adds the problem along g as it stands, for rows just split, and returns its index.
  private func add(
    _ split: Split, _ rows: Int, _ block: UnsafePointer<Double>, _ place: BoxPlace,
    _ linear: UnsafePointer<Double>, _ sphere: SphereChord, level: Double, _ square: Square
  ) -> Int {
    let convex = (split.convex + 7) / 8 * 8
    let concave = (split.kept - split.convex + 7) / 8 * 8
    packed.reserve((convex + concave) * (rank + 1))
    bidual_moment_gather(rank, block, rows, split.kept, split.convex, indices.start, packed.start)
    scratch.reserve(convex + concave * (axes + 3) + 8 * rank + 3)
    bidual_moment_sums(
      rank, place.face, convex, concave, packed.start, convex + concave, place.center, place.half,
      scratch.start, sums)
    var constant = sums[0] + splitSums[0] + square.constant - level * sphere.constant
    for k in 0..<outputs { constant += direction[k] * folded[k] }
    let rise = 2 * level * sphere.rise
    for j in 0..<axes {
      var slope = 0.0
      for k in 0..<outputs { slope += direction[k] * linear[k * rank + coordinate(j, place)] }
      slopes[j] += splitSums[2 + outputs + j] + (slope - rise * place.center[j]) * place.half[j]
      hessian[j * axes + j] -= rise * place.half[j] * place.half[j]
      for l in 0...j {
        var product = 0.0
        for k in 0..<outputs { product += lineSlopes[k * axes + j] * lineSlopes[k * axes + l] }
        hessian[j * axes + l] += square.factor * product
        hessian[l * axes + j] = hessian[j * axes + l]
      }
    }
    return duals.add(constant: constant, even: slopes, odd: zeros, sign: 1, hessian: hessian)
  }

  /// The coordinate of an axis.
  private func coordinate(_ axis: Int, _ place: BoxPlace) -> Int { axis < place.face ? axis : axis + 1 }
}

import BidualLinear
import BidualObjectives
import CBidualKernels

/// Depth-first search of one cone with bounds, by one thread.
///
/// Rows that have one sign on a cone are linear there and are folded into a vector g, so that the list of
/// the other, mixed rows shrinks with depth. Every bound is a maximum of a linear function with
/// coefficients q ≥ the objective at the generators, over the cone's part of the ball (`ConeBound`).
final class ConeSearch {
  /// What the search of one cone brought.
  struct Outcome: Sendable {
    /// The largest bound among the cones that need no further search.
    var settledBound = 0.0
    /// The largest bound among cones whose centre exceeds the threshold.
    var violatedBound = 0.0
    /// Directions whose value exceeds the threshold.
    var violators: [(value: Double, direction: [Double])] = []
    /// The best value seen and where.
    var best: (value: Double, direction: [Double]) = (0, [])
    /// Cones left open when the node limit was reached.
    var open: [OpenCone] = []
    var nodes = 0
  }

  /// Cones are not bisected more often than this; the rounding analysis relies on it.
  static let maximumDepth = 240

  /// A cone on the stack. Its generators and g are a `shape`; its mixed rows start at `start`: the dots
  /// of the rows with each generator, the rows' weights and their indices.
  private struct Frame {
    var start: Int
    var rows: Int
    var depth: Int
    var bound: Double
  }

  private let rank: Int
  private let ball: FirstLayerNorm
  private let axisScales: [Double]
  /// Doubles of a shape: rank unit generators as rows, then g.
  private let shapeSize: Int
  private let coneBound: any ConeBound
  private var frames: [Frame] = []
  private var shapes = Buffer<Double>()
  private var numbers = Buffer<Double>()
  private var indices = Buffer<Int32>()
  // Scratch for one number a row.
  private var flags = Buffer<UInt8>()
  private var center = Buffer<Double>()
  private var middle = Buffer<Double>()
  // Scratch of the rank's size.
  private let parentShape: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  private let axis: UnsafeMutablePointer<Double>
  private let slope: UnsafeMutablePointer<Double>
  private let midpoint: UnsafeMutablePointer<Double>
  private let lengths: UnsafeMutablePointer<Double>

  /// The balanced bound is tried on cones whose plain bound is below this multiple of the threshold.
  private let promise = 1.5
  /// And on cones with at most so many mixed rows: more of them leave no hope.
  private let largestBalance = 500
  private var threshold = 0.0
  private var outcome = Outcome()

  /// A search for maxima over the unit ball of a norm, whose bisections count axis k `axisScales[k]` times.
  init(rank: Int, ball: FirstLayerNorm, axisScales: [Double]) {
    self.rank = rank
    self.ball = ball
    self.axisScales = axisScales
    shapeSize = rank * (rank + 1)
    coneBound = ball.coneBound(rank: rank)
    parentShape = .allocate(capacity: shapeSize + 5 * rank)
    sums = parentShape + shapeSize
    axis = sums + rank
    slope = axis + rank
    midpoint = slope + rank
    lengths = midpoint + rank
  }

  deinit { parentShape.deallocate() }

  /// Searches `cone` until all of it is bounded by `threshold` or lies around a violator, or
  /// `limit` cones were bounded, or `isCancelled` says so (asked every few cones).
  func run(
    _ cone: OpenCone, objective: ConeObjective, threshold: Double, limit: Int, maximumViolators: Int,
    isCancelled: () -> Bool = { false }
  ) -> Outcome {
    outcome = Outcome()
    self.threshold = threshold
    frames.removeAll(keepingCapacity: true)
    objective.withPointers { design in
      pushRoot(cone, objective, design: design)
      while let frame = frames.popLast() {
        guard outcome.nodes < limit, outcome.violators.count < maximumViolators,
          !(outcome.nodes % 16 < 2 && isCancelled())
        else {
          frames.append(frame)
          break
        }
        bisect(frame, design: design)
      }
    }
    for (k, frame) in frames.enumerated() {
      let generators = Array(UnsafeBufferPointer(start: shapes.start + k * shapeSize, count: rank * rank))
      outcome.open.append(
        OpenCone(
          generators: generators, depth: frame.depth, bound: min(frame.bound, cone.bound), side: cone.side))
    }
    return outcome
  }

  /// Lays out the mixed rows of a cone afresh from the whole design, and bounds it.
  private func pushRoot(_ cone: OpenCone, _ objective: ConeObjective, design: DesignPointers) {
    let n = objective.rows.rows
    let r = rank
    flags.reserve(n)
    center.reserve(n)
    middle.reserve(n)
    numbers.reserve(2 * n * (r + 1))
    indices.reserve(n)
    shapes.reserve(shapeSize)
    let shape = shapes.start
    for k in 0..<(r * r) { shape[k] = cone.generators[k] }
    for k in 0..<r { shape[r * r + k] = objective.linear[k] }
    // Dots first lie row by row behind the place where they are packed generator by generator.
    let loose = numbers.start + n * (r + 1)
    var m = 0
    for i in 0..<n where objective.weights[i] != 0 {
      let x = design.rows + i * r
      var negative = false
      var positive = false
      for k in 0..<r {
        let value = dot(x, shape + k * r, count: r)
        negative = negative || value < 0
        positive = positive || value > 0
        loose[m * r + k] = value
      }
      if negative && positive {
        indices.start[m] = Int32(i)
        m += 1
      } else if positive {
        for k in 0..<r { shape[r * r + k] += objective.weights[i] * x[k] }
      }
    }
    for place in 0..<m {
      for k in 0..<r { numbers.start[k * m + place] = loose[place * r + k] }
      numbers.start[r * m + place] = objective.weights[Int(indices.start[place])]
    }
    let bound = evaluate(rows: m, start: 0, shape: shape, design: design, ceiling: cone.bound)
    if let bound { frames.append(Frame(start: 0, rows: m, depth: cone.depth, bound: bound)) }
  }

  /// Splits a cone, just taken from the stack, at its longest edge, bounds the halves and stacks those
  /// that may hold more.
  private func bisect(_ frame: Frame, design: DesignPointers) {
    let r = rank
    guard frame.depth < ConeSearch.maximumDepth, r > 1 else {
      outcome.settledBound = max(outcome.settledBound, frame.bound)
      return
    }
    parentShape.update(from: shapes.start + frames.count * shapeSize, count: shapeSize)
    let (a, b) = longestEdge()
    // Halve the edge as the data see it: the halves are equal in the metric of the axes' scales.
    let first = 1 / seenLength(a)
    let second = 1 / seenLength(b)
    for k in 0..<r { midpoint[k] = first * parentShape[a * r + k] + second * parentShape[b * r + k] }
    // Lengths in ℓ₁ add up within an orthant.
    let scale = 1 / (ball == .l1 ? first + second : norm(midpoint, count: r))
    for k in 0..<r { midpoint[k] *= scale }

    let m = frame.rows
    // The frame's own rows stay where they are until both halves, which may keep all rows, are built.
    var top = frame.start + m
    numbers.reserve((top + 2 * m) * (r + 1))
    indices.reserve(top + 2 * m)
    shapes.reserve((frames.count + 2) * shapeSize)
    let parent = numbers.start + frame.start * (r + 1)
    bidual_cone_midpoint(m, parent + a * m, parent + b * m, first * scale, second * scale, middle.start)
    for replaced in [b, a] {
      let base = numbers.start + top * (r + 1)
      let shape = shapes.start + frames.count * shapeSize
      shape.update(from: parentShape, count: shapeSize)
      for k in 0..<r { shape[replaced * r + k] = midpoint[k] }
      // The weights follow the dots, whose extent is known only after packing: build them at the far end.
      let spare = base + r * m
      let rows = bidual_cone_child(
        m, r, parent, parent + r * m, indices.start + frame.start, middle.start, replaced, design.rows,
        flags.start,
        shape + r * r, base, spare, indices.start + top)
      if rows < m { (base + r * rows).update(from: spare, count: rows) }
      let bound = evaluate(rows: rows, start: top, shape: shape, design: design, ceiling: frame.bound)
      if let bound {
        frames.append(Frame(start: top, rows: rows, depth: frame.depth + 1, bound: bound))
        top += rows
      }
    }
  }

  /// The length of a generator of `parentShape` in the metric that edges are measured in. Under ℓ₁ that is the
  /// generators' own: a cone is as good as its corners there, wherever the data are.
  private func seenLength(_ generator: Int) -> Double {
    guard ball == .l2 else { return 1 }
    var square = 0.0
    for k in 0..<rank {
      let entry = axisScales[k] * parentShape[generator * rank + k]
      square += entry * entry
    }
    return square.squareRoot()
  }

  /// The two generators of `parentShape` that are farthest apart in that metric.
  private func longestEdge() -> (Int, Int) {
    for i in 0..<rank { lengths[i] = 1 / seenLength(i) }
    var edge = (0, 1)
    var longest = -1.0
    for i in 0..<rank {
      for j in 0..<i {
        var distance = 0.0
        for k in 0..<rank {
          let difference =
            axisScales[k] * (lengths[i] * parentShape[i * rank + k] - lengths[j] * parentShape[j * rank + k])
          distance += difference * difference
        }
        if distance > longest {
          longest = distance
          edge = (j, i)
        }
      }
    }
    return edge
  }

  /// Bounds the objective on a cone; nil if the cone needs no further search.
  private func evaluate(
    rows: Int, start: Int, shape: UnsafePointer<Double>, design: DesignPointers, ceiling: Double
  ) -> Double? {
    let r = rank
    outcome.nodes += 1
    let base = numbers.start + start * (r + 1)
    for k in 0..<r { axis[k] = 0 }
    for i in 0..<r {
      sums[i] = dot(shape + i * r, shape + r * r, count: r)
      for k in 0..<r { axis[k] += shape[i * r + k] }
    }
    let mixed = bidual_cone_sums(rows, r, base, base + r * rows, center.start, sums)
    let length = ball.length(UnsafeBufferPointer(start: axis, count: r))
    let value = (dot(axis, shape + r * r, count: r) + mixed) / length
    if value > outcome.best.value {
      outcome.best = (value, (0..<r).map { axis[$0] / length })
    }
    var isFinite = true
    for k in 0..<r where !sums[k].isFinite { isFinite = false }
    var bound = isFinite ? min(ceiling, coneBound.bound(shape, q: sums)) : ceiling
    if bound > threshold, value <= threshold, bound < promise * threshold, 1...largestBalance ~= rows {
      let mixedRows = MixedRows(
        count: rows, dots: base, weights: base + r * rows, center: center.start, index: indices.start + start,
        design: design)
      bound = min(bound, coneBound.balanced(shape, rows: mixedRows, q: sums, threshold: threshold))
    }
    if bound <= threshold {
      outcome.settledBound = max(outcome.settledBound, bound)
      return nil
    }
    if value > threshold {
      outcome.violators.append((value, (0..<r).map { axis[$0] / length }))
      outcome.violatedBound = max(outcome.violatedBound, bound)
      return nil
    }
    return bound
  }
}

import BidualLinear
import CBidualKernels

/// A simplicial cone that waits to be searched: its unit generators, how often it was bisected and
/// an upper bound of the objective on it.
struct OpenCone: Sendable {
  var generators: [Double]
  var depth: Int
  var bound: Double
  /// The index of the objective (one a sign) that it belongs to.
  var side: Int
}

/// The objective Σ wᵢ(xᵢᵀu)₊ + gᵀu whose maximum over the unit sphere is searched.
struct ConeObjective: Sendable {
  let rows: Matrix
  let weights: [Double]
  let linear: [Double]
  let sign: Double
}

/// Depth-first search of one cone with bounds, by one thread.
///
/// Rows that have one sign on a cone are linear there and are folded into a vector, so that the list
/// of rows shrinks with depth. Every bound is a maximum of a linear function with coefficients
/// q ≥ the objective at the generators, over the cone's part of the ball (`ConeSupport`).
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

  private struct Frame {
    var start: Int
    var rows: Int
    var depth: Int
    var bound: Double
  }

  private let rank: Int
  /// Mixed rows a frame: rank × rows dots, then the weights.
  private var numbers: UnsafeMutableBufferPointer<Double>
  private var indices: UnsafeMutableBufferPointer<Int32>
  private var flags: [UInt8] = []
  private var center: [Double] = []
  private var middle: [Double] = []
  private var theta: [Double] = []
  private var frames: [Frame] = []
  /// Generators (rank²) and the linear part (rank) of each frame.
  private var shapes: [Double] = []
  private var support: ConeSupport
  private var sums: [Double]
  private var slope: [Double]

  init(rank: Int) {
    self.rank = rank
    numbers = .allocate(capacity: 1 << 12)
    indices = .allocate(capacity: 1 << 10)
    support = ConeSupport(rank: rank)
    sums = Array(repeating: 0, count: rank)
    slope = sums
  }

  deinit {
    numbers.deallocate()
    indices.deallocate()
  }

  /// Searches `cone` until all of it is bounded by `threshold` or lies around a violator, or
  /// `limit` cones were bounded.
  func run(_ cone: OpenCone, objective: ConeObjective, threshold: Double, limit: Int, maximumViolators: Int)
    -> Outcome
  {
    var outcome = Outcome()
    frames.removeAll(keepingCapacity: true)
    shapes.removeAll(keepingCapacity: true)
    objective.rows.elements.withUnsafeBufferPointer { design in
      pushRoot(cone, objective, design: design.baseAddress!, threshold: threshold, into: &outcome)
      while let frame = frames.last, outcome.nodes < limit, outcome.violators.count < maximumViolators {
        frames.removeLast()
        bisect(frame, objective, design: design.baseAddress!, threshold: threshold, into: &outcome)
      }
    }
    for (k, frame) in frames.enumerated() {
      let start = k * rank * (rank + 1)
      outcome.open.append(
        OpenCone(
          generators: Array(shapes[start..<(start + rank * rank)]), depth: frame.depth,
          bound: min(frame.bound, cone.bound), side: cone.side))
    }
    return outcome
  }

  private func reserve(_ doubles: Int, _ integers: Int) {
    if doubles > numbers.count {
      let larger = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(doubles, 2 * numbers.count))
      _ = larger.moveInitialize(fromContentsOf: numbers)
      numbers.deallocate()
      numbers = larger
    }
    if integers > indices.count {
      let larger = UnsafeMutableBufferPointer<Int32>.allocate(capacity: max(integers, 2 * indices.count))
      _ = larger.moveInitialize(fromContentsOf: indices)
      indices.deallocate()
      indices = larger
    }
  }

  /// Lays out the mixed rows of a cone afresh from the whole design, and bounds it.
  private func pushRoot(
    _ cone: OpenCone, _ objective: ConeObjective, design: UnsafePointer<Double>, threshold: Double,
    into outcome: inout Outcome
  ) {
    let n = objective.rows.rows
    reserve(n * (rank + 1), n)
    if flags.count < n {
      flags = Array(repeating: 0, count: n)
      center = Array(repeating: 0, count: n)
      middle = Array(repeating: 0, count: n)
      theta = Array(repeating: 0, count: n)
    }
    var linear = objective.linear
    var mixed: [Int] = []
    var dots: [Double] = []
    for i in 0..<n where objective.weights[i] != 0 {
      var negative = false
      var positive = false
      let row = objective.rows.row(i)
      for k in 0..<rank {
        let value = dot(row, cone.generators[(k * rank)..<((k + 1) * rank)])
        if value < 0 { negative = true }
        if value > 0 { positive = true }
        dots.append(value)
      }
      if negative && positive {
        mixed.append(i)
      } else {
        dots.removeLast(rank)
        if positive {
          for (k, x) in row.enumerated() { linear[k] += objective.weights[i] * x }
        }
      }
    }
    let m = mixed.count
    for (place, i) in mixed.enumerated() {
      for k in 0..<rank { numbers[k * m + place] = dots[place * rank + k] }
      numbers[rank * m + place] = objective.weights[i]
      indices[place] = Int32(i)
    }
    outcome.nodes += 1
    let shape = cone.generators + linear
    let bound = evaluate(
      rows: m, base: numbers.baseAddress!, index: indices.baseAddress!, shape: shape, design: design,
      threshold: threshold, ceiling: cone.bound, into: &outcome)
    if let bound {
      shapes.append(contentsOf: shape)
      frames.append(Frame(start: 0, rows: m, depth: cone.depth, bound: bound))
    }
  }

  /// Splits a cone at its longest edge, bounds the halves and keeps those that may hold more.
  private func bisect(
    _ frame: Frame, _ objective: ConeObjective, design: UnsafePointer<Double>, threshold: Double,
    into outcome: inout Outcome
  ) {
    let r = rank
    let stride = r * (r + 1)
    let shape = Array(shapes[(frames.count * stride)..<((frames.count + 1) * stride)])
    shapes.removeLast(stride)
    guard frame.depth < ConeSearch.maximumDepth, r > 1 else {
      outcome.settledBound = max(outcome.settledBound, frame.bound)
      return
    }
    var a = 0
    var b = 0
    var cosine = Double.infinity
    for i in 0..<r {
      for j in 0..<i {
        var product = 0.0
        for k in 0..<r { product += shape[i * r + k] * shape[j * r + k] }
        if product < cosine {
          cosine = product
          a = j
          b = i
        }
      }
    }
    var midpoint = [Double](repeating: 0, count: r)
    var length = 0.0
    for k in 0..<r {
      midpoint[k] = shape[a * r + k] + shape[b * r + k]
      length += midpoint[k] * midpoint[k]
    }
    let scale = 1 / length.squareRoot()
    for k in 0..<r { midpoint[k] *= scale }

    let m = frame.rows
    // The frame's own rows stay where they are until both halves, which may keep all rows, are built.
    var top = frame.start + m
    reserve((top + 2 * m) * (r + 1), top + 2 * m)
    let parent = numbers.baseAddress! + frame.start * (r + 1)
    middle.withUnsafeMutableBufferPointer {
      bidual_cone_midpoint(m, parent + a * m, parent + b * m, scale, $0.baseAddress!)
    }
    for replaced in [b, a] {
      let start = top
      let base = numbers.baseAddress! + start * (r + 1)
      let childIndex = indices.baseAddress! + start
      var linear = Array(shape[(r * r)...])
      // The weights follow the dots, whose extent is known only after packing: build them at the far end.
      let spare = base + r * m
      let rows = bidual_cone_child(
        m, r, parent, parent + r * m, indices.baseAddress! + frame.start, middle, replaced, design, &flags,
        &linear, base, spare, childIndex)
      if rows < m { (base + r * rows).update(from: spare, count: rows) }
      var generators = shape
      for k in 0..<r {
        generators[replaced * r + k] = midpoint[k]
        generators[r * r + k] = linear[k]
      }
      outcome.nodes += 1
      let bound = evaluate(
        rows: rows, base: base, index: childIndex, shape: generators, design: design, threshold: threshold,
        ceiling: frame.bound, into: &outcome)
      if let bound {
        frames.append(Frame(start: start, rows: rows, depth: frame.depth + 1, bound: bound))
        shapes.append(contentsOf: generators)
        top = start + rows
      }
    }
  }

  /// Bounds the objective on a cone; nil if the cone needs no further search.
  private func evaluate(
    rows: Int, base: UnsafeMutablePointer<Double>, index: UnsafePointer<Int32>, shape: [Double],
    design: UnsafePointer<Double>, threshold: Double, ceiling: Double, into outcome: inout Outcome
  ) -> Double? {
    let r = rank
    var axis = [Double](repeating: 0, count: r)
    for i in 0..<r {
      var sum = 0.0
      for k in 0..<r {
        sum += shape[i * r + k] * shape[r * r + k]
        axis[k] += shape[i * r + k]
      }
      sums[i] = sum
    }
    let mixed = bidual_cone_sums(rows, r, base, base + r * rows, &center, &sums)
    let length = norm(axis)
    let value = (dot(axis, shape[(r * r)...]) + mixed) / length
    if value > outcome.best.value { outcome.best = (value, axis.map { $0 / length }) }
    var bound = min(ceiling, shape.withUnsafeBufferPointer { support.bound(generators: $0.baseAddress!, q: sums) })
    if bound > threshold, rows > 0, value <= threshold {
      bound = min(bound, balancedBound(rows: rows, base: base, index: index, shape: shape, design: design))
    }
    if bound <= threshold {
      outcome.settledBound = max(outcome.settledBound, bound)
      return nil
    }
    if value > threshold {
      outcome.violators.append((value, axis.map { $0 / length }))
      outcome.violatedBound = max(outcome.violatedBound, bound)
      return nil
    }
    return bound
  }

  /// The bound with the lines above the concave kinks chosen to make the linear part short.
  ///
  /// Above a concave kink v(t)₊, v < 0, lies every line θvt, 0 ≤ θ ≤ 1. The shortest vector
  /// g + Σθᵢvᵢxᵢ makes the bound exact where only concave kinks meet the cone, which is where the
  /// neurons of an optimal network lie. Coordinate descent finds θ; any θ in the box is valid.
  private func balancedBound(
    rows: Int, base: UnsafePointer<Double>, index: UnsafePointer<Int32>, shape: [Double],
    design: UnsafePointer<Double>
  ) -> Double {
    let r = rank
    let v = base + r * rows
    for k in 0..<r { slope[k] = shape[r * r + k] }
    for i in 0..<rows where center[i] > 0 {
      let x = design + Int(index[i]) * r
      for k in 0..<r { slope[k] += v[i] * x[k] }
    }
    for i in 0..<rows where v[i] < 0 { theta[i] = center[i] > 0 ? 1 : 0 }
    for _ in 0..<4 {
      var moved = false
      for i in 0..<rows where v[i] < 0 {
        let x = design + Int(index[i]) * r
        var along = 0.0
        var square = 0.0
        for k in 0..<r {
          along += slope[k] * x[k]
          square += x[k] * x[k]
        }
        let target = min(1, max(0, theta[i] - along / (v[i] * square)))
        let step = (target - theta[i]) * v[i]
        if step != 0 {
          moved = true
          theta[i] = target
          for k in 0..<r { slope[k] += step * x[k] }
        }
      }
      if !moved { break }
    }
    // q again, with θ as found: gᵀρ + chords of the convex kinks + θvt of the concave ones.
    for k in 0..<r {
      let d = base + k * rows
      var sum = 0.0
      for j in 0..<r { sum += shape[k * r + j] * shape[r * r + j] }
      for i in 0..<rows { sum += v[i] * (v[i] > 0 ? max(d[i], 0) : theta[i] * d[i]) }
      sums[k] = sum
    }
    return shape.withUnsafeBufferPointer { support.bound(generators: $0.baseAddress!, q: sums) }
  }
}

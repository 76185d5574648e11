import BidualLinear
import CBidualKernels

/// Depth-first search of boxes with bounds by quadratic moments, by one thread.
///
/// Rows that keep their sign on a box are linear there: they are folded into a vector, and the list of the other
/// rows is packed anew once it has become much shorter. Dual problems of several boxes are solved at once.
final class MomentSearch {
  /// What the search of some boxes brought.
  struct Outcome: Sendable {
    /// The largest bound among the boxes that need no further search.
    var settledBound = 0.0
    /// The largest bound among boxes that were set aside since their centre exceeds the threshold.
    var violatedBound = 0.0
    /// The values at the centres of those boxes.
    var violators: [BoxValue] = []
    /// The best value seen.
    var best: BoxValue?
    /// Boxes left open.
    var open: Boxes
    /// How many bounds were computed.
    var nodes = 0
  }

  /// What a search is to do.
  struct Task: Sendable {
    /// Boxes are searched until they are bounded by this number.
    var threshold: Double
    /// The relative accuracy of a maximum, which raises the threshold as better values are met; nil for a proof.
    var tolerance: Double?
    /// Boxes bounded by this number are left open.
    var level: Double
    /// About how many bounds are computed at most.
    var limit: Int
  }

  /// A box on the stack; its place stands in `shapes` and `depths`.
  private struct Frame {
    var head: BoxHead
    /// Where the block of its rows starts in `blocks`, and the rows' counts.
    var start: Int
    var convex: Int
    var concave: Int
    /// The first number behind the blocks of this and all lower frames.
    var top = 0

    var rows: Int { convex + concave }
  }

  /// A box that is being bounded; its place stands in `childShapes` and `childDepths`.
  private struct Child {
    var head: BoxHead
    var parent: Frame
    /// The number of its rows that change sign.
    var mixed = 0
    /// The objective at the centre, and whether that is the mirror image's.
    var value = 0.0
    var isMirrored = false
    /// The least length of a point of the box.
    var nearest = 1.0
    /// The dual problems of the box and its mirror image.
    var problems = SIMD2(-1, -1)
  }

  /// How many boxes are halved together.
  private static let width = 4
  /// A violating box is set aside once its bound is below this multiple of the value at its centre.
  private static let nearness = 1.25
  /// Rows are packed anew when fewer than this share of the block change sign.
  private static let packing = 0.7

  private let rank: Int
  private let axes: Int
  /// A shape is a box's centre, its half-lengths, and the sum of the folded rows.
  private let shapeSize: Int
  private var frames: [Frame] = []
  private var children: [Child] = []
  private var shapes = Buffer<Double>()
  private var depths = Buffer<UInt8>()
  private var blocks = Buffer<Double>()
  private var indices = Buffer<Int32>()
  private var scratch = Buffer<Double>()
  private let childShapes: UnsafeMutablePointer<Double>
  private let childDepths: UnsafeMutablePointer<UInt8>
  /// For each child the shares of the axes in what its bound loses.
  private let shares: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  private let odd: UnsafeMutablePointer<Double>
  private let duals: BoxDuals
  private var task = Task(threshold: 0, tolerance: nil, level: 0, limit: 0)
  private var outcome: Outcome

  init(rank: Int) {
    self.rank = rank
    axes = rank - 1
    shapeSize = 2 * axes + rank
    let children = 2 * MomentSearch.width
    childShapes = .allocate(capacity: children * shapeSize)
    childDepths = .allocate(capacity: children * axes + 1)
    shares = .allocate(capacity: children * axes + 1)
    sums = .allocate(capacity: 3 + 2 * axes + axes * axes)
    odd = .allocate(capacity: axes + 1)
    duals = BoxDuals(axes: axes, capacity: 2 * children)
    outcome = Outcome(open: Boxes(axes: axes))
  }

  deinit {
    shapes.deallocate()
    depths.deallocate()
    blocks.deallocate()
    indices.deallocate()
    scratch.deallocate()
    childShapes.deallocate()
    childDepths.deallocate()
    shares.deallocate()
    sums.deallocate()
    odd.deallocate()
  }

  /// Searches the boxes of a list with the given indices until all are bounded as the task says, or its limit is
  /// reached, or `isCancelled` says so (asked every few boxes).
  func run(
    _ list: Boxes, _ range: Range<Int>, objective: MomentObjective, task: Task, isCancelled: () -> Bool
  ) -> Outcome {
    self.task = task
    outcome = Outcome(open: Boxes(axes: axes))
    frames.removeAll(keepingCapacity: true)
    for index in range { push(list, index, objective) }
    while !frames.isEmpty, outcome.nodes < task.limit, !isCancelled() { advance(objective) }
    for k in frames.indices.reversed() { leaveOpen(frames[k], at: k) }
    return outcome
  }

  private func leaveOpen(_ frame: Frame, at place: Int) {
    outcome.open.append(
      frame.head, center: shapes.start + place * shapeSize, depths: depths.start + place * axes)
  }

  /// Stacks a box with the rows that change sign on it.
  private func push(_ list: Boxes, _ index: Int, _ objective: MomentObjective) {
    let head = list.heads[index]
    shapes.reserve((frames.count + 1) * shapeSize)
    depths.reserve((frames.count + 1) * axes)
    let shape = shapes.start + frames.count * shapeSize
    let depth = depths.start + frames.count * axes
    list.read(index, center: shape, depths: depth)
    for j in 0..<axes { shape[axes + j] = Double(sign: .plus, exponent: -Int(depth[j]), significand: 1) }
    for a in 0..<rank { shape[2 * axes + a] = 0 }
    let all = objective.blocks[Int(head.side)]
    let start = frames.last?.top ?? 0
    blocks.reserve(start + all.elements.count)
    all.elements.withUnsafeBufferPointer { block in
      let given = Frame(head: head, start: start, convex: all.convex, concave: all.concave)
      stack(fold(given, rows: block.baseAddress!, shape: shape, to: start), above: start)
    }
  }

  private func stack(_ frame: Frame, above top: Int) {
    var frame = frame
    frame.top = max(top, frame.start + frame.rows * (rank + 1))
    frames.append(frame)
  }

  /// The frame with those of its rows that change sign packed at `start`, where there is room, and the others folded.
  private func fold(
    _ frame: Frame, rows block: UnsafePointer<Double>, shape: UnsafeMutablePointer<Double>, to start: Int
  ) -> Frame {
    indices.reserve(frame.rows + 8)
    var keptConvex = 0
    let kept = bidual_moment_fold(
      rank, Int(frame.head.face), frame.convex, frame.concave, block, frame.rows, shape, shape + axes,
      indices.start, shape + 2 * axes, &keptConvex)
    bidual_moment_gather(
      rank, block, frame.rows, kept, keptConvex, indices.start, blocks.start + start)
    var frame = frame
    frame.start = start
    frame.convex = (keptConvex + 7) / 8 * 8
    frame.concave = (kept - keptConvex + 7) / 8 * 8
    return frame
  }

  /// Takes a few boxes from the stack, bounds their halves, and stacks those that may hold more.
  private func advance(_ objective: MomentObjective) {
    children.removeAll(keepingCapacity: true)
    duals.removeAll()
    // Blocks of boxes that were taken are still read while those of their halves are written.
    var top = frames.last?.top ?? 0
    while children.count < 2 * MomentSearch.width - 1, let frame = frames.popLast() {
      if frame.head.axis == BoxHead.unbounded {
        addChild(frame, side: 0)
      } else if frame.head.key <= task.level {
        settleOrLeave(frame)
      } else {
        addChild(frame, side: -1)
        addChild(frame, side: 1)
      }
    }
    for index in children.indices { pose(index, objective) }
    let scale = max(task.threshold, 0x1p-20 * objective.size)
    duals.solve(barrier: 0.03 * scale / Double(max(axes, 1)))
    outcome.nodes += duals.count
    for index in children.indices { conclude(index) }
    // The most promising box comes to lie on top.
    let order = children.indices.filter { children[$0].head.key > task.threshold }
      .sorted { (children[$0].head.key, $1) < (children[$1].head.key, $0) }
    for index in order { stackChild(index, top: &top) }
  }

  private func settleOrLeave(_ frame: Frame) {
    if frame.head.key <= task.threshold {
      outcome.settledBound = max(outcome.settledBound, frame.head.key)
    } else {
      leaveOpen(frame, at: frames.count)
    }
  }

  /// Makes a half of a frame just taken from the stack, or for side 0 the whole of it, a child.
  private func addChild(_ frame: Frame, side: Double) {
    let shape = childShapes + children.count * shapeSize
    let depth = childDepths + children.count * axes
    shape.update(from: shapes.start + frames.count * shapeSize, count: shapeSize)
    depth.update(from: depths.start + frames.count * axes, count: axes)
    if side != 0 {
      let j = Int(frame.head.axis)
      shape[axes + j] *= 0.5
      shape[j] += side * shape[axes + j]
      depth[j] += 1
    }
    children.append(Child(head: frame.head, parent: frame))
  }

  /// Puts the quadratics above the objective on a child and its mirror image among the dual problems.
  private func pose(_ index: Int, _ objective: MomentObjective) {
    let shape = childShapes + index * shapeSize
    let half = shape + axes
    let linear = half + axes
    let frame = children[index].parent
    let face = Int(frame.head.face)
    let tau = task.threshold
    scratch.reserve(frame.convex + frame.concave * (axes + 3) + 8 * rank + 3)
    bidual_moment_sums(
      rank, face, frame.convex, frame.concave, blocks.start + frame.start, frame.rows, shape, half,
      scratch.start, sums)
    let slopes = sums + 3
    let share = slopes + axes
    let hessian = share + axes

    let sign: Double = frame.head.side == 0 ? 1 : -1
    var folded = linear[face]
    var odds = sign * objective.odd[face]
    var square = 0.0
    var nearest = 0.0
    var farthest = 0.0
    for j in 0..<axes {
      let a = j < face ? j : j + 1
      folded += linear[a] * shape[j]
      odds += sign * objective.odd[a] * shape[j]
      slopes[j] += linear[a] * half[j]
      odd[j] = sign * objective.odd[a] * half[j]
      let distance = abs(shape[j])
      square += distance * distance
      nearest += max(0, distance - half[j]) * max(0, distance - half[j])
      farthest += (distance + half[j]) * (distance + half[j])
    }
    // −τ√(1 + ρ) lies below its chord over the values of ρ = |w|² on the box, a concave quadratic.
    let near = (1 + nearest).squareRoot()
    let far = (1 + farthest).squareRoot()
    let rise = 1 / (near + far)
    let start = near - rise * nearest
    let middle = 0.5 * (nearest + farthest)
    let lost = farthest > nearest
      ? tau * ((1 + middle).squareRoot() - start - rise * middle) / (farthest - nearest) : 0
    for j in 0..<axes {
      let distance = abs(shape[j])
      slopes[j] -= 2 * tau * rise * shape[j] * half[j]
      hessian[j * axes + j] -= 2 * tau * rise * half[j] * half[j]
      let least = max(0, distance - half[j])
      shares[index * axes + j] =
        share[j] + lost * ((distance + half[j]) * (distance + half[j]) - least * least)
        + 1e-4 * tau * half[j] * half[j]
    }
    let constant = sums[0] + folded - tau * (start + rise * square)
    children[index].mixed = Int(sums[2])
    children[index].nearest = near
    children[index].isMirrored = odds < 0
    children[index].value = (sums[1] + folded + abs(odds)) / (1 + square).squareRoot()
    for mirror in 0..<2 where frame.head.keys[mirror] > tau {
      let phi: Double = mirror == 0 ? 1 : -1
      children[index].problems[mirror] = duals.add(
        constant: constant + phi * odds, even: slopes, odd: odd, sign: phi, hessian: hessian)
    }
  }

  /// Takes in the bounds of a child; one that needs no further search ends with a key of at most the threshold.
  private func conclude(_ index: Int) {
    let tau = task.threshold
    var child = children[index]
    for mirror in 0..<2 where child.problems[mirror] >= 0 {
      let bound = duals.bound(child.problems[mirror])
      let key = bound <= 0 ? tau : tau + bound / child.nearest
      child.head.keys[mirror] = min(child.head.keys[mirror], key)
    }
    if child.value > outcome.best?.value ?? 0 {
      outcome.best = boxValue(index, child)
      if let tolerance = task.tolerance {
        task.threshold = max(task.threshold, child.value * (1 + tolerance))
        task.level = max(task.level, task.threshold)
      }
    }
    let key = child.head.key
    if key > task.threshold {
      if task.tolerance == nil, child.value > tau, key <= MomentSearch.nearness * child.value {
        outcome.violators.append(boxValue(index, child))
        outcome.violatedBound = max(outcome.violatedBound, key)
        child.head.keys = SIMD2(repeating: 0)
      } else if let axis = bestAxis(index, child) {
        child.head.axis = axis
      } else {
        outcome.settledBound = max(outcome.settledBound, key)
        child.head.keys = SIMD2(repeating: 0)
      }
    } else {
      outcome.settledBound = max(outcome.settledBound, key)
    }
    children[index] = child
  }

  /// The axis whose halving promises most; nil if none may be halved.
  private func bestAxis(_ index: Int, _ child: Child) -> UInt8? {
    let problem = child.problems[child.head.keys[0] >= child.head.keys[1] ? 0 : 1]
    var best: UInt8?
    var largest = -1.0
    for j in 0..<axes where childDepths[index * axes + j] < Boxes.maximumDepth {
      let own = duals.weight(problem, axis: j) - 2 * duals.barrier(problem)
      let score = 2 * max(0, own) + shares[index * axes + j]
      if score > largest || best == nil {
        largest = score
        best = UInt8(j)
      }
    }
    return best
  }

  private func boxValue(_ index: Int, _ child: Child) -> BoxValue {
    let shape = childShapes + index * shapeSize
    let face = Int(child.head.face)
    var point = [Double](repeating: 1, count: rank)
    for j in 0..<axes { point[j < face ? j : j + 1] = shape[j] }
    let length = norm(point) * (child.isMirrored ? -1 : 1)
    return BoxValue(
      value: child.value, direction: point.map { $0 / length }, side: Int(child.head.side))
  }

  private func stackChild(_ index: Int, top: inout Int) {
    let child = children[index]
    shapes.reserve((frames.count + 1) * shapeSize)
    depths.reserve((frames.count + 1) * axes)
    let shape = shapes.start + frames.count * shapeSize
    shape.update(from: childShapes + index * shapeSize, count: shapeSize)
    (depths.start + frames.count * axes).update(from: childDepths + index * axes, count: axes)
    var frame = child.parent
    frame.head = child.head
    let lower = frames.last?.top ?? 0
    if frame.rows > 16, Double(child.mixed) < MomentSearch.packing * Double(frame.rows) {
      blocks.reserve(top + (child.mixed + 16) * (rank + 1))
      frame = fold(frame, rows: blocks.start + frame.start, shape: shape, to: top)
      top += frame.rows * (rank + 1)
    }
    stack(frame, above: lower)
  }
}

/// A value of an objective on the unit sphere, in the coordinates of a `MomentObjective`.
struct BoxValue: Sendable {
  let value: Double
  let direction: [Double]
  /// The index of the objective, one a sign.
  let side: Int
}

import BidualLinear

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

    func block(_ start: UnsafePointer<Double>) -> RowBlock {
      RowBlock(start: start, stride: rows, convex: convex, concave: concave)
    }
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
    var sphere = SphereChord()
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
  private let childShapes: UnsafeMutablePointer<Double>
  private let childDepths: UnsafeMutablePointer<UInt8>
  /// For each child the shares of the axes in what its bound loses.
  private let shares: UnsafeMutablePointer<Double>
  private let relaxation: BoxRelaxation
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
    relaxation = BoxRelaxation(rank: rank, problems: 2 * children)
    outcome = Outcome(open: Boxes(axes: axes))
  }

  deinit {
    childShapes.deallocate()
    childDepths.deallocate()
    shares.deallocate()
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
    _ frame: Frame, rows: UnsafePointer<Double>, shape: UnsafeMutablePointer<Double>, to start: Int
  ) -> Frame {
    let packed = relaxation.fold(
      frame.block(rows), place(shape, frame.head), linear: shape + 2 * axes, to: blocks.start + start)
    var frame = frame
    frame.start = start
    frame.convex = packed.convex
    frame.concave = packed.concave
    return frame
  }

  private func place(_ shape: UnsafePointer<Double>, _ head: BoxHead) -> BoxPlace {
    BoxPlace(center: shape, half: shape + axes, face: Int(head.face), side: Int(head.side))
  }

  /// Takes a few boxes from the stack, bounds their halves, and stacks those that may hold more.
  private func advance(_ objective: MomentObjective) {
    children.removeAll(keepingCapacity: true)
    relaxation.duals.removeAll()
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
    solve(objective)
    for index in children.indices { chooseAxis(index) }
    for index in children.indices { conclude(index) }
    // The most promising box comes to lie on top.
    let order = children.indices.filter { children[$0].head.key > 0 }
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
    let frame = children[index].parent
    let place = place(shape, frame.head)
    let sphere = SphereChord(place, axes: axes)
    let posed = relaxation.pose(
      frame.block(blocks.start + frame.start), place, linear: shape + 2 * axes, sphere, objective,
      keys: frame.head.keys, threshold: task.threshold)
    children[index].sphere = sphere
    children[index].mixed = posed.mixed
    children[index].isMirrored = posed.isMirrored
    children[index].value = posed.value
    children[index].problems = posed.problems
    for j in 0..<axes {
      shares[index * axes + j] =
        relaxation.concaveShare(j)
        + task.threshold * (sphere.lost(place, j) + 1e-4 * place.half[j] * place.half[j])
    }
  }

  /// Solves the dual problems and takes in their bounds.
  private func solve(_ objective: MomentObjective) {
    let scale = max(task.threshold, 0x1p-20 * objective.size)
    relaxation.duals.solve(barrier: 0.03 * scale / Double(max(axes, 1)))
    outcome.nodes += relaxation.duals.count
    for index in children.indices {
      let child = children[index]
      for mirror in 0..<2 where child.problems[mirror] >= 0 {
        let bound = relaxation.duals.bound(child.problems[mirror])
        let key = bound <= 0 ? task.threshold : task.threshold + bound / child.sphere.nearest
        children[index].head.keys[mirror] = min(child.head.keys[mirror], key)
      }
    }
  }

  /// Picks the axis whose halving promises most: the one that the bound pays most for.
  private func chooseAxis(_ index: Int) {
    let child = children[index]
    let problem = child.problems[child.head.keys[0] >= child.head.keys[1] ? 0 : 1]
    children[index].head.axis = BoxHead.unbounded
    guard child.head.key > task.threshold, problem >= 0 else { return }
    var largest = -Double.infinity
    for j in 0..<axes where childDepths[index * axes + j] < Boxes.maximumDepth {
      let score = 2 * relaxation.duals.share(problem, axis: j) + shares[index * axes + j]
      if score > largest {
        largest = score
        children[index].head.axis = UInt8(j)
      }
    }
  }

  /// Takes in what a child brought; one that needs no further search ends with keys of zero.
  private func conclude(_ index: Int) {
    let child = children[index]
    if child.value > outcome.best?.value ?? 0 {
      outcome.best = boxValue(index, child)
      if let tolerance = task.tolerance {
        task.threshold = max(task.threshold, child.value * (1 + tolerance))
        task.level = max(task.level, task.threshold)
      }
    }
    let key = child.head.key
    let isViolated =
      task.tolerance == nil && child.value > task.threshold && key <= MomentSearch.nearness * child.value
    if key > task.threshold, isViolated {
      outcome.violators.append(boxValue(index, child))
      outcome.violatedBound = max(outcome.violatedBound, key)
    } else if key <= task.threshold || child.head.axis == BoxHead.unbounded {
      // What can't be halved any more stands as it is.
      outcome.settledBound = max(outcome.settledBound, key)
    } else {
      return
    }
    children[index].head.keys = SIMD2(repeating: 0)
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

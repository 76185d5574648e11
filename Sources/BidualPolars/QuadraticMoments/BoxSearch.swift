import BidualLinear

/// Depth-first search of boxes with the bounds of a relaxation, by one thread.
///
/// Rows that keep their sign on a box are linear there: they are folded into a linear part, and the list of the other
/// rows is packed anew once it has become much shorter. Dual problems of several boxes are solved at once.
final class BoxSearch<Relaxation: BoxRelaxation> {
  /// A box on the stack; its place stands in `shapes` and `depths`.
  private struct Frame {
    var head: BoxHead
    /// Where the block of its rows starts in `blocks`, and how many they are.
    var start: Int
    var rows: RowCounts
    /// The first number behind the blocks of this and all lower frames.
    var top = 0
  }

  /// A box that is being bounded; its place stands in `childShapes` and `childDepths`.
  private struct Child {
    var head: BoxHead
    var parent: Frame
    var posed = PosedBox()
    var sphere = SphereChord()
  }

  /// A violating box is set aside once its bound is below this multiple of the value at its centre.
  private let nearness = 1.25
  /// Rows are packed anew when fewer than this share of the block change sign.
  private let packing = 0.7

  private let rank: Int
  private let axes: Int
  /// The numbers of a row in a block.
  private let rowSize: Int
  /// A shape is a box's centre, its half-lengths, and its linear part.
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
  private let relaxation: Relaxation
  private var task = BoxTask(threshold: 0, tolerance: nil, level: 0, limit: 0)
  private var outcome: BoxOutcome

  init(_ relaxation: Relaxation) {
    self.relaxation = relaxation
    rank = relaxation.rank
    axes = rank - 1
    rowSize = relaxation.rowSize
    shapeSize = 2 * axes + relaxation.linearSize
    let children = 2 * BoxTask.width
    childShapes = .allocate(capacity: children * shapeSize)
    childDepths = .allocate(capacity: children * axes + 1)
    shares = .allocate(capacity: children * axes + 1)
    outcome = BoxOutcome(open: Boxes(axes: axes))
  }

  deinit {
    childShapes.deallocate()
    childDepths.deallocate()
    shares.deallocate()
  }

  /// Searches the boxes of a list with the given indices until all are bounded as the task says, or its limit is
  /// reached, or `isCancelled` says so (asked every few boxes).
  func run(
    _ list: Boxes, _ range: Range<Int>, objective: Relaxation.Objective, task: BoxTask,
    isCancelled: () -> Bool
  ) -> BoxOutcome {
    self.task = task
    outcome = BoxOutcome(open: Boxes(axes: axes))
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

  /// Makes room for one more frame; returns where its shape and its depths begin.
  private func reserveFrame() -> (shape: UnsafeMutablePointer<Double>, depths: UnsafeMutablePointer<UInt8>) {
    shapes.reserve((frames.count + 1) * shapeSize)
    depths.reserve((frames.count + 1) * axes)
    return (shapes.start + frames.count * shapeSize, depths.start + frames.count * axes)
  }

  /// Stacks a box with the rows that change sign on it.
  private func push(_ list: Boxes, _ index: Int, _ objective: Relaxation.Objective) {
    let head = list.heads[index]
    let (shape, depth) = reserveFrame()
    list.read(index, center: shape, depths: depth)
    for j in 0..<axes { shape[axes + j] = Double(sign: .plus, exponent: -Int(depth[j]), significand: 1) }
    for (k, slope) in objective.linear(side: Int(head.side)).enumerated() { shape[2 * axes + k] = slope }
    let given = objective.rows(side: Int(head.side))
    let start = frames.last?.top ?? 0
    blocks.reserve(start + given.elements.count + 16 * rowSize)
    let rows = given.elements.withUnsafeBufferPointer { block in
      block.isEmpty ? RowCounts() : fold(given.counts, block.baseAddress!, head, shape, to: start)
    }
    stack(Frame(head: head, start: start, rows: rows), above: start)
  }

  private func stack(_ frame: Frame, above top: Int) {
    var frame = frame
    frame.top = max(top, frame.start + frame.rows.all * rowSize)
    frames.append(frame)
  }

  /// Packs those rows that change sign at `start`, where there is room, and folds the others.
  private func fold(
    _ rows: RowCounts, _ block: UnsafePointer<Double>, _ head: BoxHead, _ shape: UnsafeMutablePointer<Double>,
    to start: Int
  ) -> RowCounts {
    relaxation.fold(
      rows, block, place(shape, head), linear: shape + 2 * axes, to: blocks.start + start)
  }

  private func place(_ shape: UnsafePointer<Double>, _ head: BoxHead) -> BoxPlace {
    BoxPlace(center: shape, half: shape + axes, face: Int(head.face), side: Int(head.side))
  }

  /// Takes a few boxes from the stack, bounds their halves, and stacks those that may hold more.
  private func advance(_ objective: Relaxation.Objective) {
    children.removeAll(keepingCapacity: true)
    relaxation.duals.removeAll()
    // Blocks of boxes that were taken are still read while those of their halves are written.
    var top = frames.last?.top ?? 0
    while children.count < 2 * BoxTask.width - 1, let frame = frames.popLast() {
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

  /// Puts the quadratics above the objective on a child among the dual problems.
  private func pose(_ index: Int, _ objective: Relaxation.Objective) {
    let shape = childShapes + index * shapeSize
    let frame = children[index].parent
    let place = place(shape, frame.head)
    let sphere = SphereChord(place, axes: axes)
    let posed = relaxation.pose(
      frame.rows, blocks.start + frame.start, place, linear: shape + 2 * axes, sphere, objective,
      keys: frame.head.keys, threshold: task.threshold)
    children[index].sphere = sphere
    children[index].posed = posed
    children[index].head.keys = posed.keys
    outcome.nodes += posed.nodes
    guard posed.problems.max() >= 0 else { return }
    for j in 0..<axes {
      shares[index * axes + j] =
        relaxation.share(j) + posed.level * (sphere.lost(place, j) + 1e-4 * place.half[j] * place.half[j])
    }
  }

  /// Solves the dual problems and takes in their bounds.
  private func solve(_ objective: Relaxation.Objective) {
    let scale = max(task.threshold, 0x1p-20 * objective.size)
    relaxation.duals.solve(barrier: 0.03 * scale / Double(max(axes, 1)))
    for index in children.indices {
      let child = children[index]
      for k in 0..<2 where child.posed.problems[k] >= 0 {
        let bound = relaxation.duals.bound(child.posed.problems[k])
        let key = bound <= 0 ? child.posed.level : child.posed.level + bound / child.sphere.nearest
        children[index].head.keys[k] = min(child.head.keys[k], key)
      }
    }
  }

  /// Picks the axis whose halving promises most: the one that the bound pays most for.
  private func chooseAxis(_ index: Int) {
    let child = children[index]
    children[index].head.axis = BoxHead.unbounded
    guard child.head.key > task.threshold, child.posed.problems.max() >= 0 else { return }
    let problem = child.posed.problems[relaxation.leading(child.posed, keys: child.head.keys)]
    guard problem >= 0 else { return }
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
    let value = child.posed.value
    if value > outcome.best?.value ?? 0 {
      outcome.best = boxValue(index, child)
      if let tolerance = task.tolerance {
        task.threshold = max(task.threshold, value * (1 + tolerance))
        task.level = max(task.level, task.threshold)
      }
    }
    let key = child.head.key
    let isViolated =
      task.tolerance == nil && value > task.threshold && key <= nearness * value
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
    let length = norm(point) * (child.posed.isMirrored ? -1 : 1)
    return BoxValue(
      value: child.posed.value, direction: point.map { $0 / length }, side: Int(child.head.side))
  }

  private func stackChild(_ index: Int, top: inout Int) {
    let child = children[index]
    let (shape, depth) = reserveFrame()
    shape.update(from: childShapes + index * shapeSize, count: shapeSize)
    depth.update(from: childDepths + index * axes, count: axes)
    var frame = child.parent
    frame.head = child.head
    let lower = frames.last?.top ?? 0
    if frame.rows.all > 16, Double(child.posed.mixed) < packing * Double(frame.rows.all) {
      blocks.reserve(top + (frame.rows.all + 16) * rowSize)
      frame.rows = fold(frame.rows, blocks.start + frame.start, frame.head, shape, to: top)
      frame.start = top
      top += frame.rows.all * rowSize
    }
    stack(frame, above: lower)
  }
}

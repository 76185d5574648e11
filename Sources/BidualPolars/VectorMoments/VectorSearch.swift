import BidualLinear

/// Depth-first search of boxes for an objective with several outputs, by one thread; as `MomentSearch`, save that a box and
/// its mirror image are two boxes, the sides 0 and 1.
final class VectorSearch {
  typealias Outcome = MomentSearch.Outcome
  typealias Task = MomentSearch.Task

  /// A box on the stack; its place stands in `shapes` and `depths`.
  private struct Frame {
    var head: BoxHead
    /// Where the block of its rows starts in `blocks`, and how many they are.
    var start: Int
    var rows: Int
    /// The first number behind the blocks of this and all lower frames.
    var top = 0
  }

  /// A box that is being bounded; its place stands in `childShapes` and `childDepths`.
  private struct Child {
    var head: BoxHead
    var parent: Frame
    var posed = VectorRelaxation.Posed()
    var sphere = SphereChord()
  }

  /// How many boxes are halved together.
  private static let width = 4
  /// A violating box is set aside once its bound is below this multiple of the value at its centre.
  private static let nearness = 1.25
  /// Rows are packed anew when fewer than this share of the block change sign.
  private static let packing = 0.7

  private let rank: Int
  private let axes: Int
  /// The numbers of a row in a block.
  private let rowSize: Int
  /// A shape is a box's centre, its half-lengths, and the linear part c×r.
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
  private let relaxation: VectorRelaxation
  private var task = Task(threshold: 0, tolerance: nil, level: 0, limit: 0)
  private var outcome: Outcome

  init(rank: Int, outputs: Int) {
    self.rank = rank
    axes = rank - 1
    rowSize = rank + 1 + outputs
    shapeSize = 2 * axes + outputs * rank
    let children = 2 * VectorSearch.width
    childShapes = .allocate(capacity: children * shapeSize)
    childDepths = .allocate(capacity: children * axes + 1)
    shares = .allocate(capacity: children * axes + 1)
    relaxation = VectorRelaxation(rank: rank, outputs: outputs, problems: 2 * children)
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
    _ list: Boxes, _ range: Range<Int>, objective: VectorObjective, task: Task, isCancelled: () -> Bool
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

  /// Makes room for one more frame; returns where its shape and its depths begin.
  private func reserveFrame() -> (shape: UnsafeMutablePointer<Double>, depths: UnsafeMutablePointer<UInt8>) {
    shapes.reserve((frames.count + 1) * shapeSize)
    depths.reserve((frames.count + 1) * axes)
    return (shapes.start + frames.count * shapeSize, depths.start + frames.count * axes)
  }

  /// Stacks a box with the rows that change sign on it.
  private func push(_ list: Boxes, _ index: Int, _ objective: VectorObjective) {
    let head = list.heads[index]
    let (shape, depth) = reserveFrame()
    list.read(index, center: shape, depths: depth)
    for j in 0..<axes { shape[axes + j] = Double(sign: .plus, exponent: -Int(depth[j]), significand: 1) }
    // The mirror image has the opposite odd part.
    for (k, slope) in objective.odd.enumerated() { shape[2 * axes + k] = head.side == 0 ? slope : -slope }
    let start = frames.last?.top ?? 0
    blocks.reserve(start + objective.block.count)
    let rows = objective.block.withUnsafeBufferPointer { block in
      objective.rows == 0 ? 0 : fold(objective.rows, block.baseAddress!, head, shape, to: start)
    }
    stack(Frame(head: head, start: start, rows: rows), above: start)
  }

  private func stack(_ frame: Frame, above top: Int) {
    var frame = frame
    frame.top = max(top, frame.start + frame.rows * rowSize)
    frames.append(frame)
  }

  /// Packs those rows that change sign at `start`, where there is room, and folds the others; returns the number of rows.
  private func fold(
    _ rows: Int, _ block: UnsafePointer<Double>, _ head: BoxHead, _ shape: UnsafeMutablePointer<Double>,
    to start: Int
  ) -> Int {
    relaxation.fold(
      rows, block, place(shape, head), linear: shape + 2 * axes, to: blocks.start + start)
  }

  private func place(_ shape: UnsafePointer<Double>, _ head: BoxHead) -> BoxPlace {
    BoxPlace(center: shape, half: shape + axes, face: Int(head.face), side: Int(head.side))
  }

  /// Takes a few boxes from the stack, bounds their halves, and stacks those that may hold more.
  private func advance(_ objective: VectorObjective) {
    children.removeAll(keepingCapacity: true)
    relaxation.duals.removeAll()
    // Blocks of boxes that were taken are still read while those of their halves are written.
    var top = frames.last?.top ?? 0
    while children.count < 2 * VectorSearch.width - 1, let frame = frames.popLast() {
      if frame.head.axis == BoxHead.unbounded {
        addChild(frame, side: 0)
      } else if frame.head.key <= task.threshold {
        outcome.settledBound = max(outcome.settledBound, frame.head.key)
      } else if frame.head.key <= task.level {
        leaveOpen(frame, at: frames.count)
      } else {
        addChild(frame, side: -1)
        addChild(frame, side: 1)
      }
    }
    outcome.nodes += children.count
    for index in children.indices { pose(index, objective) }
    solve(objective)
    for index in children.indices { conclude(index) }
    // The most promising box comes to lie on top.
    let order = children.indices.filter { children[$0].head.key > 0 }
      .sorted { (children[$0].head.key, $1) < (children[$1].head.key, $0) }
    for index in order { stackChild(index, top: &top) }
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
  private func pose(_ index: Int, _ objective: VectorObjective) {
    let shape = childShapes + index * shapeSize
    let frame = children[index].parent
    let place = place(shape, frame.head)
    let sphere = SphereChord(place, axes: axes)
    let posed = relaxation.pose(
      frame.rows, blocks.start + frame.start, place, linear: shape + 2 * axes, sphere,
      threshold: task.threshold, least: 0x1p-40 * objective.size)
    children[index].sphere = sphere
    children[index].posed = posed
    children[index].head.keys = SIMD2(repeating: min(frame.head.key, posed.crude))
    guard posed.problems[0] >= 0 else { return }
    for j in 0..<axes {
      shares[index * axes + j] =
        relaxation.share(j) + posed.level * (sphere.lost(place, j) + 1e-4 * place.half[j] * place.half[j])
    }
  }

  /// Solves the dual problems, takes in their bounds and picks the axes to halve.
  private func solve(_ objective: VectorObjective) {
    let scale = max(task.threshold, 0x1p-20 * objective.size)
    relaxation.duals.solve(barrier: 0.03 * scale / Double(max(axes, 1)))
    for index in children.indices {
      let (posed, sphere) = (children[index].posed, children[index].sphere)
      children[index].head.axis = BoxHead.unbounded
      guard posed.problems[0] >= 0 else { continue }
      var bound = relaxation.duals.bound(posed.problems[0])
      var problem = posed.problems[0]
      if posed.problems[1] >= 0, relaxation.duals.bound(posed.problems[1]) > bound {
        problem = posed.problems[1]
        bound = relaxation.duals.bound(problem)
      }
      let key = min(children[index].head.key, posed.level + max(0, bound) / sphere.nearest)
      children[index].head.keys = SIMD2(repeating: key)
      if key > task.threshold { children[index].head.axis = axis(index, problem: problem) }
    }
  }

  /// The axis whose halving promises most: the one that the bound pays most for.
  private func axis(_ index: Int, problem: Int) -> UInt8 {
    var best = BoxHead.unbounded
    var largest = -Double.infinity
    for j in 0..<axes where childDepths[index * axes + j] < Boxes.maximumDepth {
      let score = 2 * relaxation.duals.share(problem, axis: j) + shares[index * axes + j]
      if score > largest {
        largest = score
        best = UInt8(j)
      }
    }
    return best
  }

  /// Takes in what a child brought; one that needs no further search ends with a key of zero.
  private func conclude(_ index: Int) {
    let child = children[index]
    let value = child.posed.value
    if value > outcome.best?.value ?? 0 {
      outcome.best = boxValue(index)
      if let tolerance = task.tolerance {
        task.threshold = max(task.threshold, value * (1 + tolerance))
        task.level = max(task.level, task.threshold)
      }
    }
    let key = child.head.key
    let isViolated =
      task.tolerance == nil && value > task.threshold && key <= VectorSearch.nearness * value
    if isViolated, key > task.threshold {
      outcome.violators.append(boxValue(index))
      outcome.violatedBound = max(outcome.violatedBound, key)
    } else if key <= task.threshold || child.head.axis == BoxHead.unbounded {
      // What can't be halved any more stands as it is.
      outcome.settledBound = max(outcome.settledBound, key)
    } else {
      return
    }
    children[index].head.keys = SIMD2(repeating: 0)
  }

  private func boxValue(_ index: Int) -> BoxValue {
    let shape = childShapes + index * shapeSize
    let head = children[index].head
    var point = [Double](repeating: 1, count: rank)
    for j in 0..<axes { point[j < Int(head.face) ? j : j + 1] = shape[j] }
    let length = norm(point) * (head.side == 0 ? 1 : -1)
    return BoxValue(
      value: children[index].posed.value, direction: point.map { $0 / length }, side: Int(head.side))
  }

  private func stackChild(_ index: Int, top: inout Int) {
    let child = children[index]
    let (shape, depth) = reserveFrame()
    shape.update(from: childShapes + index * shapeSize, count: shapeSize)
    depth.update(from: childDepths + index * axes, count: axes)
    var frame = child.parent
    frame.head = child.head
    let lower = frames.last?.top ?? 0
    if frame.rows > 16, Double(child.posed.mixed) < VectorSearch.packing * Double(frame.rows) {
      blocks.reserve(top + (frame.rows + 8) * rowSize)
      frame.rows = fold(frame.rows, blocks.start + frame.start, frame.head, shape, to: top)
      frame.start = top
      top += frame.rows * rowSize
    }
    stack(frame, above: lower)
  }
}

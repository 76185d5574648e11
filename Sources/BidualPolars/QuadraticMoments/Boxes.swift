import BidualProcesses

/// What is known of a box beside its place.
struct BoxHead: Sendable {
  /// Stands for an axis where none was chosen yet, since the box was not bounded.
  static let unbounded: UInt8 = .max

  /// Upper bounds of the objective on the box and on its mirror image; with several outputs, where that is a box of its own,
  /// one for each problem of the box, the larger of which holds.
  var keys: SIMD2<Double>
  /// The coordinate that is 1 on the box.
  var face: UInt8
  /// The index of the objective (one a sign) that it belongs to.
  var side: UInt8
  /// The axis to halve next.
  var axis: UInt8

  /// The larger of the bounds.
  var key: Double { keys.max() }
}

/// Boxes on the faces of a cube, in little memory.
///
/// A box is a point of a face's `axes` coordinates and a side of half-length 2^−depth along each: all of them are
/// multiples of 2⁻³⁰, so that halving is exact.
package struct Boxes: Sendable {
  /// All numbers of some boxes, box after box.
  package struct Numbers: Sendable {
    /// The number of a box's coordinates.
    package let axes: Int
    /// Two upper bounds a box.
    package var bounds: [Double]
    /// Face, side and next axis of each box.
    package var marks: [UInt8]
    /// The coordinates of the centres, in units of 2⁻³⁰.
    package var centers: [Int32]
    /// How often each axis was halved.
    package var depths: [UInt8]

    /// Numbers as they are given.
    package init(axes: Int, bounds: [Double], marks: [UInt8], centers: [Int32], depths: [UInt8]) {
      self.axes = axes
      self.bounds = bounds
      self.marks = marks
      self.centers = centers
      self.depths = depths
    }
  }

  /// An axis is not halved more often than this.
  static let maximumDepth: UInt8 = 29
  /// The unit of the stored centres.
  static let unit = 0x1p-30

  let axes: Int
  private(set) var heads: [BoxHead] = []
  private var centers: [Int32] = []
  private var depths: [UInt8] = []

  init(axes: Int) { self.axes = axes }

  /// Boxes that another process wrote.
  init(from message: inout Message) {
    axes = message.next()
    heads = message.list()
    centers = message.list()
    depths = message.list()
  }

  /// Writes all boxes for other processes.
  func write(to message: inout Message) {
    message.append(axes)
    message.append(heads)
    message.append(centers)
    message.append(depths)
  }

  /// Boxes from their numbers; nil where these make none.
  package init?(_ numbers: Numbers) {
    axes = numbers.axes
    let count = numbers.bounds.count / 2
    guard (0..<Int(BoxHead.unbounded)).contains(axes), numbers.bounds.count == 2 * count,
      numbers.marks.count == 3 * count,
      numbers.centers.count == count * axes, numbers.depths.count == count * axes,
      numbers.bounds.allSatisfy(\.isFinite), numbers.depths.allSatisfy({ $0 <= Self.maximumDepth }),
      numbers.centers.allSatisfy({ $0.magnitude < 1 << 30 })
    else { return nil }
    for first in stride(from: 0, to: 3 * count, by: 3) {
      let (face, side, axis) = (numbers.marks[first], numbers.marks[first + 1], numbers.marks[first + 2])
      guard face <= axes, side <= 1, axis < axes || axis == BoxHead.unbounded else { return nil }
      heads.append(
        BoxHead(
          keys: SIMD2(numbers.bounds[2 * first / 3], numbers.bounds[2 * first / 3 + 1]), face: face,
          side: side, axis: axis))
    }
    centers = numbers.centers
    depths = numbers.depths
  }

  /// All numbers of the boxes.
  package var numbers: Numbers {
    Numbers(
      axes: axes, bounds: heads.flatMap { [$0.keys.x, $0.keys.y] },
      marks: heads.flatMap { [$0.face, $0.side, $0.axis] }, centers: centers, depths: depths)
  }

  var count: Int { heads.count }

  /// Bytes that a box takes.
  static func size(axes: Int) -> Int { MemoryLayout<BoxHead>.stride + 5 * axes }

  /// Adds a box from its centre and half-lengths.
  mutating func append(_ head: BoxHead, center: UnsafePointer<Double>, depths added: UnsafePointer<UInt8>) {
    heads.append(head)
    for j in 0..<axes {
      centers.append(Int32(center[j] / Self.unit))
      depths.append(added[j])
    }
  }

  /// The faces of a cube for both sides, with this bound.
  static func faces(rank: Int, key: Double) -> Boxes {
    var faces = Boxes(axes: rank - 1)
    for side in 0..<2 {
      for face in 0..<rank {
        faces.heads.append(
          BoxHead(
            keys: SIMD2(repeating: key), face: UInt8(face), side: UInt8(side), axis: BoxHead.unbounded))
      }
    }
    faces.centers = [Int32](repeating: 0, count: 2 * rank * faces.axes)
    faces.depths = [UInt8](repeating: 0, count: 2 * rank * faces.axes)
    return faces
  }

  /// Adds a copy of a box of another list.
  mutating func append(_ index: Int, of other: Boxes) {
    heads.append(other.heads[index])
    centers.append(contentsOf: other.centers[(index * axes)..<((index + 1) * axes)])
    depths.append(contentsOf: other.depths[(index * axes)..<((index + 1) * axes)])
  }

  /// Puts a copy of a box of another list in the place of a box of this one.
  mutating func replace(_ place: Int, by index: Int, of other: Boxes) {
    heads[place] = other.heads[index]
    for j in 0..<axes {
      centers[place * axes + j] = other.centers[index * axes + j]
      depths[place * axes + j] = other.depths[index * axes + j]
    }
  }

  /// All that says where the boxes are.
  var places: [Double] {
    heads.flatMap { [Double($0.face), Double($0.side)] } + centers.map { Double($0) }
      + depths.map { Double($0) }
  }

  /// Writes out a box's centre, and how often each axis was halved.
  func read(_ index: Int, center: UnsafeMutablePointer<Double>, depths out: UnsafeMutablePointer<UInt8>) {
    for j in 0..<axes {
      center[j] = Double(centers[index * axes + j]) * Self.unit
      out[j] = depths[index * axes + j]
    }
  }
}

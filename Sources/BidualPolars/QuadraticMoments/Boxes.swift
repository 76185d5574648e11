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
struct Boxes: Sendable {
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

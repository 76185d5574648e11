import HeapModule

/// The boxes that wait to be searched, the largest bound first; ties go by age.
struct BoxPool {
  private struct Entry: Comparable {
    let key: Double
    let sequence: Int
    let place: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.key, b.sequence) < (b.key, a.sequence) }
    static func == (a: Entry, b: Entry) -> Bool { a.sequence == b.sequence }
  }

  private var boxes: Boxes
  private var vacant: [Int] = []
  private var heap = Heap<Entry>()
  private var sequence = 0

  init(axes: Int) { boxes = Boxes(axes: axes) }

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }

  /// The largest bound.
  var largestKey: Double? { heap.max?.key }

  /// Adds a copy of a box of a list.
  mutating func insert(_ index: Int, of list: Boxes) {
    let place: Int
    if let free = vacant.popLast() {
      boxes.replace(free, by: index, of: list)
      place = free
    } else {
      place = boxes.count
      boxes.append(index, of: list)
    }
    heap.insert(Entry(key: list.heads[index].key, sequence: sequence, place: place))
    sequence += 1
  }

  /// The boxes, the largest bound first.
  var inOrder: Boxes {
    var (pool, all) = (self, Boxes(axes: boxes.axes))
    while !pool.isEmpty { pool.popMax(into: &all) }
    return all
  }

  /// Keeps the boxes of a share; returns where all of them are, in order.
  mutating func keep(_ share: SearchShare) -> [Double] {
    let all = inOrder
    self = BoxPool(axes: all.axes)
    for index in share.own(all.count) { insert(index, of: all) }
    return all.places
  }

  /// Moves the box of the largest bound to the end of a list.
  mutating func popMax(into list: inout Boxes) {
    guard let entry = heap.popMax() else { return }
    list.append(entry.place, of: boxes)
    vacant.append(entry.place)
  }
}

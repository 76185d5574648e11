import BidualLinear
import BidualModels

/// The elements of a NumPy file, converted to doubles block by block.
struct NPYElements {
  private let header: NPYHeader
  private let stream: FileStream
  /// Elements a block: half a megabyte of doubles, which stays in a processor's cache.
  private static let blockLength = 1 << 16

  /// The elements behind a header that was read from the stream.
  ///
  /// - Throws: `DataError` of kind `badData` where the file is known to be shorter or longer than the header says.
  init(_ header: NPYHeader, _ stream: FileStream) throws(DataError) {
    self.header = header
    self.stream = stream
    guard let size = stream.size else { return }
    let stored = size - header.dataStart
    guard stored >= header.dataSize else { throw cutShort(stored) }
    guard stored == header.dataSize else { throw tooLong("it holds \(stored)") }
  }

  /// All elements in C order.
  ///
  /// - Throws: `DataError` of kind `badData` where the file is shorter or longer than the header says; of
  ///   kind `missingInput` where it can't be read.
  /// - Complexity: O(elements · axes).
  func all() throws(DataError) -> [Double] {
    try requireMemory(header.count)
    return header.isFortranOrder ? try reordered() : try selected(nil)
  }

  /// The elements whose last indices, flattened to columns, are the listed ones, in the listed order.
  ///
  /// - Throws: as `all()`.
  /// - Complexity: O(elements · axes).
  func columns(_ columns: [Int], of width: Int) throws(DataError) -> [Double] {
    guard !columns.elementsEqual(0..<width) else { return try all() }
    // Rows are read whole, and a long one that only a pipe's header promises may never come.
    if !header.isFortranOrder, stream.size != nil || width <= Self.blockLength {
      try requireMemory(max(width, header.count / width * columns.count))
      return try selected((columns, width))
    }
    let elements = try all()
    var picked: [Double] = []
    picked.reserveCapacity(elements.count / width * columns.count)
    for first in stride(from: 0, to: elements.count, by: width) {
      for column in columns { picked.append(elements[first + column]) }
    }
    return picked
  }

  /// Elements in the order of the file, all of them or some of each row.
  private func selected(_ choice: (columns: [Int], width: Int)?) throws(DataError) -> [Double] {
    var elements: [Double] = []
    // The size of a pipe is the header's word alone: room is made as elements come.
    if stream.size != nil {
      elements.reserveCapacity(choice.map { header.count / $0.width * $0.columns.count } ?? header.count)
    }
    // Rows stay whole where some of their columns are picked.
    let unit = choice?.width ?? 1
    try forEachBlock(of: max(1, Self.blockLength / unit) * unit) { block in
      guard let choice else { return elements.append(contentsOf: block) }
      for first in stride(from: 0, to: block.count, by: choice.width) {
        for column in choice.columns { elements.append(block[first + column]) }
      }
    }
    return elements
  }

  /// The elements of a file in Fortran order, each put to its place in C order.
  private func reordered() throws(DataError) -> [Double] {
    var odometer = FortranOdometer(header.shape)
    // On a header's word alone no room is made: what a pipe holds is read first.
    let piped = stream.size == nil ? try selected(nil) : nil
    var elements = [Double](repeating: 0, count: header.count)
    if let piped {
      for element in piped { elements[odometer.next()] = element }
    } else {
      try forEachBlock(of: Self.blockLength) { block in
        for element in block { elements[odometer.next()] = element }
      }
    }
    return elements
  }

  /// Calls `body` with so many elements at a time, and with the rest at last, in the order of the file.
  private func forEachBlock(
    of length: Int, _ body: (UnsafeBufferPointer<Double>) -> Void
  ) throws(DataError) {
    let size = header.element.size
    let length = min(length, header.count)
    var bytes = [UInt8](repeating: 0, count: length * size)
    var doubles = [Double](repeating: 0, count: length)
    for first in stride(from: 0, to: header.count, by: length) {
      let count = min(length, header.count - first)
      if count < length { bytes.removeLast((length - count) * size) }
      let got = try stream.read(&bytes)
      guard got == count * size else { throw cutShort(first * size + got) }
      header.element.decode(bytes, count: count, to: &doubles)
      doubles.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }
    guard try stream.bytes(1).isEmpty else { throw tooLong("more follow") }
  }

  /// Refuses to hold so many doubles where the machine's memory could not.
  private func requireMemory(_ doubles: Int) throws(DataError) {
    let bytes = 8 * Double(doubles)
    guard PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "the NumPy file's header promises \(doubles) numbers to hold, which take \(PhysicalMemory.text(bytes)), more than this machine's memory; save fewer rows or columns"
      )
    }
  }

  private func cutShort(_ stored: Int) -> DataError {
    DataError(
      .badData,
      "the NumPy file is cut short: its header promises \(header.dataSize) bytes of data, but it holds \(stored); copy or save it again"
    )
  }

  private func tooLong(_ found: String) -> DataError {
    DataError(
      .badData,
      "the NumPy file's header promises \(header.dataSize) bytes of data, but \(found); save one array a file"
    )
  }
}

/// The places in C order of the elements of an array in Fortran order, one after the other.
private struct FortranOdometer {
  private let shape: [Int]
  private var strides: [Int]
  private var index: [Int]
  private var place = 0

  init(_ shape: [Int]) {
    self.shape = shape
    index = Array(repeating: 0, count: shape.count)
    strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
  }

  /// The place of the next element; the first wheel runs fastest.
  mutating func next() -> Int {
    defer {
      for axis in shape.indices {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
    return place
  }
}

import BidualModels

/// What the head of a NumPy file says of the array that follows.
struct NPYHeader {
  /// The type of the elements.
  let element: NPYElement
  /// Whether the first index runs fastest, rather than the last.
  let isFortranOrder: Bool
  /// The length of each axis.
  let shape: [Int]
  /// Where the elements start in the file.
  let dataStart: Int

  /// The six bytes that every NumPy file starts with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The bytes of the elements, as the shape has it.
  let dataSize: Int

  /// The number of elements.
  var count: Int { dataSize / element.size }

  /// Reads the head of a file, and leaves the stream at the first element.
  ///
  /// - Throws: `DataError` of kind `badData` where the bytes are no NumPy file of version 1, 2 or 3,
  ///   the elements have a type that Bidual does not read, or the array is empty or too large to count; of
  ///   kind `missingInput` where the stream can't be read.
  /// - Complexity: O(header).
  init(_ stream: FileStream) throws(DataError) {
    var start = try stream.bytes(10)
    guard start.starts(with: Self.magic) else {
      throw DataError(.badData, "the file is not a NumPy array; save it with numpy.save")
    }
    guard start.count == 10 else { throw Self.cutShort }
    guard 1...3 ~= start[6] else {
      throw DataError(
        .badData, "NumPy format version \(start[6]) is unknown; save the array in version 1, 2 or 3")
    }
    let lengthBytes = start[6] == 1 ? 2 : 4
    start += try stream.bytes(lengthBytes - 2)
    guard start.count == 8 + lengthBytes else { throw Self.cutShort }
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(start[8 + $1]) << (8 * $1) }
    let text = try stream.bytes(length)
    guard text.count == length else { throw Self.cutShort }
    dataStart = start.count + length
    var fields = NPYFields(text[...])
    guard fields.parse(), let shape = fields.shape, let isFortranOrder = fields.isFortranOrder,
      let descriptor = fields.descriptor
    else {
      throw DataError(.badData, "the NumPy header can't be understood; save the array again with numpy.save")
    }
    guard let element = NPYElement(descriptor: descriptor) else {
      throw DataError(
        .badData,
        "element type '\(Excerpt(descriptor))' is not supported; convert the array with astype('<f8') before saving"
      )
    }
    self.shape = shape
    self.isFortranOrder = isFortranOrder
    self.element = element
    let (size, overflows) = try NPYArray.count(shape).multipliedReportingOverflow(by: element.size)
    guard !overflows else { throw NPYArray.tooLarge(shape) }
    dataSize = size
  }

  private static var cutShort: DataError {
    DataError(.badData, "the NumPy file ends inside its header; copy or save it again")
  }
}

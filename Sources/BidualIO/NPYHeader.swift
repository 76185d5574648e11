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

  /// Reads the head of a file.
  ///
  /// - Throws: `DataError` of kind `badData` where the bytes are no NumPy file of version 1, 2 or 3,
  ///   or the elements have a type that Bidual does not read.
  /// - Complexity: O(header).
  init(_ bytes: [UInt8]) throws(DataError) {
    guard bytes.starts(with: Self.magic) else {
      throw DataError(.badData, "the file is not a NumPy array; save it with numpy.save")
    }
    guard bytes.count >= 10 else { throw Self.cutShort }
    guard 1...3 ~= bytes[6] else {
      throw DataError(
        .badData, "NumPy format version \(bytes[6]) is unknown; save the array in version 1, 2 or 3")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthBytes else { throw Self.cutShort }
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    dataStart = 8 + lengthBytes + length
    guard bytes.count >= dataStart else { throw Self.cutShort }
    var fields = NPYFields(bytes[(8 + lengthBytes)..<dataStart])
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
  }

  private static var cutShort: DataError {
    DataError(.badData, "the NumPy file ends inside its header; copy or save it again")
  }
}

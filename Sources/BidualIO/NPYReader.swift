import BidualModels

/// Reads arrays from NumPy files, format versions 1 to 3.
///
/// Elements may be little-endian floats of 4 or 8 bytes, integers of 1 to 8 bytes with or without sign,
/// or booleans; integers beyond 2⁵³ are rounded to the nearest double.
public enum NPYReader {
  /// The array in the file at a path; the path `-` stands for standard input.
  ///
  /// - Throws: `DataError` of kind `missingInput` where the file can't be read, or of kind `badData`,
  ///   the path before the message, where its content is bad.
  /// - Complexity: O(bytes).
  public static func array(path: String) throws(DataError) -> NPYArray {
    let bytes = try FileContents.read(path: path)
    do {
      return try array(bytes: bytes)
    } catch {
      throw DataError(error.kind, "\(path): \(error.description)")
    }
  }

  /// The array in the bytes of a NumPy file.
  ///
  /// Nothing is allocated on the word of the header before the size of the file bears it out.
  ///
  /// - Throws: `DataError` of kind `badData` where the header is damaged or names an unsupported type,
  ///   the file is shorter or longer than the header says, or an entry is not finite.
  /// - Complexity: O(bytes · axes).
  public static func array(bytes: [UInt8]) throws(DataError) -> NPYArray {
    let header = try NPYHeader(bytes)
    let count = try NPYArray.count(header.shape)
    let (size, overflows) = count.multipliedReportingOverflow(by: header.element.size)
    guard !overflows else { throw NPYArray.tooLarge(header.shape) }
    let stored = bytes.count - header.dataStart
    guard stored >= size else {
      throw DataError(
        .badData,
        "the NumPy file is cut short: its header promises \(size) bytes of data, but it holds \(stored); copy or save it again"
      )
    }
    guard stored == size else {
      throw DataError(
        .badData,
        "the NumPy file's header promises \(size) bytes of data, but it holds \(stored); save one array a file"
      )
    }
    let elements = header.element.doubles(in: bytes[header.dataStart...])
    return try NPYArray(
      shape: header.shape,
      elements: header.isFortranOrder ? rowMajor(elements, shape: header.shape) : elements)
  }

  /// The elements with the last index running fastest, from those with the first running fastest.
  private static func rowMajor(_ elements: [Double], shape: [Int]) -> [Double] {
    var strides: [Int] = []
    var stride = 1
    for length in shape {
      strides.append(stride)
      stride *= length
    }
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    return elements.indices.map { _ in
      let element = elements[source]
      // Step the index on, as an odometer does, and the source with it.
      for axis in shape.indices.reversed() {
        index[axis] += 1
        source += strides[axis]
        if index[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        index[axis] = 0
      }
      return element
    }
  }
}

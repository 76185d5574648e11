import BidualModels

/// Reads arrays from NumPy files, format versions 1 to 3.
///
/// Elements may be little-endian floats of 4 or 8 bytes, integers of 1 to 8 bytes with or without sign,
/// or booleans; integers beyond 2⁵³ are rounded to the nearest double. They are converted block by block as
/// the file is read, so that beside the array only a block is in memory.
public enum NPYReader {
  /// The array in the file at a path; the path `-` stands for standard input.
  ///
  /// - Throws: `DataError` of kind `missingInput` where the file can't be read, or of kind `badData`,
  ///   the path before the message, where its content is bad.
  /// - Complexity: O(bytes · axes).
  public static func array(path: String) throws(DataError) -> NPYArray {
    let stream = try FileStream(path: path)
    do {
      return try array(stream)
    } catch {
      guard error.kind == .badData else { throw error }
      throw error.located(in: path)
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
    try array(FileStream(bytes: bytes))
  }

  private static func array(_ stream: FileStream) throws(DataError) -> NPYArray {
    let header = try NPYHeader(stream)
    return try NPYArray(shape: header.shape, elements: try NPYElements(header, stream).all())
  }
}

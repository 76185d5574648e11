import BidualModels

/// Reads whole files into memory.
public enum FileContents {
  /// All bytes of the file at a path; the path `-` stands for standard input.
  ///
  /// Pipes and devices are read to their end.
  ///
  /// - Throws: `DataError` of kind `missingInput` where the file is not there, is a folder or can't
  ///   be read.
  /// - Complexity: O(bytes).
  public static func read(path: String) throws(DataError) -> [UInt8] {
    try FileStream(path: path).rest()
  }
}

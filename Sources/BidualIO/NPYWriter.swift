import BidualModels

/// Writes arrays as NumPy files of little-endian doubles in C order.
public enum NPYWriter {
  /// The NumPy file of an array, of format version 1 (of version 2 where the header is long).
  ///
  /// - Complexity: O(entries).
  public static func bytes(_ array: NPYArray) -> [UInt8] {
    let lengths = array.shape.map(String.init).joined(separator: ", ") + (array.shape.count == 1 ? "," : "")
    let fields = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (\(lengths)), }".utf8)
    let lengthBytes = fields.count + 64 < 1 << 16 ? 2 : 4
    // The data start at a multiple of 64 bytes, behind a line end.
    let used = NPYHeader.magic.count + 2 + lengthBytes + fields.count + 1
    let padding = (64 - used % 64) % 64
    let length = fields.count + padding + 1
    var bytes = NPYHeader.magic + [lengthBytes == 2 ? 1 : 2, 0]
    bytes.reserveCapacity(used + padding + 8 * array.elements.count)
    for place in 0..<lengthBytes { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * place))) }
    bytes += fields
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    bytes.append(UInt8(ascii: "\n"))
    for element in array.elements {
      withUnsafeBytes(of: element.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Writes the array to the file at a path, whole or not at all.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`, as `AtomicFile.write(_:to:)`.
  /// - Complexity: O(entries).
  public static func write(_ array: NPYArray, to path: String) throws(DataError) {
    try AtomicFile.write(bytes(array), to: path)
  }
}

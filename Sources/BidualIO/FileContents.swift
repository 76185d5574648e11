import BidualModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
    guard path != "-" else { return try read(descriptor: 0, name: "standard input") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, .last) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, name: path)
  }

  private static func read(descriptor: Int32, name: String) throws(DataError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(name, .last) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(name, SystemFailure(code: EISDIR)) }
    // One byte more than the size, so that the end shows without growing the buffer.
    var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size) + 1, 1 << 16))
    var filled = 0
    while true {
      if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: filled)) }
      let got = bytes.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
        #elseif canImport(Musl)
          Musl.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
        #else
          Darwin.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
        #endif
      }
      if got > 0 {
        filled += got
      } else if got == 0 {
        bytes.removeLast(bytes.count - filled)
        return bytes
      } else if errno != EINTR {
        throw unreadable(name, .last)
      }
    }
  }

  private static func unreadable(_ name: String, _ failure: SystemFailure) -> DataError {
    DataError(.missingInput, "can't read '\(name)': \(failure.reason); \(failure.remedy)")
  }
}

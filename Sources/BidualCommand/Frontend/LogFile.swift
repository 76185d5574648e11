import Bidual

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A log of JSON lines that grows while the program runs, each line whole.
final class LogFile {
  private let descriptor: Int32
  private let encoder = JSONEncoder()

  /// Opens the file, to go on at its end if `appending`, else empty.
  init(_ path: String, appending: Bool = false) throws {
    try AtomicFile.check(path)
    descriptor = open(path, O_WRONLY | O_CREAT | (appending ? O_APPEND : O_TRUNC) | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DataError(
        .cannotWrite, "can't write '\(path)': \(String(cString: strerror(errno))); name another file")
    }
    encoder.outputFormatting = [.sortedKeys]
  }

  deinit { close(descriptor) }

  func append(_ line: some Encodable) {
    guard var bytes = try? encoder.encode(line) else { return }
    bytes.append(UInt8(ascii: "\n"))
    WholeWrite.put([UInt8](bytes), into: descriptor)
  }
}

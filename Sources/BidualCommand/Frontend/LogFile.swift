import Bidual
import BidualIO
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A log of JSON lines that grows while the program runs, each line whole.
final class LogFile {
  private let descriptor: FileDescriptor
  private let encoder = JSONEncoder()

  /// Opens the file, to go on at its end if `appending`, else empty.
  init(_ path: String, appending: Bool = false) throws {
    try AtomicFile.check(path)
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly, options: [.create, appending ? .append : .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch let error as Errno {
      throw DataError(.cannotWrite, "can't write '\(path)': \(error.reason); \(error.remedy)")
    }
    encoder.outputFormatting = [.sortedKeys]
  }

  deinit { try? descriptor.close() }

  func append(_ line: some Encodable) {
    guard var bytes = try? encoder.encode(line) else { return }
    bytes.append(UInt8(ascii: "\n"))
    _ = try? descriptor.writeAll(bytes)
  }
}

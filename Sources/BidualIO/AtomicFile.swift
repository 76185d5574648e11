import BidualModels
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes whole files so that a reader sees the old content or the new, never a part.
package enum AtomicFile {
  /// Puts the bytes into the file at a path, replacing what stood there.
  ///
  /// The bytes go to a temporary file in the same folder, which is flushed to disk and then renamed.
  /// A symbolic link stays, and the file it leads to is replaced. New files have mode 0644 less the
  /// process's mask.
  ///
  /// - Throws: `DataError` of kind `cannotWrite` where the path is a folder or a device, its folder is
  ///   missing or closed to us, or the disk is full; no temporary file is left then.
  /// - Complexity: O(bytes).
  package static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    let destination = try destination(path)
    let folder = destination.lastIndex(of: "/").map { destination[...$0] } ?? ""
    // A name of its own: the file's name plus a suffix could be longer than the system allows.
    let temporary = "\(folder).bidual-\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
    let descriptor: FileDescriptor
    do throws(Errno) { descriptor = try create(temporary) } catch {
      throw unwritable(path, error, inFolder: true)
    }
    do throws(Errno) {
      try Errno.typed {
        try descriptor.closeAfter {
          try descriptor.writeAll(bytes)
          guard fsync(descriptor.rawValue) == 0 else { throw Errno.last }
        }
      }
      guard rename(temporary, destination) == 0 else { throw .last }
    } catch {
      unlink(temporary)
      throw unwritable(path, error)
    }
  }

  private static func create(_ path: String) throws(Errno) -> FileDescriptor {
    try Errno.typed {
      try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    }
  }

  /// Puts the text, as UTF-8, into the file at a path, replacing what stood there.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`, as `write(_:to:)` for bytes.
  /// - Complexity: O(bytes).
  package static func write(_ text: String, to path: String) throws(DataError) {
    try write(Array(text.utf8), to: path)
  }

  /// Whether anything stands at a path.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Finds out early whether a file can be put at a path, before work is spent on its content.
  ///
  /// - Throws: `DataError` of kind `cannotWrite` where the path is a folder or a device, or its folder is
  ///   missing or closed to us.
  package static func check(_ path: String) throws(DataError) {
    let destination = try destination(path)
    let folder = destination.lastIndex(of: "/").map { String(destination[...$0]) } ?? "."
    guard access(folder, W_OK | X_OK) == 0 else { throw unwritable(path, .last, inFolder: true) }
  }

  /// The path behind symbolic links, once it is known to be a place for a file.
  private static func destination(_ path: String) throws(DataError) -> String {
    guard !path.isEmpty else {
      throw DataError(.cannotWrite, "can't write to an empty path; name a file")
    }
    guard let type = try? Stat(path).type else {
      guard path.last != "/" else { throw unwritable(path, .isDirectory) }
      return path
    }
    guard type != .directory else { throw unwritable(path, .isDirectory) }
    guard type == .regular else {
      throw DataError(
        .cannotWrite, "can't write '\(path)': it is a device or a pipe; name an ordinary file")
    }
    guard let resolved = realpath(path, nil) else { throw unwritable(path, .last) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func unwritable(
    _ path: String, _ failure: Errno, inFolder: Bool = false
  ) -> DataError {
    guard !(inFolder && failure == .noSuchFileOrDirectory) else {
      return DataError(
        .cannotWrite, "can't write '\(path)': its folder does not exist; create the folder first")
    }
    return DataError(.cannotWrite, "can't write '\(path)': \(failure.reason); \(failure.remedy)")
  }
}

extension Errno {
  /// The failure of the call just made, of those that SystemPackage lacks.
  fileprivate static var last: Errno { Errno(rawValue: errno) }
}

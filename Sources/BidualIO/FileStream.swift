import BidualLinear
import BidualModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file, a pipe or an array, read from front to back in pieces.
///
/// Large files are read in pieces rather than mapped into memory: a page of a mapping that another process
/// has cut off ends the program by a signal, while a read comes up short, which can be told. Neither keeps
/// a copy of the file, and both take the same time where every byte is looked at once.
final class FileStream {
  /// What messages call it.
  let name: String
  /// The number of bytes from the start to the end, where an ordinary file or an array tells.
  let size: Int?

  private let descriptor: Int32?
  private let isOwned: Bool
  /// Bytes that were read ahead, and how many of them were handed out.
  private var ahead: [UInt8]
  private var used = 0

  /// Opens the file at a path; the path `-` stands for standard input.
  ///
  /// - Throws: `DataError` of kind `missingInput` where the file is not there, is a folder or can't be read.
  init(path: String) throws(DataError) {
    isOwned = path != "-"
    name = isOwned ? path : "standard input"
    ahead = []
    let descriptor = isOwned ? open(path, O_RDONLY | O_CLOEXEC) : 0
    guard descriptor >= 0 else { throw Self.unreadable(name, .last) }
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(name, .last) }
    let type = status.st_mode & S_IFMT
    guard type != S_IFDIR else { throw Self.unreadable(name, SystemFailure(code: EISDIR)) }
    // Standard input may have been read from before.
    size = type == S_IFREG ? max(0, Int(status.st_size) - max(0, Int(lseek(descriptor, 0, SEEK_CUR)))) : nil
  }

  /// A stream of bytes in memory.
  init(bytes: [UInt8], name: String = "") {
    self.name = name
    size = bytes.count
    descriptor = nil
    isOwned = false
    ahead = bytes
  }

  deinit { if let descriptor, isOwned { close(descriptor) } }

  /// The first bytes of the stream without taking them, fewer where it is shorter; to be asked before reading.
  func start(_ count: Int) throws(DataError) -> [UInt8] {
    if ahead.isEmpty { ahead = try bytes(count) }
    return Array(ahead.prefix(count))
  }

  /// The next bytes, fewer where the stream ends; memory is taken as they come.
  func bytes(_ count: Int) throws(DataError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let filled = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: min(count - filled, 1 << 20)))
      let got = try read(&bytes, from: filled)
      if filled + got < bytes.count {
        bytes.removeLast(bytes.count - filled - got)
        break
      }
    }
    return bytes
  }

  /// All bytes that are left.
  func rest() throws(DataError) -> [UInt8] {
    try requireMemory(size ?? 0)
    // One byte more than the size, so that the end shows without growing the buffer.
    var bytes = [UInt8](repeating: 0, count: max((size ?? 0) + 1, 1 << 16))
    var filled = 0
    while true {
      filled += try read(&bytes, from: filled)
      if filled < bytes.count {
        bytes.removeLast(bytes.count - filled)
        return bytes
      }
      try requireMemory(2 * filled)
      bytes.append(contentsOf: repeatElement(0, count: filled))
    }
  }

  /// Refuses to hold so many bytes where the machine's memory could not.
  private func requireMemory(_ bytes: Int) throws(DataError) {
    guard PhysicalMemory.holds(Double(bytes)) else {
      throw DataError(
        .missingInput,
        "can't read '\(name)': it does not fit into this machine's memory of \(PhysicalMemory.text(PhysicalMemory.bytes)); give a smaller file"
      )
    }
  }

  /// Fills a buffer from a place on, unless the stream ends before; returns how many bytes came.
  func read(_ buffer: inout [UInt8], from place: Int = 0) throws(DataError) -> Int {
    var filled = place
    if used < ahead.count {
      let count = min(ahead.count - used, buffer.count - place)
      buffer.replaceSubrange(place..<(place + count), with: ahead[used..<(used + count)])
      used += count
      filled += count
    }
    guard let descriptor else { return filled - place }
    while filled < buffer.count {
      let got = buffer.withUnsafeMutableBytes { buffer in
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
        break
      } else if errno != EINTR {
        throw Self.unreadable(name, .last)
      }
    }
    return filled - place
  }

  private static func unreadable(_ name: String, _ failure: SystemFailure) -> DataError {
    DataError(.missingInput, "can't read '\(name)': \(failure.reason); \(failure.remedy)")
  }
}

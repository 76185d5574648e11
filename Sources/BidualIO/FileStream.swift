import BidualLinear
import BidualModels
import SystemPackage

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

  private let descriptor: FileDescriptor?
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
    do throws(Errno) {
      let descriptor =
        isOwned
        ? try Errno.typed { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) } : .standardInput
      self.descriptor = descriptor
      let status = try descriptor.stat()
      guard status.type != .directory else { throw .isDirectory }
      // Standard input may have been read from before.
      let place = (try? descriptor.seek(offset: 0, from: .current)) ?? 0
      size = status.type == .regular ? max(0, Int(status.size - place)) : nil
    } catch {
      throw Self.unreadable(name, error)
    }
  }

  /// A stream of bytes in memory.
  init(bytes: [UInt8], name: String = "") {
    self.name = name
    size = bytes.count
    descriptor = nil
    isOwned = false
    ahead = bytes
  }

  deinit { if isOwned { try? descriptor?.close() } }

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
      do throws(Errno) {
        let got = try Errno.typed {
          try buffer.withUnsafeMutableBytes { try descriptor.read(into: .init(rebasing: $0[filled...])) }
        }
        if got == 0 { break }
        filled += got
      } catch {
        throw Self.unreadable(name, error)
      }
    }
    return filled - place
  }

  private static func unreadable(_ name: String, _ failure: Errno) -> DataError {
    DataError(.missingInput, "can't read '\(name)': \(failure.reason); \(failure.remedy)")
  }
}

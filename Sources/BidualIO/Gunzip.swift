import BidualLinear
import BidualModels
import CZlib

/// Expands gzip files, of one member or several.
enum Gunzip {
  /// The first bytes of a gzip file.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// The expanded bytes.
  ///
  /// - Throws: `DataError` of kind `badData`, without a path, for data that are damaged, cut short or more than the machine's memory holds.
  /// - Complexity: O(expanded bytes).
  static func expanded(_ bytes: [UInt8]) throws(DataError) -> [UInt8] {
    var stream = z_stream()
    guard bidual_gunzip_begin(&stream) == Z_OK else {
      throw DataError(.badData, "gzip data can't be read for lack of memory; expand the file before")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var used = 0
    while true {
      // The library counts input by 32 bits.
      let offered = min(bytes.count - used, 1 << 30)
      let (code, taken, made) = bytes.withUnsafeBufferPointer { input in
        piece.withUnsafeMutableBufferPointer { output in
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + used })
          stream.avail_in = UInt32(offered)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let code = inflate(&stream, Z_NO_FLUSH)
          return (code, offered - Int(stream.avail_in), output.count - Int(stream.avail_out))
        }
      }
      used += taken
      result += piece[..<made]
      guard PhysicalMemory.holds(2 * Double(result.count)) else {
        throw DataError(.badData, "the gzip data are larger than this machine's memory; give fewer rows")
      }
      switch code {
      case Z_STREAM_END:
        let rest = bytes[used...]
        // Behind the last member there may be zeros, with which tapes and disks are filled up.
        if rest.allSatisfy({ $0 == 0 }) { return result }
        guard rest.starts(with: magic), inflateReset(&stream) == Z_OK else {
          throw DataError(.badData, "something else follows the gzip data; compress the file again")
        }
      case Z_OK where taken > 0 || made > 0: break
      case Z_OK, Z_BUF_ERROR:
        throw DataError(.badData, "the gzip data are cut short; copy the file again")
      default: throw DataError(.badData, "the gzip data are damaged; copy or compress the file again")
      }
    }
  }
}

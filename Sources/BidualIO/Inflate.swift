import CZlib

/// Expands a deflated stream that has no head of its own, as zip archives hold them.
enum Inflate {
  /// How many times its size a deflated stream can hold at most.
  static let largestRatio = 1032

  /// The first bytes of what a stream holds, so many of them; nil where it is damaged, ends before, or memory lacks.
  ///
  /// - Complexity: O(size).
  static func expanded(_ bytes: ArraySlice<UInt8>, to size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard bidual_inflate_begin(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var result = [UInt8](repeating: 0, count: size)
    var (used, made) = (0, 0)
    while made < size {
      // The library counts by 32 bits.
      let offered = min(bytes.count - used, 1 << 30)
      let room = min(size - made, 1 << 30)
      let code = bytes.withUnsafeBufferPointer { input in
        result.withUnsafeMutableBufferPointer { output in
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + used })
          stream.avail_in = UInt32(offered)
          stream.next_out = output.baseAddress.map { $0 + made }
          stream.avail_out = UInt32(room)
          return inflate(&stream, Z_NO_FLUSH)
        }
      }
      let (taken, got) = (offered - Int(stream.avail_in), room - Int(stream.avail_out))
      used += taken
      made += got
      guard code == Z_OK ? taken > 0 || got > 0 : code == Z_STREAM_END && made == size else { return nil }
    }
    return result
  }

  /// The CRC-32 of bytes.
  ///
  /// - Complexity: O(bytes).
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { bytes in
      stride(from: 0, to: bytes.count, by: 1 << 30).reduce(UInt32(0)) { sum, first in
        let count = min(bytes.count - first, 1 << 30)
        return UInt32(truncatingIfNeeded: crc32(numericCast(sum), bytes.baseAddress! + first, UInt32(count)))
      }
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes all of some bytes to an open file, a pipe or a terminal: what the system took only a part of is offered again, and so is what a
/// signal interrupted.
package enum WholeWrite {
  /// Writes the bytes; what went wrong, if something did.
  ///
  /// - Complexity: O(bytes).
  @discardableResult
  package static func put(_ bytes: [UInt8], into descriptor: Int32) -> SystemFailure? {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let put = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        if put > 0 {
          written += put
        } else if put == 0 || errno != EINTR {
          return .last
        }
      }
      return nil
    }
  }
}

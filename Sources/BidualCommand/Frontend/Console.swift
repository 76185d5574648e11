import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The two output streams: results go to standard output, everything else to standard error.
enum Console {
  /// Whether a person watches standard error.
  static var isInteractive: Bool { isatty(2) == 1 }

  /// Keeps a reader that goes away from ending the program: files are still to be written.
  static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }

  /// Writes a line of results.
  static func print(_ line: String) { put(line + "\n", to: .standardOutput) }

  /// Writes bytes of results.
  static func print(_ bytes: [UInt8]) { put(bytes, to: .standardOutput) }

  /// Writes a line of remarks.
  static func note(_ line: String) { put(line + "\n", to: .standardError) }

  /// Overwrites the current line of remarks, without a line's end.
  static func overwrite(_ text: String) { put("\r\u{1B}[K" + text, to: .standardError) }

  private static func put(_ text: String, to stream: FileDescriptor) { put(Array(text.utf8), to: stream) }

  /// A reader that went away ends the output, not the run.
  private static func put(_ bytes: [UInt8], to stream: FileDescriptor) { _ = try? stream.writeAll(bytes) }
}

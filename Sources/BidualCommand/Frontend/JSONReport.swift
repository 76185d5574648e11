#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Results as one JSON object on a line of standard output.
enum JSONReport {
  static func print(_ report: some Encodable) throws {
    Console.print(try bytes(report) + [UInt8(ascii: "\n")])
  }

  /// The report as bytes.
  static func bytes(_ report: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return [UInt8](try encoder.encode(report))
  }
}

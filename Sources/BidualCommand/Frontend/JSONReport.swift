#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Results as one JSON object on a line of standard output.
enum JSONReport {
  static func print(_ report: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    Console.print([UInt8](try encoder.encode(report)) + [UInt8(ascii: "\n")])
  }
}

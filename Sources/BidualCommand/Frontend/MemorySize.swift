import ArgumentParser
import Bidual

/// A number of bytes as an option says it: 4G, 500M, 1.5T.
struct MemorySize: ExpressibleByArgument, CustomStringConvertible {
  /// The help of the option that takes one.
  static let help = ArgumentHelp(
    "Stop with the best network and bound so far once the process holds so much memory, such as 500M or 4G.",
    valueName: "size")

  private static let units: [(letter: Character, bytes: Double)] = [
    ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
  ]

  let bytes: Double
  let description: String

  /// A positive number with one of the letters, or none for bytes.
  init?(argument: String) {
    let unit = Self.units.first { $0.letter == argument.last }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits) else {
      return nil
    }
    bytes = number * (unit?.bytes ?? 1)
    description = argument
    guard bytes >= 1, bytes.isFinite else { return nil }
  }

  /// The limit for the library.
  var limit: MemoryLimit { MemoryLimit(bytes: bytes) }
}

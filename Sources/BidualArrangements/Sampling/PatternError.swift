import BidualLinear

/// Why activation patterns could not be sampled.
public enum PatternError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An entry of the data is infinite or not a number.
  case dataNotFinite(row: Int, column: Int)
  /// A gate has another number of entries than the data have features.
  case wrongLength(expected: Int, found: Int)
  /// An entry of a gate is infinite or not a number.
  case gateNotFinite(gate: Int, entry: Int)
  /// A source was asked for fewer than one.
  case badCount(source: String, count: Int)
  /// A source was asked for more patterns than memory holds.
  case tooMany(source: String, count: Int, bytes: Double)
  /// A source was given a fraction outside its range.
  case badFraction(source: String, fraction: Double)
  /// The chambers of the data can't be listed.
  case noList(ArrangementError)
  /// The sources gave no pattern at all.
  case noPatterns

  /// The object, what is wrong with it, and what to do about it.
  public var description: String {
    switch self {
    case .dataNotFinite(let row, let column):
      "row \(row), column \(column): the entry is not finite; drop the row or replace the value"
    case .wrongLength(let expected, let found):
      "gates: each has \(found) entries, but the data have \(expected) features; "
        + "give one column a gate and one row a feature"
    case .gateNotFinite(let gate, let entry):
      "gate \(gate), entry \(entry): not finite; drop the gate"
    case .badCount(let source, let count):
      "patterns \(source): \(count) asked for; give at least 1"
    case .tooMany(let source, let count, let bytes):
      "patterns \(source): \(count) asked for, which take up to \(PhysicalMemory.text(bytes)), more than this "
        + "machine's memory; ask for fewer"
    case .badFraction(let source, let fraction):
      "patterns \(source): fraction \(fraction); give a number above 0 and at most 1"
    case .noList(let error):
      "patterns subset: \(error)"
    case .noPatterns:
      "patterns: there are none; every gate is zero or there are no gates"
    }
  }
}

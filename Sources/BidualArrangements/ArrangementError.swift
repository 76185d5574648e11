/// Why an arrangement could not be built or its chambers not be listed.
public enum ArrangementError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An entry of the data is infinite or not a number.
  case notFinite(row: Int, column: Int)
  /// The tolerance is not a number in (0, 0.01].
  case badTolerance(Double)
  /// There are more chambers than the caller allowed.
  case tooManyChambers(limit: Int)
  /// There are more sets of hyperplanes with a ray than the caller allowed.
  case tooManyRays(count: Double, limit: Int)
  /// The caller's closure asked for an end.
  case cancelled
  /// Hyperplanes lie so close to degenerate positions that this tolerance gives contradictory answers.
  case ambiguous(tolerance: Double)

  /// The object, what is wrong with it, and what to do about it.
  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "row \(row), column \(column): the entry is not finite; drop the row or replace the value"
    case .badTolerance(let tolerance):
      "tolerance \(tolerance): give a number above 0 and at most 0.01"
    case .tooManyChambers(let limit):
      "the data have more than \(limit) chambers; raise the limit or sample patterns instead"
    case .tooManyRays(let count, let limit):
      "the data have about \(count) sets of rows that may make a ray, more than \(limit); "
        + "raise the limit, use fewer features or train over chambers instead"
    case .cancelled:
      "the enumeration was cancelled"
    case .ambiguous(let tolerance):
      "some hyperplanes meet almost, but not quite, in one flat at tolerance \(tolerance); "
        + "pass another tolerance or round the data"
    }
  }
}

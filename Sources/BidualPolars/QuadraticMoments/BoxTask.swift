/// What the search of some boxes is to do.
struct BoxTask: Sendable {
  /// How many boxes a search halves together.
  static let width = 4

  /// Boxes are searched until they are bounded by this number.
  var threshold: Double
  /// The relative accuracy of a maximum, which raises the threshold as better values are met; nil for a proof.
  var tolerance: Double?
  /// Boxes bounded by this number are left open.
  var level: Double
  /// About how many bounds are computed at most.
  var limit: Int
}

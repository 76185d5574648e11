/// What the search of some boxes brought.
struct BoxOutcome: Sendable {
  /// The largest bound among the boxes that need no further search.
  var settledBound = 0.0
  /// The largest bound among boxes that were set aside since their centre exceeds the threshold.
  var violatedBound = 0.0
  /// The values at the centres of those boxes.
  var violators: [BoxValue] = []
  /// The best value seen.
  var best: BoxValue?
  /// Boxes left open.
  var open: Boxes
  /// How many bounds were computed.
  var nodes = 0
}

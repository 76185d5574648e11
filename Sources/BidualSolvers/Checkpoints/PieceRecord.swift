/// A piece of a working set with what the master learnt about it, in a form for files.
struct PieceRecord: Codable, Sendable {
  /// The piece's description.
  let piece: String
  /// The facets that are enforced, in the master's order.
  let facets: [Int]
  /// Rounds since the piece last had a say; nil for one that was dropped.
  let idleRounds: Int?
}

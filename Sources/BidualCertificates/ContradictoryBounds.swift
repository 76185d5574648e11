/// A lower bound above an objective: one of the two is false.
public struct ContradictoryBounds: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bound.
  public let lowerBound: Double
  /// The objective.
  public let objective: Double

  /// Which numbers they are.
  public var description: String {
    "the lower bound \(lowerBound) is above the objective \(objective), so that one of them is false"
  }
}

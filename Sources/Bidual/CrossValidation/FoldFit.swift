import BidualModels

/// What was trained without the rows of a fold says of these rows.
public struct FoldFit: Codable, Sendable, Equatable {
  /// At one β.
  public struct Point: Codable, Sendable, Equatable {
    /// The predictions for the rows that were held out, c for each.
    public let predictions: [Double]
    /// The training objective.
    public let objective: Double
    /// The relative gap by local pricing, or the proven one where there was a proof.
    public let gap: Double
    /// The number of neurons.
    public let neurons: Int
  }

  /// Which of the repeats, from 0.
  public let split: Int
  /// Which of its folds, from 0.
  public let fold: Int
  /// The points, the largest β first.
  public let points: [Point]
}

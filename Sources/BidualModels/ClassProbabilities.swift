import BidualLinear
import BidualObjectives

/// What predictions say of the classes' probabilities.
public enum ClassProbabilities {
  /// The probability of each class, a row a sample; nil for losses that say nothing of it.
  ///
  /// - Parameters:
  ///   - loss: the loss that was trained with.
  ///   - outputs: the number of predictions of a sample.
  /// - Complexity: O(predictions).
  public static func of(_ predictions: [Double], loss: any Loss, outputs: Int) -> Matrix? {
    guard let probabilities = loss.classProbabilities else { return nil }
    let rows = stride(from: 0, to: predictions.count, by: outputs).map {
      probabilities(predictions[$0..<($0 + outputs)])
    }
    return rows.isEmpty ? Matrix(rows: 0, columns: 0) : Matrix(rows)
  }
}

extension Model {
  /// What predictions of the model say of the classes' probabilities, a row a sample; nil for losses that say nothing of it.
  ///
  /// - Complexity: O(predictions).
  public func classProbabilities(_ predictions: [Double]) -> Matrix? {
    (try? trainingLoss()).flatMap {
      ClassProbabilities.of(predictions, loss: $0, outputs: network.outputs)
    }
  }
}

import BidualLinear
import BidualObjectives

/// What predictions say of the classes' probabilities.
public enum ClassProbabilities {
  /// The probability of each class, a row a sample; nil for other losses than logistic and softmax.
  ///
  /// - Parameters:
  ///   - loss: the name of the loss that was trained with.
  ///   - outputs: the number of predictions of a sample.
  /// - Complexity: O(predictions).
  public static func of(_ predictions: [Double], loss: String, outputs: Int) -> Matrix? {
    switch loss {
    case SoftmaxLoss().name:
      let rows = stride(from: 0, to: predictions.count, by: outputs).flatMap {
        SoftmaxLoss().probabilities(predictions[$0..<($0 + outputs)])
      }
      return Matrix(rows: predictions.count / outputs, columns: outputs, elements: rows)
    case LogisticLoss().name:
      // The log-odds of the second class; the softmax of 0 and these is the same.
      let rows = predictions.flatMap { SoftmaxLoss().probabilities([0, $0]) }
      return Matrix(rows: predictions.count, columns: 2, elements: rows)
    default: return nil
    }
  }
}

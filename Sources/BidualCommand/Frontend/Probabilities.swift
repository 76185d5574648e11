import Bidual

/// What a model's predictions say of the classes' probabilities.
enum Probabilities {
  /// The probability of each class, a row a sample; nil for models of other losses than logistic and softmax.
  static func of(_ model: Model, _ predictions: [Double]) -> Matrix? {
    let outputs = model.network.outputs
    switch model.loss {
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

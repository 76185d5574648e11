import BidualModels

extension TrainingProblem {
  /// The error of a method that is not made for problems of this kind.
  package func lacks(
    _ method: String, _ kind: DataError.Kind = .badSettings, remedy: String = "use the default method"
  ) -> DataError {
    let norm = architecture.norm.rawValue
    let several = outputs > 1 ? " and \(outputs) outputs" : ""
    return DataError(
      kind,
      "\(method) is not made for \(architecture.name) networks under the \(norm) norm with the \(loss.name) loss\(several); \(remedy)"
    )
  }
}

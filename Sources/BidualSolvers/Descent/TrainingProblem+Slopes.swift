import BidualModels
import BidualObjectives

extension TrainingProblem {
  /// Refuses problems in which no gradient of a ReLU network leads anywhere.
  package func requireSlopes() throws(DataError) {
    guard activation == .relu else {
      throw DataError(
        .badSettings,
        "gradient methods train two-layer ReLU networks, not '\(activation.architecture)'; use the default method"
      )
    }
    guard norm == .l2 else {
      throw DataError(
        .badSettings,
        "gradient methods penalise the l2 norm of the first layer, not the \(norm.rawValue) norm; use the default method"
      )
    }
    guard !(loss is InterpolationLoss) else {
      throw DataError(
        .badSettings, "the interpolation loss has no slope to follow; use the default method or another loss")
    }
  }

  /// Whether gradients of a ReLU network lead somewhere.
  var hasSlopes: Bool { activation == .relu && norm == .l2 && !(loss is InterpolationLoss) }
}

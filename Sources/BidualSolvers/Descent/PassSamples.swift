import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// What passes see of a problem: its samples.
struct PassSamples: Sendable {
  /// What neurons see: a row a sample, or several that are pooled.
  let rows: Matrix
  let pooling: RowPooling
  /// The targets, c for each sample.
  let targets: [Double]
  let outputs: Int
  /// A weight a sample.
  let weights: [Double]
  let loss: any Loss
  /// Whether networks have an offset for each output.
  let hasOffset: Bool

  /// The samples of a problem, of which neurons see these rows.
  init(_ problem: TrainingProblem, rows: Matrix) {
    self.init(
      rows: rows, pooling: problem.atoms.pooling, targets: problem.targets, outputs: problem.outputs,
      weights: problem.weights, loss: problem.loss, hasOffset: problem.hasOffset)
  }

  init(
    rows: Matrix, pooling: RowPooling, targets: [Double], outputs: Int, weights: [Double], loss: any Loss,
    hasOffset: Bool
  ) {
    self.rows = rows
    self.pooling = pooling
    self.targets = targets
    self.outputs = outputs
    self.weights = weights
    self.loss = loss
    self.hasOffset = hasOffset
  }

  /// How many samples there are.
  var count: Int { weights.count }
}

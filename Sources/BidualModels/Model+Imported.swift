import BidualLinear
import BidualObjectives

extension Model {
  /// The two-layer ReLU network of another program as a model: its hidden biases are the weights of a column of ones, its output biases are offsets.
  ///
  /// - Parameters:
  ///   - scaling: what is subtracted from each feature and what it is divided by, if anything.
  ///   - dataset: whose columns it reads and predicts.
  ///   - beta: the penalty that it is judged by.
  ///   - classWeights: what the rows of each class weigh when it is judged.
  /// - Throws: `DataError` of kind `badData` where the network's inputs or outputs are not those of the data set.
  public init(
    hidden: Matrix, biases: [Double], output: Matrix, offsets: [Double],
    scaling: (means: [Double], scales: [Double])?, dataset: Dataset, classes: ClassLabels?, loss: any Loss,
    beta: Double, classWeights: [Double]? = nil
  ) throws(DataError) {
    guard hidden.columns == dataset.featureNames.count else {
      throw DataError(
        .badData,
        "the network has \(hidden.columns) inputs but there are \(dataset.featureNames.count) feature columns; name the ones that it was trained on with ",
        .features)
    }
    guard output.rows == dataset.outputs else {
      throw DataError(
        .badData,
        "the network has \(output.rows) outputs but the data have \(dataset.outputs); check ", .target,
        ", and the loss")
    }
    let hasBias = biases.contains { $0 != 0 }
    var rows = hidden
    if hasBias {
      rows = Matrix(
        (0..<hidden.rows).map { Array(hidden.row($0)) + [biases[$0]] })
    }
    let network = TwoLayerNetwork(
      hidden: rows, output: output.transposed.elements, outputs: output.rows,
      offsets: offsets.contains { $0 != 0 } ? offsets : [])
    try self.init(
      featureNames: dataset.featureNames, targetNames: dataset.targetNames,
      preprocessing: Preprocessing(
        standardization: scaling.map { .init(means: $0.means, scales: $0.scales) }, bias: hasBias),
      network: network, loss: loss.name, lossParameter: loss.parameter, beta: beta, classes: classes,
      weightsName: dataset.weightsName, classWeights: classWeights, rowOffsetName: dataset.rowOffsetName,
      encoding: dataset.encoding)
  }
}

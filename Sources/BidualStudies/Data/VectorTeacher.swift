import Bidual

/// Samples whose targets a random two-layer ReLU network gives.
struct VectorTeacher {
  let network: TwoLayerNetwork

  /// A teacher whose layers are drawn as those of a network at the start of training.
  init(
    inputs: Int, neurons: Int, outputs: Int, start: InitialWeights, using random: inout SeededGenerator
  ) {
    network = TwoLayerNetwork(
      hidden: Matrix(
        rows: neurons, columns: inputs,
        elements: start.draw(neurons * inputs, inputs: inputs, using: &random)),
      output: start.draw(neurons * outputs, inputs: neurons, using: &random), outputs: outputs)
  }

  /// The samples with what the teacher predicts for them.
  func dataset(_ features: Matrix) throws(DataError) -> Dataset {
    try Dataset(
      features: features, outputs: network.outputs, targets: network.predictions(features))
  }
}

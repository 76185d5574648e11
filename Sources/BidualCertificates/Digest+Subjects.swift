import BidualModels

extension Digest {
  /// The fingerprint of a data set: shapes, names, features and targets.
  public init(of dataset: Dataset) {
    self.init()
    add(dataset.samples)
    for name in dataset.featureNames { add(name) }
    add(dataset.targetName)
    add(dataset.features.elements)
    add(dataset.targets)
    // Only what was given counts, so that fingerprints of data without weights stay what they were.
    if let weights = dataset.weights { add(weights) }
  }

  /// The fingerprint of a model: every field that its file holds.
  public init(of model: Model) {
    self.init()
    for name in model.featureNames { add(name) }
    add(model.targetName)
    add(model.preprocessing.bias ? 1 : 0)
    add(model.preprocessing.standardization?.means ?? [])
    add(model.preprocessing.standardization?.scales ?? [])
    // Nothing where there is none, so that older files keep their fingerprints.
    if let whitening = model.preprocessing.whitening {
      add(whitening.kind.rawValue)
      add(whitening.matrix.columns)
      add(whitening.matrix.elements)
    }
    if let network = model.network as? TwoLayerNetwork {
      add(network.hidden.elements)
      add(network.output)
      if let offset = network.offset { add(offset) }
      if case .gated(let gates) = network.activation {
        add(gates.vectors.elements)
        for owner in gates.owner { add(owner) }
      }
    }
    if model.architecture.name != TwoLayer.name { add(model.architecture.name) }
    add(model.loss)
    if let parameter = model.lossParameter { add(parameter) }
    add(model.beta)
    if let classes = model.classes {
      add(classes.negative)
      add(classes.positive)
      if classes.isOneAgainstRest { add("one against rest") }
    }
    if let name = model.weightsName { add(name) }
    if model.architecture.norm != .l2 { add(model.architecture.norm.rawValue) }
  }
}

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
  }

  /// The fingerprint of a model: every field that its file holds.
  public init(of model: Model) {
    self.init()
    for name in model.featureNames { add(name) }
    add(model.targetName)
    add(model.preprocessing.bias ? 1 : 0)
    add(model.preprocessing.standardization?.means ?? [])
    add(model.preprocessing.standardization?.scales ?? [])
    add(model.network.hidden.elements)
    add(model.network.output)
    add(model.loss)
    add(model.beta)
  }
}

import BidualModels

extension Digest {
  /// The fingerprint of a data set: shapes, names, features, targets, weights and row offsets.
  init(of dataset: Dataset, by method: Method = .sha256) {
    self.init(by: method)
    add("samples", dataset.samples)
    add("featureNames", dataset.featureNames)
    addTargets(dataset.targetNames, outputs: dataset.outputs)
    add("features", dataset.features.elements)
    add("targets", dataset.targets)
    add("weights", dataset.weights)
    add("rowOffsets", dataset.rowOffsets)
  }

  /// The fingerprint of a model: every field that its file holds.
  init(of model: Model, by method: Method = .sha256) {
    self.init(by: method)
    add("featureNames", model.featureNames)
    addTargets(model.targetNames, outputs: model.network.outputs)
    add("bias", model.preprocessing.bias ? 1 : 0)
    add("means", model.preprocessing.standardization?.means ?? [])
    add("scales", model.preprocessing.standardization?.scales ?? [])
    if let whitening = model.preprocessing.whitening {
      add("whitening", whitening.kind.rawValue)
      add("whiteningColumns", whitening.matrix.columns)
      add("whiteningMatrix", whitening.matrix.elements)
    }
    if let network = model.network.twoLayer {
      add("hidden", network.hidden.elements)
      add("output", network.output)
      if network.outputs == 1 { add("offset", network.offset) } else { add("offsets", network.offsets) }
      if case .gated(let gates) = network.activation {
        add("gates", gates.vectors.elements)
        add("gateOfNeuron", gates.owner)
      }
    } else {
      add("network", model.network.weights)
    }
    if let architecture = model.architecture as? ThreeLayer { add("width", architecture.width) }
    add("architecture", model.architecture.name == TwoLayer.name ? nil : model.architecture.name)
    add("loss", model.loss)
    add("lossParameter", model.lossParameter)
    add("beta", model.beta)
    if let classes = model.classes, classes.isOneHot {
      add("classes", classes.names)
    } else if let classes = model.classes {
      add("negative", classes.negative)
      add("positive", classes.positive)
      add("oneAgainstRest", classes.isOneAgainstRest ? "one against rest" : nil)
    }
    add("weightsName", model.weightsName)
    add("classWeights", model.classWeights)
    add("rowOffsetName", model.rowOffsetName)
    if let encoding = model.encoding { add(encoding) }
    add("norm", model.architecture.norm == .l2 ? nil : model.architecture.norm.rawValue)
  }

  private mutating func add(_ encoding: TableEncoding) {
    add("encodedColumns", encoding.columns.map(\.name))
    for column in encoding.columns {
      add("fill", column.fill)
      if let levels = column.levels { add("levels", levels) }
      add("droppedLevel", column.dropped)
      add("indicator", column.hasIndicator ? 1 : 0)
    }
    add("missing", encoding.missing.description)
    add("missingValues", encoding.missingValues)
    add("unknownLevels", encoding.ignoresUnknown ? "ignored" : nil)
  }

  private mutating func addTargets(_ names: [String], outputs: Int) {
    guard outputs > 1 else {
      add("targetName", names[0])
      return
    }
    add("targetNames", names)
    add("outputs", outputs)
  }
}

import BidualModels

extension Model {
  /// What a file of another program says of the model beside its layers, by names.
  var facts: [(name: String, text: String)] {
    let facts = [
      ("bidual.loss", loss), ("bidual.beta", "\(beta)"),
      ("bidual.features", featureNames.joined(separator: "\n")), ("bidual.target", targetName),
      ("bidual.rowOffset", rowOffsetName ?? ""),
      ("bidual.classes", (classes?.names ?? []).joined(separator: "\n")),
    ]
    return facts.filter { !$0.1.isEmpty }
  }

  /// The model with another network behind another preprocessing, as a file of such numbers holds them.
  ///
  /// - Throws: `DataError` of kind `badSettings` where the numbers do not hold them.
  func holding(_ network: TwoLayerNetwork, behind preprocessing: Preprocessing, as element: ExportedElement)
    throws(DataError) -> Model
  {
    do {
      return try Model(
        featureNames: featureNames, targetNames: targetNames, preprocessing: preprocessing,
        architecture: architecture, network: network, loss: loss, lossParameter: lossParameter, beta: beta,
        classes: classes, weightsName: weightsName, classWeights: classWeights,
        rowOffsetName: rowOffsetName)
    } catch {
      throw element.tooNarrow
    }
  }
}

extension Studies {
  /// The studies of EP21.
  static let ep21: [any Study] = [
    SubnetworkDiagram(), LossLandscapes(), SubnetworkMasks(), SubnetworkDescent(), ImageAccuracy(figure: 5),
    ImageAccuracy(figure: 6), SubnetworkTable(),
  ]
}

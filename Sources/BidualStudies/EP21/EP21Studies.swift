extension Studies {
  /// The studies of EP21.
  static let ep21: [any Study] = [LossLandscapes(), SubnetworkDescent(), SubnetworkTable()]
}

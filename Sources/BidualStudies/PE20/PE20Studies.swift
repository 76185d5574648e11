/// The studies of PE20.
extension Studies {
  static let pe20: [any Study] = [
    GaugeSets(), LineTrials(), CircleTrials(isHard: false),
    PatternTrials.images, FilterTrials(),
    CircleTrials(isHard: true),
    PatternTrials(
      figure: 7, name: "Boston housing", source: .table("boston_housing.csv"), samples: 400, trials: 5,
      epochs: 3000),
    PatternTrials(
      figure: 8, name: "kin8nm", source: .table("kin8nm.csv"), samples: 4000, trials: 5, epochs: 500),
    PatternTrials(
      figure: 9, name: "bank32nh", source: .table("bank32nh.csv"), samples: 4000, trials: 5, epochs: 500),
    PatchTrials(), PatchNeurons(), PE20Table(),
  ]
}

/// The studies of PE20.
extension Studies {
  static let pe20: [any Study] = [
    GaugeSets(), LineTrials(), CircleTrials(isHard: false),
    PatternTrials(
      figure: 4, name: "images of two classes", source: .images(side: 10), samples: 106, trials: 10,
      epochs: 5000),
    CircleTrials(isHard: true),
    PatternTrials(
      figure: 7, name: "Boston housing", source: .table("boston_housing.csv"), samples: 400, trials: 5,
      epochs: 3000),
    PatternTrials(
      figure: 8, name: "kin8nm", source: .table("kin8nm.csv"), samples: 4000, trials: 5, epochs: 500),
    PatternTrials(
      figure: 9, name: "bank32nh", source: .table("bank32nh.csv"), samples: 4000, trials: 5, epochs: 500),
  ]
}

extension Studies {
  /// The studies of SEPP21.
  static let sepp21: [any Study] = [
    TeacherDescent(), WhitenedClasses(figure: 2), SpiralMethods(), NoiseToImages(), TeacherActivations(),
    WhitenedClasses(figure: 6), MeasuredCosts(),
  ]
}

import Bidual

/// SGD as SEPP21 runs it: all samples a step with momentum, the rate halved on plateaus.
extension StudyRun {
  /// The settings of it, beside epochs and neurons.
  static let momentumSettings = [
    StudySetting("momentum", .stated, "momentum of SGD", 0.95),
    StudySetting(
      "start", .proposed,
      "first weights: the paper's Kaiming-uniform is taken for that of PyTorch's linear layers, ±1/√fan-in",
      "uniform"),
  ]

  /// How to run it.
  ///
  /// - Parameters:
  ///   - rate: the paper's, of the sum over samples.
  ///   - precision: of its steps; thousands of images take the paper's single one.
  func momentum(
    on subject: StudySubject, neurons: Int, rate: Double, precision: Precision = .double
  ) throws(DataError) -> GradientTraining.Options {
    guard let start = InitialWeights(rawValue: word("start")) else {
      throw DataError(
        .badSettings,
        "\(study.id): there are no first weights '\(word("start"))'; give \(InitialWeights.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    var options = GradientTraining.Options()
    (options.rule, options.start) = (.momentum(number("momentum")), start)
    options.schedule = .plateau(factor: 0.5, evaluations: 10)
    (options.width, options.maximumEpochs) = (neurons, count("epochs"))
    options.learningRate = subject.learningRate(rate)
    options.precision = precision
    return options
  }
}

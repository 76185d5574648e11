import ArgumentParser
import Bidual

/// A plot of a report by its name.
enum PlotKind: String, ExpressibleByArgument, CaseIterable {
  case actual, residuals, confusion, roc, calibration, plane, dependence, scores, path, training

  /// What it shows, for the list of kinds in the help.
  var summary: String {
    switch self {
    case .actual: "actual numbers against predicted ones"
    case .residuals: "what predictions leave over"
    case .confusion: "how many rows of each class are predicted as each class"
    case .roc: "shares of two classes above each threshold"
    case .calibration: "shares of rows against predicted probabilities"
    case .plane: "the prediction over two features, and where neurons begin"
    case .dependence: "the mean prediction when a feature is set to each value"
    case .scores: "scores over beta, from what cv --json printed"
    case .path: "the band around the optimum, from what path --json printed"
    case .training: "both bounds against time, from what fit --log wrote"
    }
  }

  /// Whether it is drawn of a model and data, or else of a file that a run wrote.
  var needsModel: Bool { ![.scores, .path, .training].contains(self) }

  /// What tells several plots of the kind apart; nil where there is one.
  var subject: String? {
    switch self {
    case .actual, .residuals: "target"
    case .dependence: "feature"
    case .scores: "score"
    default: nil
    }
  }

  /// Refuses models that have no such plot.
  ///
  /// - Throws: `DataError` of kind `badSettings`.
  func check(_ model: Model) throws(DataError) {
    let classes = model.classes?.names.count
    let outputs = model.network.outputs
    let remedy: String? =
      switch self {
      case .actual, .residuals:
        classes == nil ? nil : "targets that are numbers, but the model tells classes apart; draw confusion"
      case .confusion:
        classes.map {
          $0 <= ReportSection.mostClasses
            ? nil
            : "at most \(ReportSection.mostClasses) classes, but there are \($0); see the table of report"
        } ?? "classes, but the model predicts numbers; draw actual or residuals"
      case .roc:
        classes == 2
          ? nil : "two classes, but \(classes.map { "there are \($0)" } ?? "the model predicts numbers")"
      case .calibration:
        classes == 2 && model.classProbabilities([]) != nil
          ? nil : "two classes and the logistic or the softmax loss, which know probabilities"
      case .plane:
        model.featureNames.count == 2 && outputs == 1
          ? nil
          : "two features and one output, but there are \(model.featureNames.count) and \(outputs); draw dependence"
      case .dependence:
        outputs == 1 || classes == nil
          ? nil : "numbers and two classes, but there are \(classes ?? 0); draw confusion"
      case .scores, .path, .training: nil
      }
    if let remedy { throw DataError(.badSettings, "the plot '\(rawValue)' is for \(remedy)") }
  }
}

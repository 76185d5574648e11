import ArgumentParser
import Bidual

/// How the gradient methods run.
struct DescentOptions: ParsableArguments {
  @Option(
    help:
      "Neurons of the gradient methods (default: 100); of three-layer networks the units of a sub-network (default: 2)."
  )
  var width: Int?
  @Option(help: "The learning rate of the gradient methods, for the objective divided by the rows.")
  var learningRate = 1e-2
  @Option(help: "Rows a step of sgd, momentum and adam.")
  var batchSize = 64
  @Option(help: "Passes over the rows of the gradient methods.")
  var epochs = 1000
  @Option(help: "How the method 'penalised' steps.")
  var rule: Rule = .adam
  @Option(
    help: ArgumentHelp(
      "The weight of the cones in the method 'penalised' (default: the mean slope of the loss).",
      valueName: "rho"))
  var conePenalty: Double?
  @Option(
    help:
      "The arithmetic of gradient steps. All else stays in double, and so does every certificate."
  )
  var precision: Precision = .double

  /// The update rules by name.
  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case sgd, momentum, adam
  }

  func validate() throws {
    for (name, value) in [("--width", width ?? 1), ("--batch-size", batchSize), ("--epochs", epochs)]
    where value < 1 {
      throw ValidationError("\(name) is \(value); give at least 1")
    }
    guard learningRate.isFinite, learningRate > 0 else {
      throw ValidationError("--learning-rate is \(learningRate); give a positive number")
    }
    if let conePenalty, !conePenalty.isFinite || conePenalty <= 0 {
      throw ValidationError("--cone-penalty is \(conePenalty); give a positive number")
    }
  }

  /// The options for the library, with a number of neurons or sub-networks if one was given.
  func descent(width: Int?) -> Training.Descent {
    var descent = Training.Descent()
    if let width { descent.width = width }
    descent.learningRate = learningRate
    descent.batchSize = batchSize
    descent.epochs = epochs
    descent.rule =
      switch rule {
      case .sgd: .plain
      case .momentum: .momentum()
      case .adam: .adam()
      }
    descent.conePenalty = conePenalty
    return descent
  }
}

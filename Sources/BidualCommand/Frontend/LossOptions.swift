import ArgumentParser
import Bidual

extension ClassWeights: ExpressibleByArgument {
  /// Class weights as they are written.
  public init?(argument: String) { self.init(argument) }
}

/// The loss and its parameters.
struct LossOptions: ParsableArguments {
  /// The name of a loss to train with.
  struct Name: ExpressibleByArgument, Equatable {
    let text: String

    init(_ text: String) { self.text = text }

    init?(argument: String) {
      guard Self.allValueStrings.contains(argument) else { return nil }
      text = argument
    }

    static var allValueStrings: [String] { LossRegistry.standard.names }
    var defaultValueDescription: String { text }
  }

  @Option(help: "The loss, summed over the rows, not averaged.")
  var loss = Name(SquaredLoss().name)

  @Option(help: "Where the huber loss turns from a parabola into a line (default: 1).")
  var threshold: Double?

  @Option(help: "Which quantile the quantile loss fits, between 0 and 1 (default: 0.5).")
  var level: Double?

  @Option(help: "The class to tell from all others, for a loss that takes two classes.")
  var positive: String?

  @Flag(
    name: .customLong("one-hot"),
    help: "Give each class of the target an output of its own: 1 for its rows and 0 for all others.")
  var isOneHot = false

  @Option(
    help: ArgumentHelp(
      "What rows count by their class, times their own weights: 'balanced' lets all classes weigh alike (default: 1 each).",
      valueName: "balanced|label=w,…"))
  var classWeights: ClassWeights?

  func validate() throws {
    for (parameter, value) in [("threshold", threshold), ("level", level)]
    where value != nil && LossRegistry.standard[loss.text]?.parameterName != parameter {
      let owners = LossRegistry.standard.names.filter {
        LossRegistry.standard[$0]?.parameterName == parameter
      }
      throw ValidationError("--\(parameter) goes with --loss \(owners.joined(separator: " or "))")
    }
    do {
      let loss = try self.chosen()
      if positive != nil, loss.targetKind != .sign {
        throw ValidationError("--positive goes with a loss of two classes: logistic or hinge")
      }
      if classWeights != nil, !hasLabels(loss) {
        throw ValidationError(
          "--class-weights goes with a target of classes: --loss logistic, hinge or softmax, or --one-hot")
      }
      if isOneHot, loss.targetKind != .real, loss.targetKind != .oneHot {
        throw ValidationError(
          "--one-hot goes with a loss of numbers, such as squared; the \(loss.name) loss has classes or counts of its own"
        )
      }
    } catch let error as LossParameterError {
      throw ValidationError("\(error)")
    }
  }

  /// The loss asked for.
  func chosen() throws -> any Loss {
    guard let loss = try LossRegistry.standard.loss(loss.text, parameter: threshold ?? level) else {
      preconditionFailure("every name of the command is known")
    }
    return loss
  }

  /// Whether the target names classes.
  func hasLabels(_ loss: any Loss) -> Bool {
    isOneHot || loss.targetKind == .sign || loss.targetKind == .oneHot
  }

  /// What the labels of the target mean, where it names classes.
  func classes(in intake: Intake, of data: DataOptions) throws -> ClassLabels? {
    guard let target = intake.roles.targets.first, try hasLabels(chosen()),
      let labels = try data.naming({ () throws(DataError) in try intake.labels })
    else { return nil }
    let isOneHot = try isOneHot || chosen().targetKind == .oneHot
    return try data.naming { () throws(DataError) in
      try isOneHot
        ? ClassLabels(oneHotOf: labels, named: target)
        : ClassLabels(of: labels, named: target, positive: positive)
    }
  }
}

import Bidual

/// What an objective and its bound are of: everything besides the data that defines the training problem.
struct ProblemReport: Encodable {
  let architecture: String
  let loss: String
  /// Huber's threshold or the quantile's level.
  let lossParameter: Double?
  /// How far from a target a network of interpolation may be.
  let interpolationTolerance: Double?
  let beta: Double
  let norm: String
  /// Whether networks have an offset that no penalty holds.
  let intercept: Bool
  /// The column of sample weights.
  let weights: String?
  /// What rows weigh beside it, by the names of their classes.
  let classWeights: [String: Double]?
  /// The column that is added to the network's outputs.
  let rowOffset: String?
  let preprocessing: Steps

  /// How features become inputs.
  struct Steps: Encodable {
    let standardize: Bool
    let whiten: String?
    let bias: Bool
  }

  init(_ model: Model, _ problem: TrainingProblem) {
    architecture = problem.architecture.name
    loss = problem.loss.name
    lossParameter = problem.loss.isLimit ? nil : problem.loss.parameter
    interpolationTolerance = problem.loss.isLimit ? problem.loss.parameter : nil
    beta = problem.beta
    norm = problem.architecture.norm.rawValue
    intercept = problem.hasOffset
    weights = model.weightsName
    classWeights = model.classWeights.map { weights in
      Dictionary(zip(model.classes?.names ?? [], weights)) { first, _ in first }
    }
    rowOffset = model.rowOffsetName
    preprocessing = Steps(
      standardize: model.preprocessing.standardization != nil,
      whiten: model.preprocessing.whitening?.kind.rawValue, bias: model.preprocessing.bias)
  }

  /// One line for people, with every number to the last digit: what is proven is proven of these.
  var line: String {
    let parameter = lossParameter.map { " (\(parameterName) \($0))" } ?? ""
    let tolerance = interpolationTolerance.map { " (tolerance \($0))" } ?? ""
    let steps =
      (preprocessing.standardize ? ["standardised"] : [])
      + (preprocessing.whiten.map { ["whitened by \($0)"] } ?? [])
      + (preprocessing.bias ? ["with a bias"] : [])
    let classes: [String] =
      classWeights.map { weights in
        let list: [String] = weights.sorted { $0.key < $1.key }.map { "'\($0.key)' \($0.value)" }
        return ["classes weighted " + list.joined(separator: ", ")]
      } ?? []
    let parts: [String] =
      ["loss \(loss)\(parameter)\(tolerance)", "beta \(beta)", "norm \(norm)"]
      + [intercept ? "a free offset" : "no offset"]
      + (weights.map { ["samples weighted by '\($0)'"] } ?? [])
      + classes
      + (rowOffset.map { ["'\($0)' added to the outputs"] } ?? [])
      + ["inputs " + (steps.isEmpty ? "as they are" : steps.joined(separator: ", "))]
    return parts.joined(separator: "; ")
  }

  private var parameterName: String { LossRegistry.standard[loss]?.parameterName ?? "parameter" }
}

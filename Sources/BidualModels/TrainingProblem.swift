import BidualLinear
import BidualObjectives

/// Weight-decayed training of a two-layer ReLU network:
///
///     minimise  Σᵢ ℓ(f(xᵢ), yᵢ) + β/2 Σⱼ(‖uⱼ‖² + αⱼ²)
///
/// over networks of any width (PE20, eq. 2). The design holds what the network sees: features after
/// preprocessing, in the units in which the problem is posed.
public struct TrainingProblem: Sendable {
  /// The inputs, n×d.
  public let design: Matrix
  /// The targets, one a row of the design.
  public let targets: [Double]
  /// The loss ℓ of a single sample.
  public let loss: any Loss
  /// The weight β > 0 of the penalty.
  public let beta: Double

  /// A problem from its parts.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number, the shapes do not match, or
  ///   numbers are so large or small that their squares overflow or vanish.
  public init(design: Matrix, targets: [Double], loss: any Loss = SquaredLoss(), beta: Double)
    throws(DataError)
  {
    guard beta.isFinite, beta > 0 else {
      throw DataError(.badData, "beta is \(beta); give a positive number")
    }
    guard design.rows == targets.count, design.rows > 0 else {
      throw DataError(
        .badData, "\(design.rows) rows of inputs but \(targets.count) targets; give one target a row")
    }
    let scales = [("input", design.elements), ("target", targets)].map {
      ($0, $1.reduce(0) { max($0, abs($1)) })
    }
    guard 1e-100...1e100 ~= beta else {
      throw DataError(.badData, "beta is \(beta); give a number between 1e-100 and 1e100")
    }
    for (name, largest) in scales where largest != 0 && !(1e-100...1e100 ~= largest) {
      throw DataError(
        .badData,
        "the largest \(name) is \(largest), whose square is out of a double's range; change the units")
    }
    self.design = design
    self.targets = targets
    self.loss = loss
    self.beta = beta
  }

  /// The training objective of a network, in plain floating point.
  public func objective(_ network: ReLUNetwork) -> Double {
    lossValue(network.predictions(design)) + beta * network.weightDecay
  }

  /// Σᵢ ℓ(fᵢ, yᵢ).
  public func lossValue(_ predictions: [Double]) -> Double {
    zip(predictions, targets).reduce(0) { $0 + loss.value($1.0, target: $1.1) }
  }

  /// The natural dual point V = −∇ℓ(f) of predictions f.
  public func dualPoint(_ predictions: [Double]) -> [Double] {
    zip(predictions, targets).map { -loss.derivative($0, target: $1) }
  }
}

/// The losses that files and the command line know by name.
public enum LossNames {
  /// The names of the losses to train with, in the order of the command's help.
  public static let all = ["squared", "logistic", "hinge", "absolute", "huber", "quantile", "poisson"]

  /// The loss of a name, or nil for an unknown name; `parameter` is Huber's threshold, the quantile's level
  /// or the tolerance of interpolation.
  ///
  /// - Throws: `LossParameterError` for a parameter that makes no loss.
  public static func loss(_ name: String, parameter: Double? = nil) throws(LossParameterError) -> (any Loss)?
  {
    switch name {
    case "squared": SquaredLoss()
    case "logistic": LogisticLoss()
    case "hinge": HingeLoss()
    case "absolute": AbsoluteLoss()
    case "huber": try HuberLoss(threshold: parameter ?? 1)
    case "quantile": try QuantileLoss(level: parameter ?? 0.5)
    case "poisson": PoissonLoss()
    case "interpolation": try InterpolationLoss(tolerance: parameter ?? 0)
    default: nil
    }
  }
}

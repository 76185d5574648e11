import Bidual

/// What a lower bound speaks of, in words.
enum Wording {
  /// The networks that can't beat a model's bound.
  static func networks(like model: Model, restriction: PatternRestriction? = nil) -> String {
    let kind =
      switch model.network.activation {
      case .relu:
        restriction.map { "two-layer ReLU network on the \($0.patterns.count) given patterns" }
          ?? "two-layer ReLU network of any width"
      case .gated(let gates): "gated ReLU network on these \(gates.count) gates"
      case .linear: "two-layer linear network of any width"
      }
    guard model.loss == "interpolation" else { return kind }
    return kind + " that comes within \(Figures.short(model.lossParameter ?? 0)) of every target"
  }
}

import Bidual

/// What a lower bound speaks of, in words.
enum Wording {
  /// The networks that no bound can be beaten by.
  static func network(_ activation: Activation) -> String {
    switch activation {
    case .relu: "two-layer ReLU network of any width"
    case .gated(let gates): "gated ReLU network on these \(gates.count) gates"
    case .linear: "two-layer linear network of any width"
    }
  }
}

/// A parameter that makes no loss.
public struct LossParameterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public let description: String

  /// An error with its message.
  public init(_ description: String) {
    self.description = description
  }
}

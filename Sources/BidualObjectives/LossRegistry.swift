/// The losses that files and the command line know by name; add those of your own to read files that name them.
///
///     let losses = LossRegistry.standard.adding(.init("log-cosh") { _ in LogCosh() })
///     let problem = try model.problem(on: dataset, losses: losses)
public struct LossRegistry: Sendable {
  /// A loss by its name.
  public struct Entry: Sendable {
    /// The name.
    public let name: String
    /// What its parameter is called, such as "threshold"; nil for a loss without one.
    public let parameterName: String?
    /// Whether it is for training, not for the limit that interpolation is.
    let isForTraining: Bool
    fileprivate let make: @Sendable (Double?) throws(LossParameterError) -> any Loss

    /// A loss by its name.
    ///
    /// - Parameter make: the loss with the parameter given, or with its usual one.
    public init(
      _ name: String, parameter: String? = nil,
      make: @escaping @Sendable (Double?) throws(LossParameterError) -> any Loss
    ) {
      self.init(name, parameter: parameter, isForTraining: true, make: make)
    }

    fileprivate init(
      _ name: String, parameter: String?, isForTraining: Bool,
      make: @escaping @Sendable (Double?) throws(LossParameterError) -> any Loss
    ) {
      self.name = name
      self.parameterName = parameter
      self.isForTraining = isForTraining
      self.make = make
    }
  }

  /// Bidual's own losses.
  public static let standard = LossRegistry(entries: [
    Entry("squared") { _ in SquaredLoss() },
    Entry("logistic") { _ in LogisticLoss() },
    Entry("hinge") { _ in HingeLoss() },
    Entry("absolute") { _ in AbsoluteLoss() },
    Entry("huber", parameter: "threshold") { value throws(LossParameterError) in
      try HuberLoss(threshold: value ?? 1)
    },
    Entry("quantile", parameter: "level") { value throws(LossParameterError) in
      try QuantileLoss(level: value ?? 0.5)
    },
    Entry("poisson") { _ in PoissonLoss() },
    Entry("softmax") { _ in SoftmaxLoss() },
    Entry("interpolation", parameter: "tolerance", isForTraining: false) { value throws(LossParameterError) in
      try InterpolationLoss(tolerance: value ?? 0)
    },
  ])

  private let entries: [Entry]

  private init(entries: [Entry]) { self.entries = entries }

  /// The same with one more loss, in place of one of its name.
  public func adding(_ entry: Entry) -> LossRegistry {
    LossRegistry(entries: entries.filter { $0.name != entry.name } + [entry])
  }

  /// The names of the losses to train with, in the order of the command's help.
  public var names: [String] { entries.filter(\.isForTraining).map(\.name) }

  /// The entry of a name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// The loss of a name, with its usual parameter where none is given; nil for an unknown name.
  ///
  /// - Throws: `LossParameterError` for a parameter that makes no loss.
  public func loss(_ name: String, parameter: Double? = nil) throws(LossParameterError) -> (any Loss)? {
    guard let entry = self[name] else { return nil }
    return try entry.make(parameter)
  }
}

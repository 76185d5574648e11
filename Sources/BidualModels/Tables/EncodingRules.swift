/// How columns of a table are to become features.
public struct EncodingRules: Sendable, Equatable {
  /// What becomes of missing cells among the features.
  public enum Missing: Sendable, Equatable {
    /// They are refused.
    case error
    /// Their rows are left out of training, and refused in prediction.
    case drop
    /// The mean of the column's numbers stands for them.
    case mean
    /// The median of the column's numbers stands for them.
    case median
    /// This number stands for them.
    case constant(Double)
  }

  /// Which columns are categories.
  public enum Categories: Sendable, Equatable {
    /// Those without a single number.
    case automatic
    /// None: texts are refused.
    case none
    /// These, and those without a single number.
    case columns([String])
  }

  /// What becomes of missing cells; by default they are refused.
  public var missing = Missing.error
  /// Whether a column with missing cells is followed by one that is 1 where a cell is missing.
  public var hasIndicators = false
  /// Which columns are categories; by default those without a single number.
  public var categories = Categories.automatic
  /// The largest number of levels of a column of categories.
  public var maximumLevels = 20
  /// Whether the first level of each column of categories gets no feature of its own.
  public var dropsFirstLevel = false
  /// Whether a level that training has not seen is no level at all in prediction, rather than an error.
  public var ignoresUnknown = false

  /// What is written where a value is missing.
  public var missingValues = ["", "NA", "N/A", "NaN", "null"]

  /// The defaults.
  public init() {}
}

extension EncodingRules.Missing: Codable, CustomStringConvertible {
  /// As it is written: `error`, `drop`, `mean`, `median` or `constant:V`.
  public var description: String {
    switch self {
    case .error: "error"
    case .drop: "drop"
    case .mean: "mean"
    case .median: "median"
    case .constant(let value): "constant:\(value)"
    }
  }

  /// What a text says; nil for other texts.
  public init?(_ text: String) {
    switch text {
    case "error": self = .error
    case "drop": self = .drop
    case "mean": self = .mean
    case "median": self = .median
    default:
      guard text.hasPrefix("constant:"), let value = Double(text.dropFirst(9)), value.isFinite else {
        return nil
      }
      self = .constant(value)
    }
  }

  /// Reads what `description` writes.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let known = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no rule for missing cells"))
    }
    self = known
  }

  /// Writes the description.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

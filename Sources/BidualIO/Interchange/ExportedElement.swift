import BidualModels

/// The numbers in a file for other programs.
public enum ExportedElement: String, Sendable, CaseIterable {
  /// What every program reads; the weights are rounded, so that it is another network, close to this one.
  case float32
  /// The weights as they are.
  case float64

  /// The number that stands in a file for one.
  func stored(_ value: Double) -> Double { self == .float32 ? Double(Float(value)) : value }

  /// The complaint about a model whose numbers these do not hold.
  var tooNarrow: DataError {
    DataError(
      .badSettings,
      "a number of the model is too large or too small for \(rawValue); \(self == .float32 ? "write float64" : "keep the model file")"
    )
  }

  /// The bytes of numbers, the lowest first.
  func bytes(_ values: [Double]) -> [UInt8] {
    values.flatMap { value -> [UInt8] in
      self == .float32
        ? withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
        : withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
  }
}

/// A polar bound in a file: a number, or the word "infinite" where nothing was proven.
struct PolarBoundField: Codable, Equatable {
  /// The bound; infinite where nothing was proven.
  let value: Double

  private static let infinite = "infinite"

  init(value: Double) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try? container.decode(String.self)
    value = word == Self.infinite ? .infinity : word == nil ? try container.decode(Double.self) : .nan
    guard value.isFinite || word == Self.infinite else {
      throw DecodingError.typeMismatch(
        Double.self,
        .init(
          codingPath: decoder.codingPath, debugDescription: "neither a number nor \"\(Self.infinite)\""))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value == .infinity { try container.encode(Self.infinite) } else { try container.encode(value) }
  }
}

/// What a setting of a study is set to.
package enum StudyValue: Sendable, Equatable {
  case number(Double)
  case numbers([Double])
  case word(String)

  /// The value as it stands on a command line.
  package var text: String {
    switch self {
    case .number(let value): Self.text(of: value)
    case .numbers(let values): values.map(Self.text).joined(separator: ",")
    case .word(let word): word
    }
  }

  /// The value of the same kind that a text stands for; nil for one that is none.
  func reading(_ text: String) -> StudyValue? {
    switch self {
    case .number: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .numbers:
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard parts.allSatisfy({ $0?.isFinite ?? false }) else { return nil }
      return .numbers(parts.compactMap(\.self))
    case .word: return text.isEmpty ? nil : .word(text)
    }
  }

  private static func text(of value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension StudyValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral
{
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(stringLiteral value: String) { self = .word(value) }
  package init(arrayLiteral elements: Double...) { self = .numbers(elements) }
}

/// The value of an option in a file of settings.
enum SettingValue: Equatable {
  case flag(Bool)
  case text(String)
  case texts([String])
}

extension SettingValue: Codable {
  /// Reads true or false, a number, a text, or a list of texts.
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let number = try? container.decode(Int.self) {
      self = .text("\(number)")
    } else if let number = try? container.decode(UInt64.self) {
      self = .text("\(number)")
    } else if let number = try? container.decode(Double.self) {
      self = .text("\(number)")
    } else {
      self = .texts(try container.decode([String].self))
    }
  }

  /// Writes what reads as the same text again, as a number where it is one.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try container.encode(flag)
    case .texts(let texts): try container.encode(texts)
    case .text(let text):
      if let number = Int(text), "\(number)" == text {
        try container.encode(number)
      } else if let number = Double(text), "\(number)" == text, number.isFinite, number != number.rounded() {
        try container.encode(number)
      } else {
        try container.encode(text)
      }
    }
  }
}

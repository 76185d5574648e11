import Foundation

/// Any JSON document, with integers told from other numbers and every leaf within reach.
indirect enum JSONValue: Codable, Equatable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A step from a value to one inside it.
  enum Step: Hashable, CustomStringConvertible {
    case field(String)
    case index(Int)

    var description: String {
      switch self {
      case .field(let name): name
      case .index(let index): "\(index)"
      }
    }
  }

  init(_ bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// The document as bytes.
  var bytes: [UInt8] { get throws { [UInt8](try JSONEncoder().encode(self)) } }

  /// A field of an object, or nil.
  subscript(_ name: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields[name]
  }

  /// A number, whole or not, or nil.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The elements of an array; none otherwise.
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The number of entries of an array or object.
  var count: Int {
    switch self {
    case .array(let entries): entries.count
    case .object(let fields): fields.count
    default: 0
    }
  }

  /// The names of an object's fields.
  var fieldNames: Set<String> {
    guard case .object(let fields) = self else { return [] }
    return Set(fields.keys)
  }

  /// The value at the end of a path.
  func value(at path: ArraySlice<Step>) -> JSONValue? {
    guard let step = path.first else { return self }
    switch (self, step) {
    case (.object(let fields), .field(let name)): return fields[name]?.value(at: path.dropFirst())
    case (.array(let entries), .index(let index)): return entries[index].value(at: path.dropFirst())
    default: return nil
    }
  }

  /// The document with another value at the end of a path.
  func replacing(_ path: ArraySlice<Step>, by value: JSONValue) -> JSONValue {
    guard let step = path.first else { return value }
    switch (self, step) {
    case (.object(var fields), .field(let name)):
      fields[name] = fields[name]?.replacing(path.dropFirst(), by: value) ?? value
      return .object(fields)
    case (.array(var entries), .index(let index)):
      entries[index] = entries[index].replacing(path.dropFirst(), by: value)
      return .array(entries)
    default: return self
    }
  }

  /// The paths to all leaves; of arrays with more than three entries the first, a middle and the last.
  var leaves: [[Step]] {
    switch self {
    case .object(let fields):
      return fields.keys.sorted().flatMap { name in fields[name]!.leaves.map { [.field(name)] + $0 } }
    case .array(let entries):
      let chosen =
        entries.count > 3 ? [0, entries.count / 2, entries.count - 1] : Array(entries.indices)
      return chosen.flatMap { index in entries[index].leaves.map { [.index(index)] + $0 } }
    default: return [[]]
    }
  }
}

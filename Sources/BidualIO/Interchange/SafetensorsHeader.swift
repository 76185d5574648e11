/// What the head of a safetensors file says: of each tensor its type, shape and place, and texts by their names.
struct SafetensorsHeader: Codable {
  /// One tensor.
  struct Entry: Codable {
    /// The type of its numbers, such as `F32`.
    var type: String
    /// The length of each axis; the last one runs fastest.
    var shape: [Int]
    /// Where its bytes start and end behind the head.
    var offsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case offsets = "data_offsets"
    }
  }

  /// The tensors by their names.
  var tensors: [String: Entry] = [:]
  /// Texts by their names.
  var metadata: [String: String] = [:]

  private static let metadataKey = Name(stringValue: "__metadata__")

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys {
      if key.stringValue == Self.metadataKey.stringValue {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        tensors[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: Self.metadataKey) }
    for (name, entry) in tensors { try container.encode(entry, forKey: Name(stringValue: name)) }
  }

  /// A key that may be any text.
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

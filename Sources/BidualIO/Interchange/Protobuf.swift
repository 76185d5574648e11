/// The wire format of protocol buffers, as far as ONNX files need it.
enum Protobuf {
  /// A field as it stands on the wire.
  enum Field {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  /// What is not the wire format.
  struct Malformed: Error {}

  /// Hands over the fields of a message, each with its number; groups, which no one writes any more, are malformed.
  ///
  /// - Complexity: O(bytes).
  static func read(_ bytes: ArraySlice<UInt8>, _ take: (_ number: Int, Field) throws(Malformed) -> Void)
    throws(Malformed)
  {
    var rest = bytes
    while !rest.isEmpty {
      let tag = try varint(&rest)
      let number = tag >> 3
      guard number > 0, number <= 0x1FFF_FFFF else { throw Malformed() }
      let field: Field =
        switch tag & 7 {
        case 0: .varint(try varint(&rest))
        case 1: .fixed64(try fixed(&rest, 8))
        case 2: .bytes(try taken(&rest, try varint(&rest)))
        case 5: .fixed32(UInt32(truncatingIfNeeded: try fixed(&rest, 4)))
        default: throw Malformed()
        }
      try take(Int(number), field)
    }
  }

  /// Takes a number of at most ten bytes of seven bits, the lowest first.
  static func varint(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> UInt64 {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = rest.popFirst(), shift < 70 {
      value |= shift < 64 ? UInt64(byte & 0x7F) << shift : 0
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Malformed()
  }

  private static func fixed(_ rest: inout ArraySlice<UInt8>, _ count: UInt64) throws(Malformed) -> UInt64 {
    try taken(&rest, count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func taken(_ rest: inout ArraySlice<UInt8>, _ count: UInt64) throws(Malformed)
    -> ArraySlice<UInt8>
  {
    guard count <= UInt64(rest.count) else { throw Malformed() }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }

  /// A message that is written.
  struct Message {
    private(set) var bytes: [UInt8] = []

    /// A message with what is put into it.
    init(_ fill: (inout Message) -> Void = { _ in }) { fill(&self) }

    /// Puts a whole number.
    mutating func put(_ number: Int, _ value: Int) {
      append(UInt64(number) << 3)
      append(UInt64(bitPattern: Int64(value)))
    }

    /// Puts a text.
    mutating func put(_ number: Int, _ text: String) { put(number, Array(text.utf8)) }

    /// Puts bytes.
    mutating func put(_ number: Int, _ content: [UInt8]) {
      append(UInt64(number) << 3 | 2)
      append(UInt64(content.count))
      bytes += content
    }

    /// Puts a message.
    mutating func put(_ number: Int, _ message: Message) { put(number, message.bytes) }

    private mutating func append(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }
}

/// The element types of NumPy files that Bidual reads, all little-endian.
enum NPYElement: String, CaseIterable {
  case float64 = "f8"
  case float32 = "f4"
  case int64 = "i8"
  case int32 = "i4"
  case int16 = "i2"
  case int8 = "i1"
  case uint64 = "u8"
  case uint32 = "u4"
  case uint16 = "u2"
  case uint8 = "u1"
  case bool = "b1"

  /// The type that a header names, such as `<f8` or `|b1`, or nil for one that Bidual does not read.
  init?(descriptor: String) {
    guard let order = descriptor.first, let type = NPYElement(rawValue: String(descriptor.dropFirst())),
      order == "<" || (order == "|" && type.size == 1)
    else { return nil }
    self = type
  }

  /// The bytes of one element.
  var size: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// The elements in the bytes, as the nearest doubles.
  ///
  /// - Complexity: O(bytes).
  func doubles(in bytes: ArraySlice<UInt8>) -> [Double] {
    switch self {
    case .float64: decode(bytes) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .float32: decode(bytes) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    case .int64: decode(bytes) { Double(Int64(littleEndian: $0)) }
    case .int32: decode(bytes) { Double(Int32(littleEndian: $0)) }
    case .int16: decode(bytes) { Double(Int16(littleEndian: $0)) }
    case .int8: decode(bytes) { (value: Int8) in Double(value) }
    case .uint64: decode(bytes) { Double(UInt64(littleEndian: $0)) }
    case .uint32: decode(bytes) { Double(UInt32(littleEndian: $0)) }
    case .uint16: decode(bytes) { Double(UInt16(littleEndian: $0)) }
    case .uint8: decode(bytes) { (value: UInt8) in Double(value) }
    case .bool: decode(bytes) { (value: UInt8) in value == 0 ? 0 : 1 }
    }
  }

  private func decode<Stored: BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>, _ value: (Stored) -> Double
  ) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: size).map {
        value(buffer.loadUnaligned(fromByteOffset: $0, as: Stored.self))
      }
    }
  }
}

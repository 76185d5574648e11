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

  /// Writes the first `count` elements that the bytes hold, as the nearest doubles.
  ///
  /// - Complexity: O(count).
  func decode(_ bytes: [UInt8], count: Int, to doubles: inout [Double]) {
    precondition(bytes.count >= count * size && doubles.count >= count)
    switch self {
    case .float64: decode(bytes, count, &doubles) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .float32: decode(bytes, count, &doubles) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    case .int64: decode(bytes, count, &doubles) { Double(Int64(littleEndian: $0)) }
    case .int32: decode(bytes, count, &doubles) { Double(Int32(littleEndian: $0)) }
    case .int16: decode(bytes, count, &doubles) { Double(Int16(littleEndian: $0)) }
    case .int8: decode(bytes, count, &doubles) { (value: Int8) in Double(value) }
    case .uint64: decode(bytes, count, &doubles) { Double(UInt64(littleEndian: $0)) }
    case .uint32: decode(bytes, count, &doubles) { Double(UInt32(littleEndian: $0)) }
    case .uint16: decode(bytes, count, &doubles) { Double(UInt16(littleEndian: $0)) }
    case .uint8: decode(bytes, count, &doubles) { (value: UInt8) in Double(value) }
    case .bool: decode(bytes, count, &doubles) { (value: UInt8) in value == 0 ? 0 : 1 }
    }
  }

  @inline(__always)
  private func decode<Stored: BitwiseCopyable>(
    _ bytes: [UInt8], _ count: Int, _ doubles: inout [Double], _ value: (Stored) -> Double
  ) {
    bytes.withUnsafeBytes { bytes in
      doubles.withUnsafeMutableBufferPointer { doubles in
        for i in 0..<count {
          doubles[i] = value(
            bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<Stored>.size, as: Stored.self))
        }
      }
    }
  }
}

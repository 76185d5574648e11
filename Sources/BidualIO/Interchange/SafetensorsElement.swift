/// The types of numbers in safetensors files that weights come in.
enum SafetensorsElement: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"

  /// The bytes of one number.
  var size: Int {
    switch self {
    case .float64: 8
    case .float32: 4
    case .float16, .bfloat16: 2
    }
  }

  /// All numbers that the bytes hold, each exactly.
  ///
  /// - Complexity: O(bytes).
  func decoded(_ bytes: ArraySlice<UInt8>) -> [Double] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { place in
      let bits = (0..<size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) }
      return switch self {
      case .float64: Double(bitPattern: bits)
      case .float32: Double(Float(bitPattern: UInt32(bits)))
      case .float16: Self.half(bits)
      case .bfloat16: Double(Float(bitPattern: UInt32(bits) << 16))
      }
    }
  }

  /// A number of 16 bits, five of them exponent; not every processor that Swift runs on has the type.
  private static func half(_ bits: UInt64) -> Double {
    let fraction = Double(bits & 0x3FF)
    let size: Double =
      switch bits >> 10 & 0x1F {
      case 0: fraction * 0x1p-24
      case 0x1F: fraction == 0 ? .infinity : .nan
      case let exponent: (1024 + fraction) * Double(sign: .plus, exponent: Int(exponent) - 25, significand: 1)
      }
    return bits & 0x8000 == 0 ? size : -size
  }
}

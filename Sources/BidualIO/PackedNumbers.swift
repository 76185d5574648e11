#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Many numbers in a JSON file, as the text (base64) of their bytes, the least significant first.
struct PackedNumbers<Number: BitwiseCopyable & Sendable>: Codable, Sendable {
  let numbers: [Number]

  init(_ numbers: [Number]) { self.numbers = numbers }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let bytes = try container.decode(Data.self)
    let stride = MemoryLayout<Number>.stride
    guard bytes.count % stride == 0 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "part of a number is missing")
    }
    numbers = [Number](unsafeUninitializedCapacity: bytes.count / stride) { target, count in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
      count = bytes.count / stride
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(numbers.withUnsafeBytes { Data($0) })
  }
}

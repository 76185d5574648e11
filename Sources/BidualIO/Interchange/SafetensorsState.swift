import BidualModels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The tensors of a safetensors file, such as the state of a network.
struct SafetensorsState {
  /// Numbers with their shape, the last axis running fastest.
  struct Tensor {
    let name: String
    let shape: [Int]
    let elements: [Double]
  }

  /// The tensors, by their names.
  let tensors: [Tensor]

  /// Heads are shorter than this, as other readers have it too.
  private static let longestHead = 100_000_000

  /// Whether a file is of this kind, by its first bytes: the length of a JSON object that follows.
  static func recognizes(_ bytes: [UInt8]) -> Bool {
    guard let length = LittleEndian.integer(bytes, at: 0, size: 8) else { return false }
    return 2...longestHead ~= length && length <= bytes.count - 8 && bytes[8] == UInt8(ascii: "{")
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `DataError` of kind `badData`, without a path, where the head is damaged, or a tensor has another type than floats or is not all there.
  /// - Complexity: O(bytes).
  init(bytes: [UInt8]) throws(DataError) {
    guard Self.recognizes(bytes), let length = LittleEndian.integer(bytes, at: 0, size: 8) else {
      throw DataError(
        .badData, "not a safetensors file, or cut short in its header; save or copy the file again")
    }
    let head = Array(bytes[8..<(8 + length)])
    // The decoder takes other encodings for what they are, and the first of two values.
    guard !head.contains(0), RepeatedKey(in: head) == nil,
      let header = try? JSONDecoder().decode(SafetensorsHeader.self, from: Data(head))
    else {
      throw DataError(.badData, "the header of the safetensors file can't be understood; save the file again")
    }
    let data = bytes[(8 + length)...]
    var tensors: [Tensor] = []
    for (name, entry) in header.tensors.sorted(by: { $0.key < $1.key }) {
      guard let element = SafetensorsElement(rawValue: entry.type) else {
        throw DataError(
          .badData,
          "tensor '\(Excerpt(name))' holds numbers of type \(Excerpt(entry.type)); save it as F32, by float() in PyTorch"
        )
      }
      guard entry.offsets.count == 2, case let (start, end) = (entry.offsets[0], entry.offsets[1]),
        0 <= start, start <= end, end <= data.count,
        Self.size(entry.shape, element) == end - start
      else {
        throw DataError(
          .badData,
          "the bytes of tensor '\(Excerpt(name))' are not all there; copy or save the file again")
      }
      tensors.append(
        Tensor(
          name: name, shape: entry.shape,
          elements: element.decoded(data[(data.startIndex + start)..<(data.startIndex + end)])))
    }
    self.tensors = tensors
  }

  /// The bytes of a tensor; nil for none that a file could hold.
  private static func size(_ shape: [Int], _ element: SafetensorsElement) -> Int? {
    var size = element.size
    for length in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflows else { return nil }
      size = product
    }
    return size
  }
}

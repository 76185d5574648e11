/// A key that stands twice in one object of a JSON document. Readers disagree on which of its values counts, so
/// that a file with one says different things to different programs.
package struct RepeatedKey: Equatable {
  /// The key, its escapes resolved.
  package let key: String
  /// The line of its second place, from 1.
  package let line: Int

  /// The first key of the document that stands twice in its object, or nil.
  ///
  /// Keys are alike where their texts are: `"a"` and `"\u0061"` are one key. The document need not be
  /// valid: what no decoder reads may be passed over.
  ///
  /// - Complexity: O(bytes) on average, without recursion however deep the document is.
  package init?(in bytes: [UInt8]) {
    /// Whether each open container is an object, and the keys of the open objects.
    var isObject: [Bool] = []
    var keys: [Set<String>] = []
    var awaitsKey = false
    var line = 1
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: "{"):
        isObject.append(true)
        keys.append([])
        awaitsKey = true
      case UInt8(ascii: "["):
        isObject.append(false)
        awaitsKey = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if isObject.popLast() == true { keys.removeLast() }
        awaitsKey = false
      case UInt8(ascii: ","): awaitsKey = isObject.last ?? false
      case UInt8(ascii: "\""):
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
          if bytes[place] == UInt8(ascii: "\n") { line += 1 }
          place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = min(place, bytes.count)
        place = end + 1
        guard awaitsKey else { continue }
        awaitsKey = false
        let key = Self.text(bytes[start..<end])
        guard keys[keys.count - 1].insert(key).inserted else {
          self.key = key
          self.line = line
          return
        }
      default: break
      }
    }
    return nil
  }

  /// The text of a string between its quotes.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    // Escapes of two halves make one scalar: units of 16 bits hold them all.
    var units: [UInt16] = []
    var plain = bytes.startIndex
    var place = bytes.startIndex
    while place < bytes.endIndex {
      guard bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.endIndex else {
        place += 1
        continue
      }
      units += String(decoding: bytes[plain..<place], as: UTF8.self).utf16
      let mark = bytes[place + 1]
      place += 2
      if mark == UInt8(ascii: "u") {
        let digits = String(decoding: bytes[place..<min(place + 4, bytes.endIndex)], as: UTF8.self)
        units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
        place = min(place + 4, bytes.endIndex)
      } else {
        units.append(unit(ofEscape: mark))
      }
      plain = place
    }
    units += String(decoding: bytes[plain...], as: UTF8.self).utf16
    return String(decoding: units, as: UTF16.self)
  }

  private static func unit(ofEscape mark: UInt8) -> UInt16 {
    switch mark {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): 0x0D
    default: UInt16(mark)
    }
  }
}

/// Whole numbers in binary files, their lowest byte first.
enum LittleEndian {
  /// The number of so many bytes, 8 at most, at a place; nil where the bytes end before, or an `Int` can't hold it.
  static func integer(_ bytes: [UInt8], at place: Int, size: Int) -> Int? {
    guard place >= 0, bytes.count >= size, place <= bytes.count - size else { return nil }
    return Int(exactly: bytes[place..<(place + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

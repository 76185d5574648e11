/// Numbers as bytes, to be read in the order in which they were written, on machines of one kind.
package struct Message: Sendable {
  /// The bytes.
  package private(set) var bytes: [UInt8]
  private var place = 0

  /// A message to read, or an empty one to write.
  package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  /// Writes a number.
  package mutating func append<Number: BitwiseCopyable>(_ number: Number) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  /// Writes numbers and how many they are.
  package mutating func append<Number: BitwiseCopyable>(_ numbers: [Number]) {
    append(numbers.count)
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Writes a text.
  package mutating func append(_ text: String) { append(Array(text.utf8)) }

  /// Reads a text.
  package mutating func text() -> String {
    let bytes: [UInt8] = list()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a number.
  package mutating func next<Number: BitwiseCopyable>() -> Number {
    take(MemoryLayout<Number>.size) { $0.loadUnaligned(as: Number.self) }
  }

  /// Reads numbers that were written as a list.
  package mutating func list<Number: BitwiseCopyable>() -> [Number] {
    let count: Int = next()
    return take(count * MemoryLayout<Number>.stride) { source in
      [Number](unsafeUninitializedCapacity: count) { target, initialized in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        initialized = count
      }
    }
  }

  private mutating func take<Content>(_ size: Int, _ read: (UnsafeRawBufferPointer) -> Content) -> Content {
    precondition(size >= 0 && place + size <= bytes.count, "the message is shorter than what is read")
    defer { place += size }
    return bytes.withUnsafeBytes { read(UnsafeRawBufferPointer(rebasing: $0[place..<(place + size)])) }
  }
}

/// Storage for numbers that starts on a cache line, all bits zero, freed with its owner.
final class AlignedStorage<Element: MaskedScalar> {
  let start: UnsafeMutablePointer<Element>

  init(_ count: Int) {
    let bytes = count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    // Bytes, since generic code would set numbers one by one.
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    start = memory.bindMemory(to: Element.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

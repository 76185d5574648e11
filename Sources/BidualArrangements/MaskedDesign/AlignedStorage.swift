/// Zeroed storage that starts on a cache line, freed with its owner.
final class AlignedStorage<Element: MaskedScalar> {
  let start: UnsafeMutablePointer<Element>

  init(_ count: Int) {
    start = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
      .bindMemory(to: Element.self, capacity: count)
    start.initialize(repeating: 0, count: count)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

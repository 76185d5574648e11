/// Storage that grows and keeps its content, and is freed with its only owner.
struct Buffer<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start = UnsafeMutablePointer<Element>.allocate(capacity: 1)
  private var capacity = 1

  /// Makes room for `count` elements, all of which may be uninitialised beyond those written.
  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 2 * capacity))
    larger.update(from: start, count: capacity)
    start.deallocate()
    start = larger
    capacity = max(count, 2 * capacity)
  }

  deinit { start.deallocate() }
}

/// Arrays of one thread's blocks that are used again and again.
///
/// Arrays of some hundred kilobytes that are freed go back to the system at once, and the next pass would wait longer for new pages than for its products.
final class SpareArrays {
  private var arrays: [Int: [[Double]]] = [:]

  /// An array of so many numbers, which mean nothing.
  func take(_ count: Int) -> [Double] {
    arrays[count]?.popLast() ?? Array(repeating: 0, count: count)
  }

  /// Takes one back.
  func give(_ array: [Double]) { arrays[array.count, default: []].append(array) }
}

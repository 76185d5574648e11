/// Arrays of one thread's blocks that are used again and again.
///
/// Arrays of some hundred kilobytes that are freed go back to the system at once, and the next pass would wait longer for new pages than for its products.
final class SpareArrays {
  /// So many sizes are kept: blocks of passes over all samples and of mini-batches have few, but shares of mini-batches have many.
  private static let mostSizes = 16
  private var arrays: [Int: [[Double]]] = [:]

  /// An array of so many numbers, which mean nothing.
  func take(_ count: Int) -> [Double] {
    arrays[count]?.popLast() ?? Array(repeating: 0, count: count)
  }

  /// Takes one back.
  func give(_ array: [Double]) {
    if arrays[array.count] == nil, arrays.count == Self.mostSizes { arrays = [:] }
    arrays[array.count, default: []].append(array)
  }
}

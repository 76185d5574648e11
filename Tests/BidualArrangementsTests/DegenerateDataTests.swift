import BidualArrangements
import BidualLinear
import Testing

@Suite struct DegenerateDataTests {
  @Test(arguments: [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (4, 2), (3, 3)])
  func everyTinyDataSet(rows: Int, columns: Int) throws {
    let count = (0..<(rows * columns)).reduce(1) { product, _ in 3 * product }
    #expect(try firstFault((0..<count).lazy.map { ternary($0, rows, columns) }) == nil)
  }

  @Test func tinyDataSetsOfFourRowsInThreeDimensions() throws {
    let numbers = stride(from: 0, to: 531_441, by: fourByThreeStride)
    #expect(try firstFault(numbers.lazy.map { ternary($0, 4, 3) }) == nil)
  }

  @Test(arguments: [(6, 3), (7, 4), (6, 5), (8, 4)])
  func smallIntegerDataSets(rows: Int, columns: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rows * 10 + columns))
    let dataSets = (0..<300).map { _ in
      (0..<rows).map { _ in (0..<columns).map { _ in Int.random(in: -1...1, using: &generator) } }
    }
    #expect(try firstFault(dataSets) == nil)
  }

  /// All 3¹² data sets where the compiler optimises; else a sample, by a stride coprime to 3 so that it meets all
  /// values of every entry.
  #if DEBUG
    private let fourByThreeStride = 101
  #else
    private let fourByThreeStride = 1
  #endif

  /// The digits −1, 0, 1 of a number in base 3.
  private func ternary(_ number: Int, _ rows: Int, _ columns: Int) -> [[Int]] {
    var rest = number
    return (0..<rows).map { _ in
      (0..<columns).map { _ in
        defer { rest /= 3 }
        return rest % 3 - 1
      }
    }
  }

  /// What is wrong with the chambers of the first data set that has them wrong, or nil.
  private func firstFault(_ dataSets: some Sequence<[[Int]]>) throws -> String? {
    var oracle = GordanOracle()
    for rows in dataSets {
      let data = Matrix(rows.map { $0.map { Double($0) } })
      let tree = try Arrangement(data).chambers()
      let listed = (0..<tree.count).map { UInt8(tree.pattern($0).words[0]) }
      let truth = oracle.patterns(rows)
      if Set(listed) != truth || listed.count != truth.count {
        return "\(rows): listed \(listed.sorted()), truth \(truth.sorted())"
      }
      if let fault = fault(in: tree, of: data) { return "\(rows): \(fault)" }
    }
    return nil
  }
}

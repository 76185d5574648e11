import BidualLinear
import BidualModels

/// Which rows are held out together.
public struct Folds: Sendable, Equatable, Codable {
  /// The fold of each row, from 0.
  public let assignment: [Int]
  /// How many folds there are.
  public let count: Int

  /// Given folds, numbered in any way by whole numbers; equal numbers are one fold.
  ///
  /// - Throws: `DataError` of kind `badData` for fewer than two folds, or a number that is none.
  public init(given numbers: [Double]) throws(DataError) {
    try Self.check(numbers)
    let distinct = Set(numbers).sorted()
    guard distinct.count > 1 else {
      throw DataError(.badData, "all rows are in one fold; number at least two folds")
    }
    let place = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
    assignment = numbers.map { place[$0] ?? 0 }
    count = distinct.count
  }

  /// Random folds of nearly equal size.
  ///
  /// - Parameters:
  ///   - strata: the stratum of each row, each of which is spread evenly over the folds; nil for one stratum.
  ///   - seed: equal seeds give equal folds.
  /// - Throws: `DataError` of kind `badSettings` for fewer than two folds or more than rows.
  /// - Complexity: O(n log n).
  public init(_ count: Int, rows: Int, strata: [Int]? = nil, seed: UInt64) throws(DataError) {
    try Self.check(count, of: rows, named: "rows")
    var generator = SeededGenerator(seed: seed)
    let shuffled = (0..<rows).shuffled(using: &generator)
    // Dealt out stratum after stratum, so that neither strata nor folds differ by more than one row.
    let order = strata.map { strata in
      shuffled.enumerated().sorted { (strata[$0.element], $0.offset) < (strata[$1.element], $1.offset) }
        .map(\.element)
    }
    var assignment = [Int](repeating: 0, count: rows)
    for (place, row) in (order ?? shuffled).enumerated() { assignment[row] = place % count }
    self.assignment = assignment
    self.count = count
  }

  /// Random folds that keep the rows of a group together, the largest groups dealt out first, each to the fold with the fewest rows.
  ///
  /// - Throws: `DataError` of kind `badSettings` for fewer than two folds or more than groups, of kind `badData` for a number that is none.
  /// - Complexity: O(n log n + groups·folds).
  public init(_ count: Int, groups: [Double], seed: UInt64) throws(DataError) {
    try Self.check(groups)
    let members = Dictionary(grouping: groups.indices, by: { groups[$0] })
    try Self.check(count, of: members.count, named: "groups")
    var generator = SeededGenerator(seed: seed)
    let shuffled = members.keys.sorted().shuffled(using: &generator)
    let order = shuffled.enumerated().sorted {
      (members[$1.element]!.count, $0.offset) < (members[$0.element]!.count, $1.offset)
    }
    var assignment = [Int](repeating: 0, count: groups.count)
    var sizes = [Int](repeating: 0, count: count)
    for (_, group) in order {
      let fold = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
      for row in members[group] ?? [] { assignment[row] = fold }
      sizes[fold] += members[group]?.count ?? 0
    }
    self.assignment = assignment
    self.count = count
  }

  private static func check(_ numbers: [Double]) throws(DataError) {
    if let row = numbers.firstIndex(where: { !$0.isFinite }) {
      throw DataError(.badData, "row \(row + 1): the fold or group is \(numbers[row]); give a finite number")
    }
  }

  private static func check(_ count: Int, of all: Int, named name: String) throws(DataError) {
    guard count > 1, count <= all else {
      throw DataError(.badSettings, "\(count) folds of \(all) \(name); take from 2 to \(all)")
    }
  }

  /// The rows of a fold.
  public func heldOut(_ fold: Int) -> [Int] { assignment.indices.filter { assignment[$0] == fold } }

  /// The rows of all other folds.
  public func training(_ fold: Int) -> [Int] { assignment.indices.filter { assignment[$0] != fold } }

  /// Strata for targets: the classes, or so many tenths of the numbers by their order, by the first output.
  ///
  /// - Complexity: O(n log n).
  public static func strata(of dataset: Dataset, classes: ClassLabels?) -> [Int] {
    if let classes { return dataset.places(in: classes) }
    let c = dataset.outputs
    let order = (0..<dataset.samples).sorted { (dataset.targets[$0 * c], $0) < (dataset.targets[$1 * c], $1) }
    var strata = [Int](repeating: 0, count: dataset.samples)
    for (place, row) in order.enumerated() { strata[row] = place * 10 / dataset.samples }
    return strata
  }
}

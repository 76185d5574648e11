import BidualLinear

/// How an atom's entry for a sample comes from entries for rows of a design: it is that of the sample's one row, or the sum or
/// mean of those of its K rows, which stand together.
///
/// As a matrix it is S, n×nK; convolutions have the patches of an image as rows (SEPP21, eq. 6).
package struct RowPooling: Sendable, Equatable {
  /// The number K of rows of a sample.
  package let rows: Int
  /// Whether entries are averaged, not added up.
  package let averages: Bool

  /// The pooling of K rows a sample.
  package init(rows: Int, averages: Bool) {
    precondition(rows > 0, "a sample has rows")
    self.rows = rows
    self.averages = averages
  }

  /// One row a sample, whose entry is the sample's.
  package static let none = RowPooling(rows: 1, averages: false)

  /// What sums over a sample's rows are divided by.
  var divisor: Double { averages ? Double(rows) : 1 }

  /// S times values that stand row after row, `width` of them a row.
  ///
  /// - Complexity: O(values).
  package func pooled(_ values: [Double], width: Int = 1) -> [Double] {
    guard rows > 1 else { return values }
    let samples = values.count / max(1, rows * width)
    var sums = [Double](repeating: 0, count: samples * width)
    values.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        for i in 0..<samples {
          for row in (i * rows)..<((i + 1) * rows) {
            for j in 0..<width { sums[i * width + j] += values[row * width + j] }
          }
        }
        if averages { for place in sums.indices { sums[place] /= divisor } }
      }
    }
    return sums
  }

  /// Sᵀ times values of samples, `width` of them a sample.
  ///
  /// - Complexity: O(K·values).
  package func spread(_ values: [Double], width: Int = 1) -> [Double] {
    rows == 1 ? values : repeated(averages ? values.map { $0 / divisor } : values, width: width)
  }

  /// The values of each sample once for each of its rows.
  func repeated(_ values: [Double], width: Int) -> [Double] {
    guard rows > 1 else { return values }
    var repeated: [Double] = []
    repeated.reserveCapacity(values.count * rows)
    for first in stride(from: 0, to: values.count, by: max(1, width)) {
      for _ in 0..<rows { repeated += values[first..<(first + width)] }
    }
    return repeated
  }

  /// Of `width` values for each of K places those of the row's own place among those of its sample, `width` a row.
  ///
  /// - Complexity: O(rows·width).
  package func ownPlaces(_ values: [Double], width: Int = 1) -> [Double] {
    var own: [Double] = []
    own.reserveCapacity(values.count / rows)
    for row in 0..<(values.count / (rows * width)) {
      let first = (row * rows + row % rows) * width
      own += values[first..<(first + width)]
    }
    return own
  }

  /// The transpose of pooled own places: `width` values for each of K places a row, of which those of the row's own place are the
  /// sample's and all others are 0.
  ///
  /// - Complexity: O(K²·values).
  func inOwnPlaces(_ values: [Double], width: Int = 1) -> [Double] {
    var placed = [Double](repeating: 0, count: values.count * rows * rows)
    for row in 0..<(values.count / width * rows) {
      for k in 0..<width {
        placed[(row * rows + row % rows) * width + k] = values[row / rows * width + k]
      }
    }
    return placed
  }

  /// A restriction for sums of one for means, whose dual points are divided by K: multipliers are in the unit of these, and any
  /// will do, so that products round as they like.
  package func unpooled(_ restriction: PatternRestriction) -> PatternRestriction {
    guard averages else { return restriction }
    let multipliers = restriction.multipliers.map { cone in
      ConeMultipliers(
        pattern: cone.pattern, isNegative: cone.isNegative, rows: cone.rows,
        values: cone.values.map { min($0 * divisor, .greatestFiniteMagnitude) })
    }
    guard let sums = PatternRestriction(restriction.patterns, multipliers: multipliers) else {
      preconditionFailure("the multipliers are those of a restriction")
    }
    return sums
  }

  /// What is missed of samples where `missed` is missed of their rows: of weights that are spread over K rows each, sums are √K times as long,
  /// and means 1/√K times.
  package func truncation(_ missed: Truncation) -> Truncation {
    let root = Double(rows).squareRoot()
    return Truncation(
      distances: deviation(missed.distances),
      norm: rows == 1 ? missed.norm : (averages ? missed.norm / root : missed.norm * root) * (1 + 0x1p-50))
  }

  /// How far a sample's entry may be off where those of its rows are off by as much as `bounds` say, rounded up.
  ///
  /// A computed sum of K numbers that are not negative is too small by less than K·2⁻⁵³ of it.
  package func deviation(_ bounds: [Double]) -> [Double] {
    rows == 1 ? bounds : pooled(bounds).map { $0 * (1 + Double(rows + 8) * 0x1p-52) }
  }
}

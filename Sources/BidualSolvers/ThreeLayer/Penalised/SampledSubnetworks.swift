import BidualLinear

/// Sub-networks drawn at random for their activation patterns (EP21, Remark 3): of each first-layer unit the sign with which the second
/// layer takes it and the samples at which it is active, and the samples at which the second layer is.
struct SampledSubnetworks: Sendable {
  /// The number m₁ of units of each.
  let units: Int
  /// The first layers, one unit a row.
  private let gates: Matrix
  /// The second layers, one number a unit; their signs are kept.
  let inner: [Double]
  /// The number of sub-networks.
  var count: Int { inner.count / units }

  /// Gaussian sub-networks.
  init(count: Int, units: Int, inputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    self.units = units
    gates = Matrix(
      rows: count * units, columns: inputs,
      elements: (0..<(count * units * inputs)).map { _ in random.nextGaussian() })
    inner = (0..<(count * units)).map { _ in random.nextGaussian() }
  }

  /// Where units and second layers are active, a byte each, 0 or 1: n×(K·m₁) and n×K numbers.
  ///
  /// - Complexity: O(nKm₁d).
  func patterns(over design: Matrix) -> (first: [UInt8], second: [UInt8]) {
    var first: [UInt8] = []
    var second: [UInt8] = []
    first.reserveCapacity(design.rows * inner.count)
    second.reserveCapacity(design.rows * count)
    // Heights of some samples at a time, for their memory.
    for start in stride(from: 0, to: design.rows, by: 256) {
      let heights = design.selectingRows(start..<min(start + 256, design.rows)).timesTransposed(gates)
      for i in 0..<heights.rows {
        let row = heights.row(i)
        first += row.map { $0 >= 0 ? 1 : 0 }
        for p in 0..<count {
          var input = 0.0
          for j in (p * units)..<((p + 1) * units) { input += inner[j] * max(row[row.startIndex + j], 0) }
          second.append(input >= 0 ? 1 : 0)
        }
      }
    }
    return (first, second)
  }
}

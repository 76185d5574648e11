import BidualLinear
import BidualProcesses

/// The map h(u) = Σ Vᵢ(xᵢᵀu)₊ into Rᶜ split into odd and even part, Gu and Σ qₕ|xₕᵀu| with G c×r and qₕ = ½Vₕ, over the
/// distinct hyperplanes, in units in which all numbers are of ordinary size.
///
/// Rows are multiplied by powers of two to lengths in [1, 2), nearly, and weights by 2^−exponent so that the largest
/// |Vᵢₖ|‖xᵢ‖ is near 1: both are exact, save for what becomes so small that the charge for vanished products covers it.
struct VectorObjective: BoxObjective {
  /// The number c of outputs.
  let outputs: Int
  /// The number r of coordinates.
  let rank: Int
  /// How many rows the block has: a multiple of 8.
  let rows: Int
  /// The rows as `bidual_vector_lines` reads them.
  let block: [Double]
  /// G, row after row.
  let odd: [Double]
  /// h is 2^exponent times what is described here.
  let exponent: Int
  /// An upper bound of ‖Vᵢ‖ for each row of the design.
  let lengths: [Double]
  /// S = Σ‖Vᵢ‖‖xᵢ‖, a bound of ‖h‖ on the unit sphere, as computed.
  let size: Double
  /// A bound of what merging rows hides.
  let hidden: Double
  /// A bound of what vanished products hide.
  let vanished: Double

  /// The objective of `weights`, `outputs` a row of the design; nil if these are too large, or not numbers.
  ///
  /// - Complexity: O(n(r + c)).
  init?(_ hyperplanes: Hyperplanes, _ weights: [Double], outputs: Int) {
    let n = hyperplanes.norms.count
    precondition(weights.count == n * outputs, "one weight an output for each row")
    guard weights.allSatisfy(\.isFinite), hyperplanes.norms.allSatisfy(\.isFinite) else { return nil }
    let rank = hyperplanes.rows.columns
    self.outputs = outputs
    self.rank = rank
    var largest: Int?
    for (index, weight) in weights.enumerated() where weight != 0 {
      let length = hyperplanes.norms[index / outputs]
      if length != 0 { largest = max(largest ?? .min, Int(weight.exponent) + Int(length.exponent)) }
    }
    let exponent = largest ?? 0
    self.exponent = exponent
    let scaled = weights.map { MomentObjective.scaled($0, by: -exponent) }
    lengths = (0..<n).map { Self.length(scaled[($0 * outputs)..<(($0 + 1) * outputs)]) }
    var size = 0.0
    var hidden = 0.0
    for i in 0..<n {
      size += lengths[i] * hyperplanes.norms[i]
      hidden += lengths[i] * hyperplanes.deviation[i]
    }
    self.size = size
    self.hidden = 2 * hidden
    let terms = Double((rank + 1) * outputs)
    vanished = size > 0 ? terms * 0x1p-500 * (1 + lengths.reduce(0, +)) : 0

    let merged = (0..<outputs).map { k in
      hyperplanes.merge((0..<n).map { scaled[$0 * outputs + k] }, sign: 1)
    }
    var odd = merged.flatMap(\.linear)
    let kept = (0..<hyperplanes.count).filter { h in merged.contains { $0.weights[h] != 0 } }
    let rows = (kept.count + 7) / 8 * 8
    var block = [Double](repeating: 0, count: rows * (rank + 1 + outputs))
    for (i, h) in kept.enumerated() {
      let row = hyperplanes.rows.row(h)
      let shift = Int(norm(row).exponent)
      let elements = row.map { MomentObjective.scaled($0, by: -shift) }
      for a in 0..<rank { block[a * rows + i] = elements[a] }
      for k in 0..<outputs {
        let weight = MomentObjective.scaled(merged[k].weights[h], by: shift - 1)
        block[(rank + 1 + k) * rows + i] = weight
        for a in 0..<rank { odd[k * rank + a] += weight * elements[a] }
      }
    }
    self.rows = rows
    self.block = block
    self.odd = odd
    guard size.isFinite, hidden.isFinite, odd.allSatisfy(\.isFinite), block.allSatisfy(\.isFinite)
    else { return nil }
  }

  /// Both sides have the same rows.
  func rows(side: Int) -> (elements: [Double], counts: RowCounts) {
    (rows == 0 ? [] : block, RowCounts(convex: rows))
  }

  /// The odd part, opposite for mirror images, which are the second side.
  func linear(side: Int) -> [Double] { side == 0 ? odd : odd.map { -$0 } }

  /// Whether h is zero everywhere.
  var isZero: Bool { rows == 0 && odd.allSatisfy { $0 == 0 } }

  /// h(u).
  ///
  /// - Complexity: O(n(r + c)), as the following.
  func value(at u: [Double]) -> [Double] {
    let sizes = heights(at: u).map { abs($0) }
    return (0..<outputs).map { k in
      dot(odd[(k * rank)..<((k + 1) * rank)], u)
        + weights(k) { dot($0, sizes) }
    }
  }

  /// The gradient of gᵀh at u.
  func gradient(at u: [Double], along g: [Double]) -> [Double] {
    var slopes = [Double](repeating: 0, count: rows)
    for k in 0..<outputs { weights(k) { column in for i in 0..<rows { slopes[i] += g[k] * column[i] } } }
    for (i, height) in heights(at: u).enumerated() where height < 0 { slopes[i] = -slopes[i] }
    return (0..<rank).map { a in
      (0..<outputs).reduce(column(a) { dot($0, slopes) }) { $0 + g[$1] * odd[$1 * rank + a] }
    }
  }

  private func heights(at u: [Double]) -> [Double] {
    var heights = [Double](repeating: 0, count: rows)
    for a in 0..<rank { column(a) { column in for i in 0..<rows { heights[i] += u[a] * column[i] } } }
    return heights
  }

  /// Calls `body` with a column of the block.
  private func column<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
    block.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[(index * rows)..<((index + 1) * rows)]))
    }
  }

  /// Calls `body` with the weights of an output.
  private func weights<Result>(_ output: Int, _ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
    column(rank + 1 + output, body)
  }

  /// An upper bound of the length of a vector, whatever the size of its entries.
  private static func length(_ vector: ArraySlice<Double>) -> Double {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    let power = Int(largest.exponent)
    let length = norm(vector.map { MomentObjective.scaled($0, by: -power) })
    return MomentObjective.scaled(length * (1 + Double(vector.count + 4) * 0x1p-52), by: power)
  }
}

extension VectorObjective {
  init(from message: inout Message) {
    outputs = message.next()
    rank = message.next()
    rows = message.next()
    exponent = message.next()
    size = message.next()
    hidden = message.next()
    vanished = message.next()
    block = message.list()
    odd = message.list()
    lengths = message.list()
  }

  func write(to message: inout Message) {
    for count in [outputs, rank, rows, exponent] { message.append(count) }
    for number in [size, hidden, vanished] { message.append(number) }
    for numbers in [block, odd, lengths] { message.append(numbers) }
  }
}

import BidualLinear
import BidualProcesses

/// The objective Σ Vᵢ(xᵢᵀu)₊ split into even and odd part, ½Σ pₕ|xₕᵀu| and gᵀu, over the distinct hyperplanes, in
/// units in which all numbers are of ordinary size.
///
/// Rows are multiplied by powers of two to lengths in [1, 2), nearly, and weights by 2^−exponent so that the largest
/// |Vᵢ|‖xᵢ‖ is near 1: both are exact, save for what becomes so small that the charge for vanished products covers it.
struct MomentObjective: BoxObjective {
  /// The rows of one sign of the objective as a block of `bidual_moment_sums`.
  struct Block: Sendable {
    let elements: [Double]
    let convex: Int
    let concave: Int
  }

  /// The blocks of +Σ Vᵢ(xᵢᵀu)₊ and of −Σ Vᵢ(xᵢᵀu)₊.
  let blocks: [Block]
  /// g of the first of them.
  let odd: [Double]
  /// The objective is 2^exponent times what is described here.
  let exponent: Int
  /// S = Σ|Vᵢ|‖xᵢ‖, a bound of the objective on the unit sphere, as computed.
  let size: Double
  /// A bound of what merging rows hides.
  let hidden: Double
  /// A bound of what vanished products hide.
  let vanished: Double

  /// The objective of `weights`; nil if these are too large, or not numbers.
  init?(_ hyperplanes: Hyperplanes, _ weights: [Double]) {
    var largest: Int?
    for (weight, length) in zip(weights, hyperplanes.norms) where weight != 0 && length != 0 {
      guard weight.isFinite, length.isFinite else { return nil }
      largest = max(largest ?? .min, Int(weight.exponent) + Int(length.exponent))
    }
    guard weights.allSatisfy(\.isFinite) else { return nil }
    exponent = largest ?? 0
    let scaled = weights.map { Self.scaled($0, by: -(largest ?? 0)) }
    var size = 0.0
    var hidden = 0.0
    var sum = 0.0
    for i in scaled.indices {
      size += abs(scaled[i]) * hyperplanes.norms[i]
      hidden += abs(scaled[i]) * hyperplanes.deviation[i]
      sum += abs(scaled[i])
    }
    self.size = size
    self.hidden = 2 * hidden
    vanished = size > 0 ? Double(hyperplanes.rows.columns) * 0x1p-500 * (1 + sum) : 0

    let rank = hyperplanes.rows.columns
    let (merged, linear) = hyperplanes.merge(scaled, sign: 1)
    var rows: [(weight: Double, elements: [Double])] = []
    var odd = linear
    for h in 0..<hyperplanes.count where merged[h] != 0 {
      let row = hyperplanes.rows.row(h)
      let shift = Int(norm(row).exponent)
      let elements = row.map { Self.scaled($0, by: -shift) }
      let weight = Self.scaled(merged[h], by: shift - 1)
      for k in 0..<rank { odd[k] += weight * elements[k] }
      if weight != 0 { rows.append((weight, elements)) }
    }
    self.odd = odd
    blocks = [1.0, -1].map { sign in
      let convex = rows.filter { sign * $0.weight > 0 }
      let concave = rows.filter { sign * $0.weight < 0 }
      let split = (convex.count + 7) / 8 * 8
      let stride = split + (concave.count + 7) / 8 * 8
      var elements = [Double](repeating: 0, count: stride * (rank + 1))
      for (start, part) in [(0, convex), (split, concave)] {
        for (i, row) in part.enumerated() {
          for k in 0..<rank { elements[k * stride + start + i] = row.elements[k] }
          elements[rank * stride + start + i] = sign * row.weight
        }
      }
      return Block(elements: elements, convex: split, concave: stride - split)
    }
    guard size.isFinite, hidden.isFinite, odd.allSatisfy(\.isFinite),
      blocks.allSatisfy({ $0.elements.allSatisfy(\.isFinite) })
    else { return nil }
  }

  func rows(side: Int) -> (elements: [Double], counts: RowCounts) {
    let block = blocks[side]
    return (block.elements, RowCounts(convex: block.convex, concave: block.concave))
  }

  /// The even part has none before rows are folded; a relaxation adds the odd one.
  func linear(side: Int) -> [Double] { [Double](repeating: 0, count: odd.count) }

  /// `value`·2^power: exact, save for what is subnormal; infinite beyond the largest double.
  static func scaled(_ value: Double, by power: Int) -> Double {
    Double(sign: .plus, exponent: power, significand: value)
  }
}

extension MomentObjective {
  init(from message: inout Message) {
    exponent = message.next()
    size = message.next()
    hidden = message.next()
    vanished = message.next()
    odd = message.list()
    blocks = (0..<2).map { _ in
      Block(elements: message.list(), convex: message.next(), concave: message.next())
    }
  }

  func write(to message: inout Message) {
    message.append(exponent)
    for number in [size, hidden, vanished] { message.append(number) }
    message.append(odd)
    for block in blocks {
      message.append(block.elements)
      message.append(block.convex)
      message.append(block.concave)
    }
  }
}

import BidualLinear

/// Gates drawn at random and the distinct activation patterns that they stand for.
///
/// A gate u ~ N(0, I_d) falls into a chamber with probability proportional to the chamber's solid angle, so
/// large chambers are found first. Directions of measure zero aside, every pattern is that of an open chamber.
///
/// Source: M. Pilanci, T. Ergen, ICML 2020, remark 3.2.
public struct GaussianGates: Sendable {
  /// The gates kept, one a row (k×d): the first found of each pattern, in the order of drawing.
  public let gates: Matrix
  /// The patterns of the gates over the n rows of the data; all distinct.
  public let patterns: [ActivationPattern]

  /// Draws `draws` gates and keeps one for each pattern met; O(draws · n d).
  /// - Parameters:
  ///   - data: X, n×d.
  ///   - draws: how many gates to draw.
  ///   - maximumCount: stop early once this many patterns are found.
  ///   - generator: the source of randomness, advanced by what was drawn.
  public init(
    _ data: Matrix, draws: Int, maximumCount: Int = .max, using generator: inout SeededGenerator
  ) {
    precondition(draws >= 0 && maximumCount >= 0)
    var seen: Set<ActivationPattern> = []
    var patterns: [ActivationPattern] = []
    var kept: [Double] = []
    var gate = [Double](repeating: 0, count: data.columns)
    var values = [Double](repeating: 0, count: data.rows)
    for _ in 0..<draws where patterns.count < maximumCount {
      for j in gate.indices { gate[j] = generator.nextGaussian() }
      for i in values.indices {
        var sum = 0.0
        for j in gate.indices { sum += data.elements[i * data.columns + j] * gate[j] }
        values[i] = sum
      }
      let pattern = ActivationPattern(preActivations: values)
      if seen.insert(pattern).inserted {
        patterns.append(pattern)
        kept += gate
      }
    }
    gates = Matrix(rows: patterns.count, columns: data.columns, elements: kept)
    self.patterns = patterns
  }
}

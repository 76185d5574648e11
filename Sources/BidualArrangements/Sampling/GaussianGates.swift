import BidualLinear

/// Gates drawn from the normal distribution.
///
/// A gate u ~ N(0, I_d) falls into a chamber with probability proportional to the chamber's solid angle, so
/// large chambers are found first. Directions of measure zero aside, every pattern is that of an open chamber.
///
/// Source: M. Pilanci, T. Ergen, ICML 2020, remark 3.2.
public struct GaussianGates: PatternSource {
  /// How many gates to draw.
  public let draws: Int
  /// The expected fraction of features that a gate looks at; the others' entries are zero.
  public let density: Double
  /// Ends the drawing early once the collection holds this many patterns.
  public let maximumCount: Int

  /// A source of `draws` gates.
  public init(draws: Int, density: Double = 1, maximumCount: Int = .max) {
    self.draws = draws
    self.density = density
    self.maximumCount = maximumCount
  }

  /// Draws the gates; O(draws · n d).
  ///
  /// A sparse gate has at least one entry that is not zero.
  /// - Throws: `PatternError.badCount`, `.badFraction`, `.tooMany`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard draws > 0 else { throw .badCount(source: "gaussian", count: draws) }
    guard density > 0, density <= 1 else { throw .badFraction(source: "gaussian", fraction: density) }
    try collection.requireMemory(Double(min(draws, maximumCount)), source: "gaussian", count: draws)
    let features = collection.data.columns
    var left = draws
    while left > 0, collection.count < maximumCount, !collection.shouldStop() {
      // A few gates at a time, never more than can be missing.
      let batch = min(left, PatternCollection.blockLength, maximumCount - collection.count)
      var gates = Matrix(rows: batch, columns: features)
      for k in 0..<batch {
        for j in 0..<features where density == 1 || generator.nextUniform() < density {
          gates[k, j] = generator.nextGaussian()
        }
        if density < 1, features > 0 {
          let certain = Int.random(in: 0..<features, using: &generator)
          gates[k, certain] = generator.nextGaussian()
        }
      }
      collection.insertFinite(gates)
      left -= batch
    }
  }
}

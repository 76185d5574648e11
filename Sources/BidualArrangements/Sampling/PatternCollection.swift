import BidualLinear

/// Distinct activation patterns of a data set in the order of their finding, each with a gate where one is known.
///
/// Equal patterns are recognised by their bits; what comes first stays.
public struct PatternCollection: Sendable {
  /// X, n×d.
  public let data: Matrix
  /// The patterns, all distinct.
  public private(set) var patterns: [ActivationPattern] = []
  /// A gate u with pattern 1[Xu > 0] for each pattern, or nil where none is known.
  public private(set) var gates: [[Double]?] = []
  /// Gates whose pre-activations are computed at once, and between two of which a stop is heard.
  static let blockLength = 256
  /// ‖xᵢ‖ of each row.
  let rowNorms: [Double]
  /// Whether a source was stopped before it had added all its patterns.
  public private(set) var isCutShort = false
  /// Whether the collection was told to stop.
  let isCancelled: @Sendable () -> Bool
  private var places: [ActivationPattern: Int] = [:]

  /// An empty collection for data X, n×d.
  /// - Parameter isCancelled: asked now and then by sources; where it says so they add no more.
  /// - Throws: `PatternError.dataNotFinite`.
  public init(_ data: Matrix, isCancelled: @escaping @Sendable () -> Bool = { false }) throws(PatternError) {
    self.isCancelled = isCancelled
    if let place = data.elements.firstIndex(where: { !$0.isFinite }) {
      throw .dataNotFinite(row: place / data.columns, column: place % data.columns)
    }
    self.data = data
    rowNorms = data.rowNorms
  }

  /// The patterns of several sources, one after the other, never empty. Closures are sources too: `NeighbourGates`
  /// and `ComplementGates` add to what the sources before them have found.
  ///
  /// The union of an optimised and an initial network's patterns (PE20, Alg1) is a call with two sources.
  /// - Parameters:
  ///   - sources: where the patterns come from, in this order.
  ///   - data: X, n×d.
  ///   - seed: what all randomness derives from.
  ///   - isCancelled: asked now and then; where it says so the patterns found by then are all there are.
  /// - Throws: `PatternError`.
  public init(
    _ sources: [any PatternSource], data: Matrix, seed: UInt64,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(PatternError) {
    try self.init(data, isCancelled: isCancelled)
    var generator = SeededGenerator(seed: seed)
    for source in sources { try source.add(to: &self, using: &generator) }
    guard !patterns.isEmpty else { throw .noPatterns }
  }

  /// The number of patterns.
  public var count: Int { patterns.count }

  /// Whether a source that has more to add should leave it: the collection holds a pattern and was told to stop.
  public mutating func shouldStop() -> Bool {
    guard !patterns.isEmpty, isCancelled() else { return false }
    isCutShort = true
    return true
  }

  /// Refuses a source of so many patterns where the machine's memory could not hold them: at most as many as the
  /// data can have chambers, with their gates, and `beside` bytes for other things.
  /// - Throws: `PatternError.tooMany`.
  public func requireMemory(
    _ patterns: Double, source: String, count: Int, beside: Double = 0
  ) throws(PatternError) {
    let (n, d) = (data.rows, data.columns)
    let most = min(patterns, CoverCount.estimate(hyperplanes: n, rank: min(n, d)))
    // The bits in three orders, the gate, and what arrays and the look-up of patterns need.
    let bytes = most * (3 * Double(n) / 8 + 8 * Double(d) + 192) + beside
    guard PhysicalMemory.holds(bytes) else { throw .tooMany(source: source, count: count, bytes: bytes) }
  }

  /// The patterns packed for masked products.
  package var packed: PatternSet { PatternSet(patterns, samples: data.rows) }

  /// Adds a pattern without a gate.
  /// - Returns: whether it is new.
  @discardableResult
  public mutating func insert(_ pattern: ActivationPattern) -> Bool {
    insert(pattern, gate: nil)
  }

  /// Adds the patterns of gates given as the rows of a matrix, k×d; zero gates stand for no pattern.
  /// - Returns: how many patterns are new.
  /// - Throws: `PatternError.wrongLength`, `.gateNotFinite`.
  /// - Complexity: O(knd).
  @discardableResult
  public mutating func insert(gates: Matrix) throws(PatternError) -> Int {
    guard gates.columns == data.columns || gates.rows == 0 else {
      throw .wrongLength(expected: data.columns, found: gates.columns)
    }
    if let place = gates.elements.firstIndex(where: { !$0.isFinite }) {
      throw .gateNotFinite(gate: place / gates.columns, entry: place % gates.columns)
    }
    return insertFinite(gates)
  }

  /// `insert(gates:)` for gates that are finite by construction; told to stop, it leaves those that are left.
  @discardableResult
  mutating func insertFinite(_ gates: Matrix) -> Int {
    var new = 0
    for start in stride(from: 0, to: gates.rows, by: Self.blockLength) {
      if shouldStop() { break }
      let block = gates.selectingRows(start..<min(gates.rows, start + Self.blockLength))
      let heights = heights(of: block)
      for k in 0..<block.rows where block.row(k).contains(where: { $0 != 0 }) {
        let pattern = ActivationPattern(preActivations: heights.row(k))
        if insert(pattern, gate: Array(block.row(k))) { new += 1 }
      }
    }
    return new
  }

  /// Pre-activations Xu of gates given as rows, a row for each gate.
  ///
  /// Heights that rounding could have given either sign are summed anew in the order of the features, so that
  /// equal rows of the data are always on the same side.
  private func heights(of gates: Matrix) -> Matrix {
    var heights = gates.timesTransposed(data)
    let lengths = gates.rowNorms
    let rounding = 4 * Double(data.columns + 2) * 0x1p-53
    for k in 0..<gates.rows {
      for i in 0..<data.rows where abs(heights[k, i]) <= rounding * rowNorms[i] * lengths[k] {
        heights[k, i] = dot(data.row(i), gates.row(k))
      }
    }
    return heights
  }

  private mutating func insert(_ pattern: ActivationPattern, gate: [Double]?) -> Bool {
    precondition(pattern.count == data.rows)
    if let place = places[pattern] {
      if gates[place] == nil { gates[place] = gate }
      return false
    }
    places[pattern] = patterns.count
    patterns.append(pattern)
    gates.append(gate)
    return true
  }
}

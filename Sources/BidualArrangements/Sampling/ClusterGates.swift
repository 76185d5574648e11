import BidualLinear

/// Gates from clusters of the data: the centres, and the normals of the hyperplanes that bisect two centres.
///
/// A centre's gate is active on the rows around it; a bisector m_a − m_b separates two clusters. Where the data
/// have a constant column, the bisector runs through the middle of the two centres; elsewhere it
/// passes through the origin, as every gate does.
public struct ClusterGates: PatternSource {
  /// How many clusters to look for.
  public let clusters: Int
  /// Whether bisectors follow the centres.
  public let bisects: Bool

  /// A source from `clusters` clusters: at most clusters·(clusters + 1)/2 patterns, or one each without bisectors (PE20, A.1, where the
  /// rows are the patches of images).
  public init(clusters: Int, bisects: Bool = true) {
    self.clusters = clusters
    self.bisects = bisects
  }

  private var name: String { bisects ? "clusters" : "centres" }

  /// Adds the patterns of centres, then of bisectors; O((iterations·clusters + clusters²)·n d).
  /// - Throws: `PatternError.badCount`, `.tooMany`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard clusters > 0 else { throw .badCount(source: name, count: clusters) }
    let data = collection.data
    let most = Double(min(clusters, data.rows))
    try collection.requireMemory(
      bisects ? 0.5 * most * (most + 1) : most, source: name, count: clusters,
      beside: 16 * most * Double(data.columns))
    let centres = RowClusters(
      data, count: clusters, using: &generator, isCancelled: collection.isCancelled
    ).centres
    collection.insertFinite(centres)
    guard bisects else { return }
    let constant = (0..<data.columns).first { j in
      data.rows > 0 && data[0, j] != 0 && (0..<data.rows).allSatisfy { data[$0, j] == data[0, j] }
    }
    var bisectors: [[Double]] = []
    for a in 0..<centres.rows {
      if bisectors.count >= PatternCollection.blockLength {
        if collection.shouldStop() { return }
        collection.insertFinite(Matrix(bisectors))
        bisectors = []
      }
      for b in 0..<a {
        var normal = zip(centres.row(a), centres.row(b)).map(-)
        if let constant {
          normal[constant] = 0
          let sum = zip(centres.row(a), centres.row(b)).map(+)
          normal[constant] = -0.5 * dot(normal, sum) / data[0, constant]
        }
        bisectors.append(normal)
      }
    }
    collection.insertFinite(Matrix(bisectors))
  }
}

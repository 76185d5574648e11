import BidualProcesses

/// The rows of a block, by the curvature that they add, each count a multiple of eight.
struct RowCounts {
  var convex = 0
  var concave = 0

  var all: Int { convex + concave }
}

/// An objective that is maximised over boxes: rows that change sign, and a linear part beside them.
protocol BoxObjective: Sendable {
  /// A bound of the objective on the unit sphere, as computed.
  var size: Double { get }

  /// The rows of one of the sides that boxes name, as a block.
  func rows(side: Int) -> (elements: [Double], counts: RowCounts)

  /// The linear part of a side as far as it is kept with the boxes.
  func linear(side: Int) -> [Double]

  /// An objective that another process wrote.
  init(from message: inout Message)

  /// Writes all of it for other processes.
  func write(to message: inout Message)
}

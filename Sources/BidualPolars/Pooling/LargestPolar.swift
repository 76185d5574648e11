/// The polar κ(V) of atoms that are of several families: the largest of the families' polars.
///
/// What bounds each of them bounds the largest, whenever a search stops: one that has no nodes left still answers with what is known
/// at one go.
package struct LargestPolar: PolarOracle {
  private let families: [any PolarOracle]

  /// An oracle from those of the families, all for the same dual points.
  package init(_ families: [any PolarOracle]) {
    precondition(!families.isEmpty, "the largest of none")
    self.families = families
  }

  /// Bounds κ(V) family by family; those after enough violators are known are bounded at one go.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    var (upper, nodes, isComplete) = (0.0, 0, true)
    var maximizers: [PolarMaximizer] = []
    for (family, oracle) in families.enumerated() {
      let left =
        if case .prove(_, let most) = goal, maximizers.count >= most { 0 } else { nodeLimit - nodes }
      let found = oracle.bound(
        weights, goal: rest(of: goal, after: maximizers), nodeLimit: max(0, left), isCancelled: isCancelled)
      // Written so that a bound that is not a number stays one.
      if !upper.isNaN, !(found.upper <= upper) { upper = found.upper }
      nodes += found.nodes
      isComplete = isComplete && found.isComplete
      maximizers += found.maximizers.map {
        PolarMaximizer(direction: $0.direction, sign: $0.sign, value: $0.value, family: family)
      }
    }
    return PolarBound(
      upper: upper, maximizers: maximizers.sorted { $0.value > $1.value }, isComplete: isComplete,
      nodes: nodes)
  }

  /// What is still asked for once some directions are known.
  private func rest(of goal: PolarGoal, after known: [PolarMaximizer]) -> PolarGoal {
    switch goal {
    case .prove(let threshold, let most):
      .prove(threshold: threshold, maximumViolators: max(1, most - known.count))
    case .maximize(let tolerance, let floor):
      .maximize(relativeTolerance: tolerance, floor: known.reduce(floor) { max($0, $1.value) })
    }
  }

  /// As much as any of the families needs.
  package func room(_ weights: [Double]) -> ClaimRoom {
    let rooms = families.map { $0.room(weights) }
    return ClaimRoom(
      share: rooms.reduce(0) { max($0, $1.share) }, beside: rooms.reduce(0) { max($0, $1.beside) })
  }
}

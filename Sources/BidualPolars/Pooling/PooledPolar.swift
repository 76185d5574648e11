/// The polar κ(V) of atoms whose entries are pooled over the rows of each sample, S·A: the polar of SᵀV over the atoms A of
/// the rows.
///
/// Sᵀ only repeats dual weights, which is exact; the division of a mean is left to the bound, and rounded up.
package struct PooledPolar: DivisiblePolar {
  private let base: any PolarOracle
  private let pooling: RowPooling
  private let outputs: Int

  /// An oracle from that of the rows' atoms, for dual points with so many numbers a sample.
  package init(_ base: any PolarOracle, pooling: RowPooling, outputs: Int = 1) {
    self.base = base
    self.pooling = pooling
    self.outputs = outputs
  }

  /// Bounds κ(V) for the dual weights V (`outputs` a sample) as the oracle of the rows does.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    let found = base.bound(
      pooling.repeated(weights, width: outputs), goal: raised(goal), nodeLimit: nodeLimit,
      isCancelled: isCancelled
    ) { progress(PolarProgress(upper: lowered($0.upper), nodes: $0.nodes)) }
    return lowered(found)
  }

  /// Itself, if the oracle of the rows is divisible.
  package var divisible: (any DivisiblePolar)? { base.divisible == nil ? nil : self }

  package func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound? {
    guard let base = base.divisible else { preconditionFailure("the rows' oracle has no search to divide") }
    let found = base.bound(
      on: share, pooling.repeated(weights, width: outputs), goal: raised(goal), kept: kept,
      isCancelled: isCancelled
    ) { progress(PolarProgress(upper: lowered($0.upper), nodes: $0.nodes)) }
    return found.map { ShareBound(bound: lowered($0.bound), division: $0.division) }
  }

  private func lowered(_ found: PolarBound) -> PolarBound {
    PolarBound(
      upper: lowered(found.upper),
      maximizers: found.maximizers.map {
        PolarMaximizer(
          direction: $0.direction, sign: $0.sign, value: $0.value / pooling.divisor, family: $0.family)
      }, isComplete: found.isComplete, nodes: found.nodes)
  }

  /// That of the rows' atoms.
  package func room(_ weights: [Double]) -> ClaimRoom {
    let room = base.room(pooling.repeated(weights, width: outputs))
    return ClaimRoom(share: room.share, beside: lowered(room.beside))
  }

  /// A goal for sums: what is proven of them holds of means with the goal asked for.
  private func raised(_ goal: PolarGoal) -> PolarGoal {
    guard pooling.averages else { return goal }
    return switch goal {
    case .prove(let threshold, let maximum):
      .prove(threshold: threshold * pooling.divisor * (1 - 0x1p-48), maximumViolators: maximum)
    case .maximize(let tolerance, let floor):
      .maximize(relativeTolerance: tolerance, floor: floor * pooling.divisor)
    }
  }

  /// A bound of means from one of sums: more than what the division and the product can round away.
  private func lowered(_ upper: Double) -> Double {
    guard pooling.averages, upper > 0 else { return upper }
    return (upper / pooling.divisor * (1 + 0x1p-50)).nextUp
  }
}

import BidualLinear

/// The polar κ(V) = max ‖Vᵀ(Σⱼ sⱼ(Xwⱼ)₊)₊‖₂ over Σⱼ‖wⱼ‖ ≤ 1 and signs sⱼ of parallel three-layer networks with c outputs.
///
/// Along a vector g of outputs it is p(g) = κ(Vg) of one output, a seminorm of g, and κ(V) is the largest p over unit vectors.
/// In the plane of `OutputPlane` the half circle is covered by arcs (`OutputArc`), whose ends `SubnetworkPolar` bounds; the arc
/// with the largest bound is halved until the goal is met. What lies outside the plane is bounded in closed form and added, as
/// p(g) ≤ ‖Wᵀg‖·κ(Ug′) + κ(Rg) for a unit vector g′ of the plane.
///
/// Bounds hold in real arithmetic: what rounding can hide, derived in Guides/three-layers.md, is added to what floating point
/// found.
///
/// - Complexity: that of `SubnetworkPolar`, some ten to fifty times.
package struct SubnetworkVectorPolar: PolarOracle {
  private let scalar: SubnetworkPolar
  private let geometry: Geometry
  private let outputs: Int

  /// An oracle in the coordinates of a design's row space, for m₁ units and c outputs, whose arithmetic runs on `threads` threads.
  package init(_ geometry: Geometry, width: Int, outputs: Int, threads: Int) {
    precondition(outputs > 0, "a network has outputs")
    scalar = SubnetworkPolar(geometry, width: width, threads: threads)
    self.geometry = geometry
    self.outputs = outputs
  }

  /// Bounds κ(V) for the dual weights V, `outputs` a row.
  ///
  /// The answer is valid whenever the search stops, and the same for every run and any number of threads unless it was
  /// cancelled.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    DualScaling.bound(weights, goal: goal) { scaling, goal in
      let plane = OutputPlane(scaling.weights, outputs: outputs)
      let charge = charge(scaling.weights) + ceiling(plane.rest)
      let ceiling = ceiling(scaling.weights)
      guard charge < 1e290, ceiling < 1e290 else {
        return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
      }
      guard scalar.isSearched, nodeLimit > 0, plane.axes > 0 else {
        return PolarBound(upper: ceiling, maximizers: [], isComplete: ceiling == 0, nodes: 0)
      }
      func total(_ upper: Double) -> Double { min(ceiling, upper * (1 + 0x1p-40) + charge) }
      let found = search(
        plane, goal: lowered(goal, by: charge), nodeLimit: nodeLimit, isCancelled: isCancelled
      ) { progress(PolarProgress(upper: scaling.raised(total($0)), nodes: $1)) }
      return PolarBound(
        upper: total(found.upper), maximizers: found.maximizers, isComplete: found.isComplete,
        nodes: found.nodes)
    }
  }

  /// More than the 10⁻⁸ to which ends of arcs are found, and what rounding may hide in these, which arcs make up to √2 times larger.
  package func room(_ weights: [Double]) -> ClaimRoom {
    ClaimRoom(share: 0x1p-26, beside: 2 * scalar.room(lengths(weights)).beside)
  }

  /// The polar of U: the largest p over the unit vectors of a plane, or along its one axis.
  private func search(
    _ plane: OutputPlane, goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (_ upper: Double, _ nodes: Int) -> Void
  ) -> PolarBound {
    var found: [PolarMaximizer] = []
    var nodes = 0
    /// Bounds up to this one are as good as any.
    func threshold() -> Double {
      switch goal {
      case .prove(let threshold, _): threshold
      case .maximize(let tolerance, let floor): max(floor, (found.first?.value ?? 0) * (1 + tolerance))
      }
    }
    func isRefuted() -> Bool { goal.isProof && (found.first?.value ?? 0) > threshold() }
    let accuracy =
      if case .maximize(let tolerance, _) = goal { max(0.1 * tolerance, 1e-9) } else { 1e-8 }
    func end(_ direction: [Double], floor: Double) -> OutputArc.End {
      let bound = scalar.bound(
        plane.along(direction), goal: .maximize(relativeTolerance: accuracy, floor: floor),
        nodeLimit: max(1, nodeLimit - nodes), isCancelled: isCancelled)
      nodes += max(1, bound.nodes)
      found = Array((found + bound.maximizers).sorted { $0.value > $1.value }.prefix(16))
      let level = threshold()
      // A threshold between p and its bound is asked for by itself.
      if goal.isProof, floor < level, bound.upper > level, !isRefuted(), nodes < nodeLimit, !isCancelled() {
        return end(direction, floor: level)
      }
      return OutputArc.End(direction: direction, value: bound.upper)
    }
    guard plane.axes > 1 else {
      let upper = end([1], floor: threshold()).value
      return PolarBound(upper: upper, maximizers: found, isComplete: upper <= threshold(), nodes: nodes)
    }
    let first = end([1, 0], floor: threshold() * 0.5.squareRoot())
    let second = end([0, 1], floor: threshold() * 0.5.squareRoot())
    // p is the same on the other half of the circle.
    var arcs = [
      OutputArc(first, second), OutputArc(second, OutputArc.End(direction: [-1, 0], value: first.value)),
    ]
    func worst() -> Int { arcs.indices.max { arcs[$0].bound < arcs[$1].bound } ?? 0 }
    while nodes < nodeLimit, !isCancelled(), !isRefuted(), arcs[worst()].bound > threshold(),
      let (direction, share) = arcs[worst()].middle
    {
      let arc = arcs.remove(at: worst())
      let middle = end(direction, floor: threshold() * share)
      arcs += [
        OutputArc(arc.first, middle, below: arc.bound), OutputArc(middle, arc.second, below: arc.bound),
      ]
      progress(arcs[worst()].bound, nodes)
    }
    let upper = arcs[worst()].bound
    return PolarBound(
      upper: upper, maximizers: found, isComplete: upper <= threshold() && !isRefuted(), nodes: nodes)
  }

  /// What a search of U has to reach; where the charge alone is above a threshold, a bound that is worth having.
  private func lowered(_ goal: PolarGoal, by charge: Double) -> PolarGoal {
    guard case .prove(let threshold, let maximum) = goal else { return goal }
    guard threshold > charge else { return .maximize(relativeTolerance: 1e-3, floor: 0) }
    return .prove(threshold: (threshold - charge) * (1 - 0x1p-39), maximumViolators: maximum)
  }

  /// An upper bound of what rounding hides in U, in its products with directions, and in R: (c + 8)·2⁻⁴⁴ Σᵢ Σₖ|Vᵢₖ|‖xᵢ‖.
  private func charge(_ weights: [Double]) -> Double {
    let total = weights.indices.reduce(0) { $0 + abs(weights[$1]) * scalar.length(of: $1 / outputs) }
    return Double(outputs + 8) * 0x1p-44 * total * (1 + Double(weights.count) * 0x1p-50)
  }

  /// ‖Vᵢ‖.
  private func lengths(_ weights: [Double]) -> [Double] {
    stride(from: 0, to: weights.count, by: outputs).map { norm(weights[$0..<($0 + outputs)]) }
  }

  /// A bound valid for every m₁ and r: an atom's entries a have |aᵢ| ≤ ‖xᵢ‖ and ‖a‖ ≤ σ(X), so that
  /// ‖Vᵀa‖ ≤ min(Σ‖Vᵢ‖‖xᵢ‖, ‖V‖_F σ(X)).
  private func ceiling(_ weights: [Double]) -> Double {
    let lengths = lengths(weights)
    let sum = lengths.indices.reduce(0) { $0 + lengths[$1] * scalar.length(of: $1) }
    return min(sum, norm(lengths) * geometry.spectralNorm) * (1 + Double(weights.count + 8) * 0x1p-49)
  }
}

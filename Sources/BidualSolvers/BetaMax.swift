import BidualLinear
import BidualModels
import BidualPolars

extension TrainingProblem {
  /// β_max = κ(−∇ℓ(b, Y)) at the best constant prediction b (0 without an offset): from this β on no neuron
  /// pays.
  ///
  /// The value is one that an atom takes; it only sets the scale of β, and no proof rests on it.
  ///
  /// - Complexity: that of one polar, or of a search for a large value of it.
  package func betaMax(seed: UInt64 = 0, threads: Int = 1, stop: StopSignal = StopSignal()) -> Double {
    let dualPoint = constantDualPoint
    if let priced = atoms as? any PricedAtoms {
      return priced.polarValue(at: dualPoint, seed: seed, threads: threads, stop: stop)
    }
    return atoms.oracle(threads: threads).bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0))
      .maximizers.first?.value ?? 0
  }
}

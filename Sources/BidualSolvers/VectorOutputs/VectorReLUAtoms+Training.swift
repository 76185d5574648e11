import BidualLinear
import BidualModels
import BidualPolars

extension VectorReLUAtoms: PricedAtoms, BalancedAtoms {
  /// The atoms of a problem whose samples have one row each, for methods that know no pooling.
  static func unpooled(of problem: TrainingProblem) -> VectorReLUAtoms? {
    guard let atoms = problem.atoms as? VectorReLUAtoms, atoms.pooling == .none else { return nil }
    return atoms
  }

  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    architecture.network(parameters.network.balanced(on: rows))
  }

  /// By ascents from many starts.
  ///
  /// - Complexity: that of some tens of passes over the design for each of up to 256 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    var starts = StartingPoints(rank: geometry.rank, seed: seed)
    let count = max(16, min(256, 10_000_000 / (geometry.coordinates.elements.count + 1)))
    let pricing = VectorPricing(self, threads: threads, isCancelled: { stop.isRaised })
    return pricing.maxima(of: dualPoint, from: starts.random(count), above: 0, limit: 8).first?.value ?? 0
  }
}

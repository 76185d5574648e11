import BidualLinear
import BidualModels
import BidualPolars

extension VectorReLUAtoms: PricedAtoms {
  /// By ascents from many starts.
  ///
  /// - Complexity: that of some tens of passes over the design for each of up to 256 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    var starts = StartingPoints(rank: geometry.rank, seed: seed)
    let count = max(16, min(256, 10_000_000 / (geometry.coordinates.elements.count + 1)))
    let pricing = VectorPricing(
      geometry, outputs: outputs, threads: threads, isCancelled: { stop.isRaised })
    return pricing.maxima(of: dualPoint, from: starts.random(count), above: 0, limit: 8).first?.value ?? 0
  }
}

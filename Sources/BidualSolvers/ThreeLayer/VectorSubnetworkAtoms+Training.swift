import BidualLinear
import BidualModels
import BidualPolars

extension VectorSubnetworkAtoms: PricedAtoms, BalancedAtoms {
  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    parameters.threeLayerNetwork(units: width, in: RowSpace(unreduced: rows))
  }

  /// By ascents from 64 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    var starts = StartingPoints(rank: width * geometry.rank, seed: seed)
    let pricing = VectorSubnetworkPricing(self, threads: threads, isCancelled: { stop.isRaised })
    return pricing.maxima(of: dualPoint, from: starts.random(64)).first?.value ?? 0
  }
}

/// A pass by its kind and sizes, which any process makes of samples.
struct PassForm: BitwiseCopyable {
  /// The kinds of passes.
  enum Kind: BitwiseCopyable {
    /// Over samples of one row and one output, in double or in single precision.
    case double, single
    /// Over samples with several outputs or pooled rows, of which a neuron sees all or those of one place.
    case vectors(isPlaced: Bool)
    /// For three layers with so many units in a sub-network.
    case subnetworks(units: Int)
  }

  let kind: Kind
  /// The number of neurons or sub-networks.
  let width: Int
  let threads: Int

  /// The pass.
  func pass(over samples: PassSamples) -> any GradientPass {
    switch kind {
    case .double: NetworkPass<Double>(samples, width: width, threads: threads)
    case .single: NetworkPass<Float>(samples, width: width, threads: threads)
    case .vectors(let isPlaced):
      VectorPass(samples, width: width, isPlaced: isPlaced, threads: threads)
    case .subnetworks(let units): SubnetworkPass(samples, width: width, units: units, threads: threads)
    }
  }

  /// About how many multiplications the heights of one sample take.
  func work(over samples: PassSamples) -> Int {
    let units = if case .subnetworks(let units) = kind { units } else { 1 }
    return width * units * samples.pooling.rows * (samples.rows.columns + samples.outputs)
  }
}

import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// Filters are neurons of patches: all that is asked of them is asked of these, and pooled.
extension ConvolutionAtoms: DecomposableAtoms {
  package var norm: FirstLayerNorm { .l2 }

  /// Of some filters at a time: the patches' own responses are K times as many as the images'.
  package func responses(to parts: [Part]) -> Matrix {
    let size = max(1, 4_000_000 / max(1, geometry.design.rows))
    var responses = Matrix(rows: samples, columns: parts.count)
    for first in stride(from: 0, to: parts.count, by: size) {
      let some = Array(parts[first..<min(first + size, parts.count)])
      let pooled = pooling.pooled(neurons.responses(to: some).elements, width: some.count)
      for i in 0..<samples {
        for j in some.indices { responses[i, first + j] = pooled[i * some.count + j] }
      }
    }
    return responses
  }

  package func network(of parts: [Part], offset: Double?) -> any Network {
    convolution.network(TwoLayerNetwork(parts, space: geometry.rowSpace, offset: offset, norm: norm))
  }

  package func parts(of network: any Network) -> [Part]? {
    convolution.neurons(of: network)?.parts(in: geometry.rowSpace)
  }

  package func pieces() -> some Pieces { ConvolutionPieces(geometry, pooling: pooling) }

  /// Whether images have so many patches of so low rank that descent over all of them costs more than the program over chambers,
  /// which is of the size of the images.
  private var prefersChambers: Bool { geometry.rank <= 6 && pooling.rows >= 8 }

  package func neuronSearch(
    _ problem: TrainingProblem, posed: TrainingProblem, options: WorkingSet.Options,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> NeuronSearch? {
    guard problem.loss.hasSlope, !prefersChambers else { return nil }
    let ascent = NeuronAscent(geometry, threads: options.threads, isCancelled: isCancelled)
    var search = NeuronSearch(
      problem, atoms: self, ascent: PooledAscent(base: ascent, pooling: pooling), options: options,
      isCancelled: isCancelled)
    if pooling.rows > 1 {
      search.gaussNewton = GaussNewtonDescent(problem, atoms: self, isCancelled: isCancelled)
      search.lasso = NeuronLasso(
        problem, atoms: self, pricing: search.pricing, tolerance: min(1e-4, 0.1 * options.gap),
        isCancelled: isCancelled)
    }
    return search
  }

  package func opening(_ problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal) -> (
    parts: [Part], offset: Double?
  )? {
    guard problem.loss.hasSlope, !prefersChambers, pooling.rows > 1,
      GaussNewtonDescent.isAffordable(
        problem, weights: FirstNeurons.largestCount * (geometry.rank + 1))
    else { return nil }
    let reduced = problem.reduced
    guard let start = FirstNeurons.network(reduced, atoms: self, seed: options.seed, stop: stop) else {
      return nil
    }
    let reached = GaussNewtonDescent(reduced, atoms: self, isCancelled: { stop.isRaised }).descend(start)
    return (reached.neurons, reached.offset)
  }

  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    neurons.polarValue(at: pooling.spread(dualPoint), seed: seed, threads: threads, stop: stop)
  }
}

extension ConvolutionAtoms: DescentAtoms {
  package func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters {
    neurons.parameters(of: parts, offsets: offsets)
  }

  package func parts(of parameters: NetworkParameters) -> [Part] { neurons.parts(of: parameters) }

  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    convolution.network(parameters.network.balanced(on: rows))
  }
}

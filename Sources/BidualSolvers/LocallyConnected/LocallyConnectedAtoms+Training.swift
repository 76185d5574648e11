import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// Neurons of two layers, each of the patches of one place, which is its part's family.
extension LocallyConnectedAtoms: DecomposableAtoms {
  package var norm: FirstLayerNorm { .l2 }

  package func responses(to parts: [Part]) -> Matrix {
    var responses = Matrix(rows: samples, columns: parts.count)
    for place in places.indices {
      let own = parts.indices.filter { parts[$0].family == place }
      guard !own.isEmpty else { continue }
      let found = places[place].responses(to: own.map { parts[$0] })
      for i in 0..<samples { for (k, j) in own.enumerated() { responses[i, j] = found[i, k] } }
    }
    return responses
  }

  package func network(of parts: [Part], offset: Double?) -> any Network {
    let kept = parts.filter { BidualLinear.norm($0.vector) > 0 }
    return LocallyConnectedNetwork(
      TwoLayerNetwork(kept, space: geometry.rowSpace, offset: offset, norm: norm),
      places: kept.map(\.family), patches: architecture.patches)
  }

  package func parts(of network: any Network) -> [Part]? {
    guard let network = architecture.own(network) else { return nil }
    return zip(network.filters.parts(in: geometry.rowSpace), network.places).map {
      Part(sign: $0.sign, vector: $0.vector, family: $1)
    }
  }

  package func pieces() -> some Pieces { PlacePieces(self) }

  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    places.reduce(0) { max($0, $1.polarValue(at: dualPoint, seed: seed, threads: threads, stop: stop)) }
  }
}

extension LocallyConnectedAtoms: PlacedAtoms {
  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    let count = pooling.rows
    let all = parameters.network
    var (hidden, output, owners): ([Double], [Double], [Int]) = ([], [], [])
    for place in 0..<count {
      let own = stride(from: place, to: all.neurons, by: count).map(\.self)
      let neurons = TwoLayerNetwork(
        hidden: all.hidden.selectingRows(own), output: own.map { all.output[$0] })
      let kept = neurons.balanced(
        on: rows.selectingRows(stride(from: place, to: rows.rows, by: count).map(\.self)))
      hidden += kept.hidden.elements
      output += kept.output
      owners += Array(repeating: place, count: kept.neurons)
    }
    return LocallyConnectedNetwork(
      TwoLayerNetwork(
        hidden: Matrix(rows: output.count, columns: all.inputs, elements: hidden), output: output,
        offset: all.offset), places: owners, patches: architecture.patches)
  }
}

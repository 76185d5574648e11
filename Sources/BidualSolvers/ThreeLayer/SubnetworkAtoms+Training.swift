import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

extension SubnetworkAtoms: DecomposableAtoms {
  package var norm: FirstLayerNorm { .l2 }

  package func length(of vector: [Double]) -> Double { subnetworkLength(vector, units: width) }

  package func responses(to parts: [Part]) -> Matrix {
    let pieces = SubnetworkPieces(geometry, units: width)
    var responses = Matrix(rows: geometry.design.rows, columns: parts.count)
    for (j, part) in parts.enumerated() {
      for (i, input) in pieces.inputs(of: part).enumerated() { responses[i, j] = input <= 0 ? 0 : input }
    }
    return responses
  }

  package func network(of parts: [Part], offset: Double?) -> any Network {
    ThreeLayerNetwork(parts, space: geometry.rowSpace, width: width, offset: offset)
  }

  package func parts(of network: any Network) -> [Part]? {
    guard let network = network as? ThreeLayerNetwork, network.width <= width else { return nil }
    let reduced = geometry.rowSpace.reduced(network.hidden)
    let missing = width - network.width
    let zeros = [Double](repeating: 0, count: missing * reduced.columns)
    let units = (0..<network.neurons).map { ($0 * network.width)..<(($0 + 1) * network.width) }
    let hidden = units.flatMap { range in range.flatMap { Array(reduced.row($0)) } + zeros }
    let inner = units.flatMap { network.inner[$0] + Array(repeating: 0, count: missing) }
    return NetworkParameters(
      width: network.neurons, units: width, inputs: reduced.columns, outputs: 1,
      hasOffset: !network.offsets.isEmpty, values: hidden + inner + network.output + network.offsets
    ).subnetworkParts(units: width)
  }

  package func pieces() -> some Pieces { SubnetworkPieces(geometry, units: width) }

  package func neuronSearch(
    _ problem: TrainingProblem, posed: TrainingProblem, options: WorkingSet.Options,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> NeuronSearch? {
    guard problem.loss.hasSlope else { return nil }
    let ascent = SubnetworkAscent(
      pieces: SubnetworkPieces(geometry, units: width), threads: options.threads, isCancelled: isCancelled)
    var search = NeuronSearch(
      problem, atoms: self, ascent: ascent, options: options, isCancelled: isCancelled)
    if WideOpening.isWorthwhile(units: width, rank: geometry.rank, options: options) {
      search.restarts = NetworkCrossings(posed, reduced: problem, atoms: self, isCancelled: isCancelled)
    }
    var finish = GaussNewtonDescent(problem, atoms: self, isCancelled: isCancelled)
    finish.leastProgress = 1e-3
    search.finish = finish
    return search
  }

  /// By training of two layers, which are among the networks, and by descent in many sub-networks, where no proof is in reach or none
  /// is wanted: the better of the two.
  package func opening(_ problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal) -> (
    parts: [Part], offset: Double?
  )? {
    guard WideOpening.isWorthwhile(units: width, rank: geometry.rank, options: options) else { return nil }
    let networks = [
      twoLayerNetwork(problem, options: options, stop: stop.firstPart(0.1)),
      // Restarts make more of the time.
      WideOpening.network(
        problem, seed: options.seed, threads: options.threads, share: 0.12, stop: stop),
    ].compactMap(\.self)
    guard let best = networks.min(by: { problem.objective($0) < problem.objective($1) }),
      let parts = parts(of: best)
    else { return nil }
    return (parts, best.offset)
  }

  /// The network that training of two layers without a proof ends with, as one of three.
  private func twoLayerNetwork(_ problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal)
    -> (any Network)?
  {
    var options = options
    options.aim = .localGap
    options.closingNodeLimit = 0
    guard let two = try? problem.replacing(architecture: TwoLayer()),
      let trained = try? WorkingSet(two, options: options).train(stop: stop).network.twoLayer
    else { return nil }
    return network(of: parts(ofTwoLayers: trained), offset: trained.offset)
  }

  /// The neurons of a two-layer network as sub-networks of which one unit is at work.
  func parts(ofTwoLayers network: TwoLayerNetwork) -> [Part] {
    let others = [Double](repeating: 0, count: (width - 1) * geometry.rank)
    return network.parts(in: geometry.rowSpace).map {
      Part(sign: $0.sign, vector: $0.vector + others, family: families.upperBound)
    }
  }

  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    let pieces = SubnetworkPieces(geometry, units: width)
    let ascent = pieces.ascent(threads: threads, isCancelled: { stop.isRaised })
    var starts = StartingPoints(rank: pieces.dimension, seed: seed)
    return ascent.maxima(of: dualPoint, from: starts.random(64), above: 0, limit: 1).first?.value ?? 0
  }
}

extension SubnetworkAtoms: SolvableAtoms {
  /// Over given patterns, the pieces of drawn sub-networks.
  package func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice? {
    guard case .given(let choices) = patterns else { return nil }
    return SolverChoice { problem throws(DataError) in
      try SampledSubnetworkTraining(problem, patterns: choices, options: options)
    }
  }
}

extension ThreeLayerNetwork {
  /// The network of parts in a row space: with σ = Σⱼ‖wⱼ‖ the first layer [wⱼ/√‖wⱼ‖]ⱼ/√σ, which has length 1, the second
  /// [sⱼ√‖wⱼ‖]ⱼ and the third ±√σ, so that the penalty is βσ (EP21, A.5, with the sign that it lacks where units subtract).
  init(_ parts: [Part], space: RowSpace, width: Int, offset: Double?) {
    let kept = parts.filter { norm($0.vector) > 0 }
    var rows: [[Double]] = []
    var inner: [Double] = []
    var output: [Double] = []
    for part in kept {
      let rank = part.vector.count / width
      let root = subnetworkLength(part.vector, units: width).squareRoot()
      for j in 0..<width {
        let unit = Array(part.vector[(j * rank)..<((j + 1) * rank)])
        let length = norm(unit).squareRoot()
        rows.append(length > 0 ? unit.map { $0 / length / root } : unit)
        inner.append(SubnetworkSigns.sign(of: j, family: part.family) * length)
      }
      output.append(part.sign * root)
    }
    let inputs = space.basis?.rows ?? space.coordinates.columns
    self.init(
      hidden: rows.isEmpty ? Matrix(rows: 0, columns: inputs) : space.lifted(Matrix(rows)), inner: inner,
      output: output, width: width, offset: offset)
  }
}

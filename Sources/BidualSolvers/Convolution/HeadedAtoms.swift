import BidualCertificates
import BidualLinear
import BidualModels

/// Atoms of linear networks whose filters u have a head α of several weights: predictions are xᵀZ + b, with a column of Z for each
/// output, and Z is linear in Σⱼ αⱼuⱼᵀ. What Z is multiplied by are a sample's rows as neurons see them, side by side.
package protocol HeadedAtoms: BalancedAtoms, PricedAtoms, SolvableAtoms, AssessableAtoms {
  /// The number of weights of a head.
  var heads: Int { get }

  /// Z from Σⱼ αⱼuⱼᵀ, which has a row for each weight of a head.
  func coefficients(_ product: Matrix) -> Matrix

  /// What the transpose of `coefficients` makes of a matrix like Z.
  func spread(_ coefficients: Matrix) -> Matrix

  /// The network of filters with their heads.
  func network(of filters: TwoLayerNetwork, offsets: [Double]) -> any Network

  /// The filters of a network with their heads; nil for one of another kind.
  func filters(of network: any Network) -> TwoLayerNetwork?
}

extension HeadedAtoms {
  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    let filters = TwoLayerNetwork(
      hidden: Matrix(
        rows: parameters.width, columns: parameters.inputs,
        elements: Array(parameters.values[..<parameters.split])),
      output: Array(parameters.values[parameters.split..<parameters.penalized]),
      outputs: parameters.outputs, activation: .linear)
    return network(of: filters.balanced(), offsets: parameters.offsets)
  }

  /// Neurons that are linear everywhere have one pattern: the best with it are the best of all.
  package func assessment(
    of network: any Network, in problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> NetworkAssessment? {
    guard let given = filters(of: network), let choice = exactSolver(over: .adaptive, options: options) else {
      return nil
    }
    let certifier = Certifier(problem, threads: options.threads)
    let best = try choice.make(problem, nil, stop).train(stop: stop, checkpoints: nil, progress: progress)
    let balanced = self.network(of: given.balanced(), offsets: network.offsets)
    return NetworkAssessment(
      objective: certifier.objective(of: network), balanced: certifier.objective(of: balanced),
      restricted: best.certificate.objective, best: best)
  }
}

extension TrainingProblem {
  /// How many weights of the last layer a neuron has: one an output, or those of its head.
  var headWeights: Int { (atoms as? any HeadedAtoms)?.heads ?? outputs }
}

extension LinearConvolutionAtoms: HeadedAtoms {
  private var placeHeads: PlaceHeads { PlaceHeads(places: pooling.rows, outputs: outputs) }

  package var heads: Int { placeHeads.count }

  package func coefficients(_ product: Matrix) -> Matrix { placeHeads.coefficients(product) }

  package func spread(_ coefficients: Matrix) -> Matrix { placeHeads.spread(coefficients) }

  package func network(of filters: TwoLayerNetwork, offsets: [Double]) -> any Network {
    LinearConvolutionalNetwork(filters, patches: convolution.patches, offsets: offsets)
  }

  package func filters(of network: any Network) -> TwoLayerNetwork? {
    (network as? LinearConvolutionalNetwork).flatMap { $0.patches == convolution.patches ? $0.filters : nil }
  }

  package func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice? {
    SolverChoice { problem throws(DataError) in try LinearConvolutionTraining(problem, options: options) }
  }
}

extension CircularConvolutionAtoms: HeadedAtoms {
  package var heads: Int { geometry.design.columns }

  /// Products of weights at s and t belong to place s + t of the circle.
  package func coefficients(_ product: Matrix) -> Matrix {
    var sums = [Double](repeating: 0, count: heads)
    for t in 0..<heads {
      for s in 0..<heads { sums[(s + t) % heads] += product[t, s] }
    }
    return Matrix(rows: heads, columns: 1, elements: sums)
  }

  package func spread(_ coefficients: Matrix) -> Matrix {
    Matrix((0..<heads).map { t in (0..<heads).map { coefficients.elements[($0 + t) % heads] } })
  }

  package func network(of filters: TwoLayerNetwork, offsets: [Double]) -> any Network {
    CircularConvolutionalNetwork(filters, offsets: offsets)
  }

  package func filters(of network: any Network) -> TwoLayerNetwork? {
    (network as? CircularConvolutionalNetwork)?.filters
  }

  package func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice? {
    SolverChoice { problem throws(DataError) in try CircularConvolutionTraining(problem, options: options) }
  }
}

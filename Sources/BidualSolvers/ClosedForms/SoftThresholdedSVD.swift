import BidualCertificates
import BidualLinear
import BidualModels

/// The optimum of a network with several outputs for whitened samples, XXᵀ = γ²I, and the squared loss with one weight ω for all
/// samples, where the targets' left singular vectors are not negative (SEPP21, Theorem 2).
///
/// With Y = Σ σₖaₖbₖᵀ, aₖ ≥ 0 as far as ωγσₖ > β, the predictions are F = Σ (σₖ − β/(ωγ))₊aₖbₖᵀ and the neurons u along Xᵀaₖ, α along bₖ: the
/// residual V = ω(Y − F) has ‖V‖₂ ≤ β/γ, so that ‖Vᵀ(Xu)₊‖ ≤ ‖V‖₂γ ≤ β for all u. The vectors are those of the
/// columns themselves where classes are one-hot; and the first alone has a say, and is of one sign, where YYᵀ ≥ 0 and β ≥ ωγσ₂
/// (Remark 5.2).
///
/// Centred samples are not whitened in this sense: their rows are not orthogonal.
package struct SoftThresholdedSVD: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options
  /// γ.
  private let scale: Double
  /// The singular vectors that have a say, with their values.
  private let terms: [(value: Double, left: [Double], right: [Double])]

  /// Problems of two-layer ReLU networks with several outputs, without offsets, and with the squared loss and one weight.
  package static func check(_ problem: TrainingProblem) throws(DataError) {
    guard VectorReLUAtoms.unpooled(of: problem) != nil, problem.loss.isHalfSquare, !problem.hasOffset,
      problem.weights.allSatisfy({ $0 == problem.weights[0] })
    else {
      throw problem.lacks(
        "the soft-thresholded SVD, of several outputs, one weight for all samples and no offsets,")
    }
  }

  /// The closed form.
  ///
  /// - Throws: `DataError` as `check`, and where the samples are not whitened or a singular vector that has a say has entries
  ///   of both signs, which it names.
  /// - Complexity: O(n²d + nc·min(n, c)).
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    try Self.check(problem)
    guard let atoms = VectorReLUAtoms.unpooled(of: problem) else {
      preconditionFailure("the check has seen the atoms")
    }
    let scale = try Self.scale(problem.design)
    let cut = problem.beta / (problem.weights[0] * scale)
    var terms: [(value: Double, left: [Double], right: [Double])] = []
    for (k, term) in Self.decomposition(problem).enumerated() where term.value > cut {
      let sign: Double = term.left.reduce(0, +) < 0 ? -1 : 1
      guard let row = term.left.firstIndex(where: { sign * $0 < -1e-9 }) else {
        terms.append((term.value, term.left.map { max(0, sign * $0) }, term.right.map { sign * $0 }))
        continue
      }
      throw DataError(
        .badSettings,
        "the soft-thresholded SVD is exact only for targets whose left singular vectors are not negative, such as one-hot ones: vector \(k + 1) is \(sign * term.left[row]) at row \(row + 1) and above 0 elsewhere; use the default method, or a larger beta"
      )
    }
    self.problem = problem
    self.atoms = atoms
    self.options = options
    self.scale = scale
    self.terms = terms
  }

  /// γ of a design with rows of one length and orthogonal to 10⁻⁹.
  private static func scale(_ design: Matrix) throws(DataError) -> Double {
    let lengths = design.rowNorms
    // Found out without n² products where there is no hope.
    guard design.rows <= design.columns, let shortest = lengths.min(), let longest = lengths.max(),
      longest - shortest <= 1e-9 * longest
    else {
      throw DataError(
        .badSettings,
        "the soft-thresholded SVD needs whitened samples, with rows of one length at right angles, but there are \(design.rows) rows of lengths \(lengths.min() ?? 0) to \(lengths.max() ?? 0) in \(design.columns) columns; whiten the features without centring them, give no more rows than features, or use the default method"
      )
    }
    let gram = design.timesTransposed(design)
    let square = (0..<gram.rows).reduce(0) { max($0, gram[$1, $1]) }
    for i in 0..<gram.rows {
      for j in 0...i where abs(gram[i, j] - (i == j ? square : 0)) > 1e-9 * square {
        throw DataError(
          .badSettings,
          "the soft-thresholded SVD needs whitened samples, with rows of one length at right angles: rows \(j + 1) and \(i + 1) have the product \(gram[i, j]) where \(i == j ? square : 0) is due; whiten the features without centring them, give no more rows than features, or use the default method"
        )
      }
    }
    guard square > 0 else {
      throw DataError(.badSettings, "the soft-thresholded SVD needs whitened samples, but all are zero")
    }
    return square.squareRoot()
  }

  /// The singular value decomposition of the targets, the largest value first; columns that are orthogonal already, as those
  /// of one-hot targets are, are its vectors.
  private static func decomposition(_ problem: TrainingProblem)
    -> [(value: Double, left: [Double], right: [Double])]
  {
    let targets = Matrix(rows: problem.design.rows, columns: problem.outputs, elements: problem.targets)
    let gram = targets.transposedTimes(targets)
    let isDiagonal = (0..<gram.rows).allSatisfy { k in
      (0..<k).allSatisfy { abs(gram[k, $0]) <= 1e-15 * (gram[k, k] * gram[$0, $0]).squareRoot() }
    }
    guard isDiagonal else {
      guard let values = SingularValues(of: targets) else { return [] }
      return values.values.indices.map {
        (values.values[$0], values.left.column($0), Array(values.rightTransposed.row($0)))
      }
    }
    return (0..<gram.rows).map { k in
      let column = targets.column(k)
      return (norm(column), column.normalized, (0..<gram.rows).map { $0 == k ? 1 : 0 })
    }.sorted { $0.0 > $1.0 }
  }

  /// The network with its certificate.
  ///
  /// - Complexity: O(ndc), and that of the certificate.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let cut = problem.beta / (problem.weights[0] * scale)
    var (hidden, output): ([[Double]], [Double]) = ([], [])
    for term in terms {
      // u of length 1 has Xu = γa.
      let root = ((term.value - cut) / scale).squareRoot()
      hidden.append(problem.design.transposedTimes(term.left).map { root / scale * $0 })
      output += term.right.map { root * $0 }
    }
    let network = TwoLayerNetwork(
      hidden: Matrix(rows: hidden.count, columns: problem.design.columns, elements: Array(hidden.joined())),
      output: output, outputs: problem.outputs)
    let certificate = certifier.certify(
      network, dualPoint: problem.dualPoint(network.predictions(problem.design)), gap: options.gap,
      effort: options.effort(until: stop)
    ).certificate
    progress(
      TrainingProgress(
        iteration: 0, workingSet: network.neurons, unit: .neurons, objective: certificate.objective,
        lowerBound: certificate.lowerBound, nodes: 0))
    return TrainingOutcome(
      network: network, certificate: certificate,
      status: certificate.isCertified(to: options.gap) ? .solved : stop.status ?? .insufficientProgress,
      method: .whitened, workingSet: network.neurons, iterations: 0, rank: atoms.geometry.rank,
      chambers: nil)
  }
}

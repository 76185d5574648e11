import BidualCertificates
import BidualLinear
import BidualModels

/// The optimum for whitened samples, XXᵀ = c²I, and the squared loss with one weight ω for all samples: at most
/// two neurons, one for the positive and one for the negative targets (W25, Theorem 2.2, whose third case
/// reads ‖Xᵀ(y)₊‖ − β).
///
/// The design is spike-free, so the predictions F± of either sign have the gauge ‖F±‖/c, and
/// ½ω‖F − y‖² + β‖F‖/c is least at F± = (1 − β/(ωc‖(±y)₊‖))₊·(±y)₊. The neuron is Xᵀ(±y)₊/c², shrunk so.
package struct WhitenedSquares: Sendable {
  /// What to train.
  package let problem: TrainingProblem
  /// When to stop.
  package let options: WorkingSet.Options
  /// c.
  private let scale: Double
  private let atoms: any EuclideanReLUAtoms

  /// The closed form; nil unless the problem is of this kind, with samples of one length and orthogonal to
  /// 10⁻⁹.
  ///
  /// - Complexity: O(nd), and O(n²d) if the rows are equally long and n ≤ d.
  package init?(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) {
    let design = problem.design
    guard let atoms = problem.atoms as? any EuclideanReLUAtoms, problem.loss.isHalfSquare, !problem.hasOffset,
      problem.weights.allSatisfy({ $0 == problem.weights[0] }), design.rows <= design.columns
    else { return nil }
    let lengths = design.rowNorms
    guard let longest = lengths.max(), let shortest = lengths.min(), longest - shortest <= 1e-9 * longest,
      longest > 0
    else { return nil }
    let gram = design.timesTransposed(design)
    for i in 0..<gram.rows {
      for j in 0..<i where abs(gram[i, j]) > 1e-9 * longest * longest { return nil }
    }
    self.problem = problem
    self.atoms = atoms
    self.options = options
    scale = longest
  }

  /// The network with its certificate.
  ///
  /// - Complexity: O(nd), and that of the certificate.
  package func train(stop: StopSignal = StopSignal()) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    var parts: [Part] = []
    for sign in [1.0, -1.0] {
      let part = problem.targets.map { max(0, sign * $0) }
      let length = norm(part)
      let share = 1 - problem.beta / (problem.weights[0] * scale * length)
      guard length > 0, share > 0 else { continue }
      let vector = atoms.geometry.coordinates.transposedTimes(part).map { share / (scale * scale) * $0 }
      parts.append(Part(sign: sign, vector: vector))
    }
    let network = atoms.network(of: parts, offset: nil)
    let certificate = certifier.certify(
      network, dualPoint: problem.dualPoint(network.predictions(problem.design)), gap: options.gap,
      effort: options.effort(until: stop)
    ).certificate
    return TrainingOutcome(
      network: network, certificate: certificate,
      status: certificate.isCertified(to: options.gap) ? .solved : stop.status ?? .insufficientProgress,
      method: .whitened, workingSet: network.neurons, iterations: 0, rank: certifier.rowSpace.rank,
      chambers: nil)
  }
}

import BidualLinear
import BidualModels

/// Lowers the training objective of a network by steps of a convex model: predictions are taken as linear in the
/// weights, loss and penalty as they are.
///
/// A step solves
///
///     minimise over δ  Σᵢ ωᵢℓ(fᵢ + Jᵢδ, yᵢ) + β/2 ‖θ + δ‖² + λ/2 Σₖ sₖδₖ²
///
/// for the weights θ in balance and the Jacobian J of predictions, by its dual of n variables. λ rises where the network's own objective does
/// not fall, and falls where it falls as the model says (Levenberg and Marquardt). What makes the model wrong are rows on which a neuron
/// changes sides, and these are as many as its heights change for their size: so s measures first-layer weights along the rows' principal
/// axes, by the variance that they give to heights. Patches of images differ a hundred times more along some axes than along others;
/// a measure that is the same for all weights makes steps as short.
///
/// Unlike the quasi-Newton steps of `JointDescent` it rounds no kink off and does not slow down where β is small and all samples are
/// fitted. It pays where samples are few.
///
/// Source of the scheme: D. Drusvyatskiy, C. Paquette, *Efficiency of minimizing compositions of convex functions and smooth maps*,
/// Math. Program. 178 (2019).
struct GaussNewtonDescent: Sendable {
  /// What to minimise, in the coordinates of the row space.
  let problem: TrainingProblem
  let atoms: any LinearizableAtoms
  /// The largest number of steps.
  var steps = 100
  /// Ends when ten steps together lower the objective by less than this share.
  var leastProgress = 3e-2
  /// Asked now and then.
  var isCancelled: @Sendable () -> Bool = { false }
  private let rows: PrincipalRows

  /// A descent over the rows that neurons see.
  ///
  /// - Complexity: O(nKr²) for K rows a sample.
  init(_ problem: TrainingProblem, atoms: any LinearizableAtoms, isCancelled: @escaping @Sendable () -> Bool)
  {
    self.problem = problem
    self.atoms = atoms
    self.isCancelled = isCancelled
    rows = PrincipalRows(problem.neuronRows)
  }

  /// Whether a step with so many weights takes few enough operations to pay.
  static func isAffordable(_ problem: TrainingProblem, weights: Int) -> Bool {
    let (n, q) = (Double(problem.targets.count), Double(weights))
    return n * q <= Double(PooledPatterns.largestSize) && n * n * (q + n) <= 2e9
  }

  /// Whether a step with these neurons does.
  func isAffordable(_ neurons: [Part]) -> Bool {
    Self.isAffordable(problem, weights: atoms.balancedWeights(of: neurons))
  }

  /// A network no worse than `start`.
  func descend(_ start: JointDescent.Network) -> JointDescent.Network {
    var now = start
    var recent = [start.objective]
    var ridge: Double?
    for _ in 0..<steps where !now.neurons.isEmpty && !isCancelled() {
      guard let model = LinearModel(of: now, in: problem, atoms: atoms, rows: rows) else { break }
      var trial = ridge ?? model.naturalRidge
      var reached: JointDescent.Network?
      for _ in 0..<15 where reached == nil && !isCancelled() {
        let step = model.step(ridge: trial, from: now.dualPoint, accuracy: 1e-5 * now.objective)
        let next = JointDescent.Network(
          step.parts, offset: step.offset, dualPoint: step.dualPoint, in: problem, atoms: atoms)
        let expected = now.objective - step.objective
        let gain = now.objective - next.objective
        if gain > 0.05 * expected {
          reached = next
          trial *= gain > 0.7 * expected ? 0.3 : gain > 0.3 * expected ? 1 : 2
        } else {
          trial *= 4
        }
      }
      guard let reached else { break }
      (now, ridge) = (reached, trial)
      recent.append(now.objective)
      if recent.count > 10, recent[recent.count - 11] - now.objective <= leastProgress * now.objective {
        break
      }
    }
    return now
  }
}

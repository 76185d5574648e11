import BidualLinear
import BidualModels
import BidualObjectives

/// Mehrotra's predictor–corrector interior point for `ConicProgram`, on the Nesterov–Todd direction.
///
/// Every block keeps (t, z) with ‖z‖ < t and the dual (β, ω) with ‖ω‖ < β; every facet keeps a slack
/// s > 0 and a multiplier μ > 0; samples of a loss with kinks keep their slope inside its interval
/// (`PiecewiseTerms`), those of a smooth loss follow its gradient (`SmoothTerms`). Stationarity reads
/// Aᵀp = ω + Gᵀμ with p ∈ ∂ℓ(f), so −p is a dual point for the chambers of the program up to the remaining
/// infeasibility.
struct InteriorPoint {
  /// The gap at which to stop, relative to the objective.
  var tolerance = 1e-10
  /// The largest number of iterations.
  var maximumIterations = 60
  /// Asked once an iteration.
  var isCancelled: () -> Bool = { false }

  /// Solves `program`; the answer is usable whatever the status says.
  func solve(_ program: ConicProgram) -> ConicSolution {
    let problem = program.problem
    let base = program.problem.constantFit
    let n = problem.targets.count
    let level = problem.lossValue(Array(repeating: base, count: n))
    let columnScale = (0..<program.unknowns).map { norm(program.columns.row($0)) }.max() ?? 0
    guard level > 0, columnScale > 0 || problem.hasOffset else {
      return ConicSolution(
        z: Array(repeating: 0, count: program.unknowns), offset: base,
        dualPoint: problem.dualPoint(Array(repeating: base, count: n)),
        tightness: Array(repeating: 0, count: program.blocks), gap: 0, iterations: 0, status: .solved)
    }
    // In units where the longest column has length 1 and the loss to be fitted is ½, z counts in sizes of 1.
    let spread = norm(problem.targets.map { $0 - base })
    let isPiecewise = problem.loss is any PiecewiseLinearQuadraticLoss
    let reach = isPiecewise && spread > 0 ? spread : Double(n).squareRoot()
    let units = SampleUnits(base: base, reach: reach, slope: 2 * level / reach)
    let state = InteriorPointState(program, columnScale: max(columnScale, 1e-300), units: units)
    var status = ConicSolution.Status.iterationLimit
    var iterations = 0
    var stalled = 0
    var limit = maximumIterations
    // What the fast equations can't reach, the accurate ones may.
    func sharpens() -> Bool {
      guard state.sharpen() else { return false }
      stalled = 0
      limit = iterations + maximumIterations / 2
      return true
    }
    while iterations < limit || sharpens() {
      if isCancelled() {
        status = .cancelled
        break
      }
      state.updateResiduals()
      if state.isOptimal(tolerance) {
        status = .solved
        break
      }
      guard let step = state.step(tolerance) else {
        if sharpens() { continue }
        status = .insufficientProgress
        break
      }
      iterations += 1
      stalled = step < 0.05 ? stalled + 1 : 0
      if stalled == 6 || state.stepsSinceBest == 8 {
        if sharpens() { continue }
        status = .insufficientProgress
        break
      }
    }
    if status != .solved { state.restoreBest() }
    state.refreshSlopes()
    return ConicSolution(
      z: state.z.map { $0 * reach / state.columnScale }, offset: base + reach * state.offset,
      dualPoint: state.slopes.map { -$0 * units.slope }, tightness: state.tightness,
      gap: state.gap * 2 * level, iterations: iterations, status: status)
  }
}

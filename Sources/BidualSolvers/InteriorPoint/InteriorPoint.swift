import BidualLinear

/// Mehrotra's predictor–corrector interior point for `ConicProgram`, on the Nesterov–Todd direction.
///
/// Every block keeps (t, z) with ‖z‖ < t and the dual (β, ω) with ‖ω‖ < β; every facet keeps a slack
/// s > 0 and a multiplier μ > 0. Stationarity reads AᵀAz − Aᵀy = ω + Gᵀμ, so the residual y − Az of an
/// iterate is a dual point for the chambers of the program up to the remaining infeasibility.
struct InteriorPoint {
  /// The gap at which to stop, relative to the objective.
  var tolerance = 1e-10
  /// The largest number of iterations.
  var maximumIterations = 60
  /// Asked once an iteration.
  var isCancelled: () -> Bool = { false }

  /// Solves `program`; the answer is usable whatever the status says.
  func solve(_ program: ConicProgram) -> ConicSolution {
    // In units where the longest column and the target have length 1, z counts in sizes of 1.
    let columnScale = (0..<program.unknowns).map { norm(program.columns.row($0)) }.max() ?? 0
    let targetScale = norm(program.target)
    guard columnScale > 0, targetScale > 0 else {
      return ConicSolution(
        z: Array(repeating: 0, count: program.unknowns), residual: program.target,
        tightness: Array(repeating: 0, count: program.blocks), gap: 0, iterations: 0, status: .solved)
    }
    let state = InteriorPointState(program, columnScale: columnScale, targetScale: targetScale)
    var status = ConicSolution.Status.iterationLimit
    var iterations = 0
    var stalled = 0
    while iterations < maximumIterations {
      if isCancelled() {
        status = .cancelled
        break
      }
      state.updateResiduals()
      if state.isOptimal(tolerance) {
        status = .solved
        break
      }
      guard let step = state.step() else {
        status = .insufficientProgress
        break
      }
      iterations += 1
      stalled = step < 0.05 ? stalled + 1 : 0
      if stalled == 4 {
        status = .insufficientProgress
        break
      }
    }
    let factor = targetScale / columnScale
    let z = state.z.map { $0 * factor }
    let fitted = program.columns.transposedTimes(z)
    return ConicSolution(
      z: z, residual: zip(program.target, fitted).map(-), tightness: state.tightness,
      gap: state.gap * targetScale * targetScale,
      iterations: iterations, status: status)
  }
}

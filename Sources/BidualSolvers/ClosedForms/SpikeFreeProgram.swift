import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Exact training on a spike-free design: the program of PE20 (8) with the one pattern D = I,
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β(‖v‖ + ‖w‖),  f = X(v − w) + b   subject to  Xv ≥ 0, Xw ≥ 0,
///
/// for any loss and at any rank. Every atom (Xu)₊ is some Xu′ ≥ 0, so no other pattern can do better, and
/// two neurons are enough.
package struct SpikeFreeProgram: Sendable {
  /// What to train.
  package let problem: TrainingProblem
  /// When to stop.
  package let options: WorkingSet.Options
  private let atoms: any EuclideanReLUAtoms

  /// The program; nil unless the problem's design is spike-free (`SpikeFreeness`) and not zero.
  ///
  /// - Complexity: O(nd), and O(m²d + m³) if there are m ≤ d rays, no two opposed.
  package init?(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) {
    guard let atoms = problem.atoms as? any EuclideanReLUAtoms,
      problem.design.elements.contains(where: { $0 != 0 }), atoms.geometry.spikeFree?.isSpikeFree == true
    else { return nil }
    self.atoms = atoms
    self.problem = problem
    self.options = options
  }

  /// Solves the program and certifies its network, more accurately until the gap is proven.
  ///
  /// - Complexity: O(n(m + r)² + r³) an iteration of the interior point, with r the rank.
  package func train(stop: StopSignal = StopSignal()) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    let program = program(atoms.geometry)
    var best = Incumbent<[Part]>(certifier)
    var dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
    var tolerance = min(1e-8, 1e-3 * options.gap)
    var rounds = 0
    while rounds < min(4, options.maximumIterations), !stop.isRaised, best.relativeGap > options.gap {
      rounds += 1
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = tolerance
      interiorPoint.isCancelled = { stop.isRaised }
      let solution = interiorPoint.solve(program)
      dualPoint = certifier.feasibleDualPoint(solution.dualPoint)
      best.offer(
        vectors(of: solution, rank: program.rank), of: atoms, offset: solution.offset, gap: options.gap)
      best.offer(
        certifier.certify(
          best.network, dualPoint: dualPoint, gap: options.gap,
          effort: options.effort(until: stop)))
      tolerance *= 1e-2
    }
    return TrainingOutcome(
      network: best.network,
      certificate: best.certificate(
        dualPoint: dualPoint, gap: options.gap, nodeLimit: options.closingNodeLimit, stop: stop),
      status: best.relativeGap <= options.gap ? .solved : stop.status ?? .insufficientProgress,
      method: .spikeFree, workingSet: program.blocks, iterations: rounds, rank: certifier.rowSpace.rank,
      chambers: nil)
  }

  /// Two blocks, for the neurons with positive and with negative output, and all rays as facets of both.
  private func program(_ geometry: Geometry) -> ConicProgram {
    let design = geometry.coordinates
    let facets = geometry.hyperplanes.unitRows
    let columns = design.transposed.elements
    return ConicProgram(
      problem: problem, rank: design.columns, blocks: 2,
      columns: Matrix(
        rows: 2 * design.columns, columns: design.rows, elements: columns + columns.map { -$0 }),
      facets: facets.elements + facets.elements, facetStart: [0, facets.rows, 2 * facets.rows])
  }

  private func vectors(of solution: ConicSolution, rank: Int) -> [Part] {
    [
      Part(sign: 1, vector: Array(solution.z[..<rank])), Part(sign: -1, vector: Array(solution.z[rank...])),
    ]
  }
}

import BidualArrangements
import BidualLinear

/// A bound of the polar of ReLU networks with c outputs whose neurons keep to the cones K_D of given activation patterns D:
///
///     κ(V) = max_D max ‖VᵀDXu‖ over unit u in K_D = {u : (2D − I)Xu ≥ 0}
///
/// Principal components in a cone are hard to find in general. A pattern counts with the lesser of its largest singular value ‖XᵀDV‖₂
/// and what weights of pairs of the cone's rows prove (`ConeComponentBound`): exact for cones of few facets, and above κ for many.
///
/// Dual points are V row after row, n·c numbers.
package struct VectorConePolar: PolarOracle {
  private let gradients: PatternGradients
  private let projection: ConeProjection
  /// Upper bounds of the rows' lengths.
  private let lengths: [Double]
  private let threads: Int

  /// An oracle for the rows of `design`, n×r, and patterns over them, on so many threads.
  package init(_ design: Matrix, patterns: PatternSet, outputs: Int, threads: Int = 1) {
    precondition(patterns.samples == design.rows && outputs > 0)
    self.threads = threads
    gradients = PatternGradients(design: design, patterns: patterns, outputs: outputs)
    projection = ConeProjection(unitRows: design.unitRows)
    let room = 1 + Double(design.columns + 8) * 0x1p-51
    lengths = design.rowNorms.map { $0 * room + Double(design.columns) * 0x1p-500 }
  }

  /// An upper bound of κ(V), rounded up. For the goal to prove a threshold the patterns whose singular value is above it are looked at
  /// closely, for the goal to maximise all that may hold the maximum; cut short, patterns count with their singular values. The bound is
  /// infinite if not even those are there.
  ///
  /// - Complexity: O(nrcP) for P patterns, and some tens of projections for each that is looked at closely.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    DualScaling.boundOfFinite(weights, goal: goal) { scaling, goal in
      largest(scaling.weights, goal: goal, isCancelled: isCancelled)
    }
  }

  /// Where the path of weights in `ConeComponentBound` ends differs by up to 3·10⁻⁹ with how sums are rounded.
  package func room(_ weights: [Double]) -> ClaimRoom { ClaimRoom(share: 0x1p-27) }

  /// Whether projections onto cones are affordable.
  private var isNarrow: Bool {
    gradients.design.columns <= 150 && gradients.design.elements.count <= 2_000_000
  }

  /// The bound of a pattern by its singular value, and its matrix where it may be looked at closely.
  private struct Entry {
    let pattern: Int
    let plain: Double
    let gradient: Matrix?
  }

  /// `bound` for weights of size 1.
  private func largest(
    _ weights: [Double], goal: PolarGoal, isCancelled: @Sendable () -> Bool
  ) -> PolarBound {
    let slack = gradients.slack(weights)
    let batches = gradients.batches
    let least =
      switch goal {
      case .prove(let threshold, _): threshold
      case .maximize(_, let floor): floor
      }
    let parts = concurrentMap(batches.count, threads: threads) { batch, _ -> [Entry]? in
      guard batch == 0 || !isCancelled() else { return nil }
      return zip(batches[batch], gradients(batches[batch], weights)).map { pattern, gradient in
        let total = gradient.spectralNormBound * (1 + 0x1p-50) + slack
        return Entry(
          pattern: pattern, plain: total.isNaN ? .infinity : total,
          gradient: isNarrow && !(total <= least) ? gradient : nil)
      }
    }
    let entries = parts.compactMap(\.self).joined().sorted { ($1.plain, $0.pattern) < ($0.plain, $1.pattern) }
    var upper = parts.contains { $0 == nil } ? Double.infinity : 0
    var maximizers: [PolarMaximizer] = []
    var isWhole = upper == 0
    // Blocks of patterns, so that what one finds spares the next.
    let block = 4 * max(1, threads)
    for first in stride(from: 0, to: entries.count, by: block) {
      let some = entries[first..<min(first + block, entries.count)]
      let floor = if case .prove = goal { least } else { max(upper, least) }
      guard let greatest = some.first?.plain, greatest > floor, upper < .infinity, isNarrow
      else {
        upper = max(upper, some.first?.plain ?? 0)
        break
      }
      guard first == 0 || !isCancelled() else {
        upper = max(upper, greatest)
        isWhole = false
        break
      }
      let found = concurrentMap(some.count, threads: threads) { index, _ in
        refined(some[some.startIndex + index], slack: slack, enough: floor)
      }
      upper = found.reduce(upper) { max($0, $1.upper) }
      maximizers += found.flatMap(\.maxima)
    }
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: upper, maximizers: maximizers, isComplete: isWhole, nodes: gradients.patterns.count)
  }

  /// The better of a pattern's two bounds, and the maxima that ascents found.
  ///
  /// - Parameter enough: the search for a bound may end at this one.
  private func refined(_ entry: Entry, slack: Double, enough: Double) -> (
    upper: Double, maxima: [PolarMaximizer]
  ) {
    guard let gradient = entry.gradient else { return (entry.plain, []) }
    let signs = gradients.patterns.signs(of: entry.pattern)
    let cone = ConeComponentBound(
      gradient, gradients.design, projection, signs: signs, lengths: lengths)
    let maxima = ConeAscent(gradient) { projection.project($0, signs: signs).point }.maxima()
    let least = max(enough - slack, maxima.first?.value ?? 0)
    let bound = least < entry.plain ? cone.bound(enough: least) + slack : .infinity
    return (
      // A bound that is no number is none.
      bound < entry.plain ? bound : entry.plain,
      maxima.map { PolarMaximizer(direction: $0.vector, sign: 1, value: $0.value, family: entry.pattern) }
    )
  }
}

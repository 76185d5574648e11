import BidualArrangements
import BidualLinear
import BidualModels

/// The matrices W, r×c, of the patterns that have a say in a network with c outputs, with offsets, and proximal gradient steps for
///
///     ℓ(Σₚ DₚZWₚ + 1bᵀ, Y) + β Σₚ ‖Wₚ‖_*
struct PatternMatrices {
  private let problem: TrainingProblem
  private let patterns: PatternSet
  private let threads: Int
  /// The patterns that have a say.
  private(set) var active: [Int] = []
  /// Their matrices, one after another.
  private var blocks: [Double] = []
  private var constants: [Double]
  /// What the loss's gradient changes by at most, for each unit that the matrices move: found by trial.
  private var steepness = 1.0

  /// No matrices, and the best constant, for a problem in the coordinates of its row space.
  init(_ problem: TrainingProblem, patterns: PatternSet, threads: Int) {
    self.problem = problem
    self.patterns = patterns
    self.threads = threads
    constants = problem.constantFits
  }

  private var size: Int { problem.design.columns * problem.outputs }

  /// The offsets; none for networks without them.
  var offsets: [Double] { problem.hasOffset ? constants : [] }

  /// The matrices that are not zero, each with its pattern.
  var matrices: [(pattern: Int, matrix: Matrix)] {
    active.indices.compactMap { place in
      let block = blocks[(place * size)..<((place + 1) * size)]
      guard block.contains(where: { $0 != 0 }) else { return nil }
      return (
        active[place],
        Matrix(rows: problem.design.columns, columns: problem.outputs, elements: Array(block))
      )
    }
  }

  /// Minus the loss's gradient by the predictions.
  var dualPoint: [Double] {
    active.isEmpty ? problem.constantDualPoint : problem.dualPoint(predictions(blocks, constants, design))
  }

  private var design: MaskedDesign<Double> {
    MaskedDesign(problem.design, patterns: patterns.selecting(active), threads: threads)
  }

  /// The largest ‖ZᵀDV‖₂ over all patterns, and the patterns without a say for which it is above β, the largest first.
  ///
  /// - Complexity: O((P + 256)·nrc/8 + Prc·min(r, c)).
  func pricing(_ dualPoint: [Double]) -> (largest: Double, paying: [Int]) {
    let chunk = 256
    let chunks = (patterns.count + chunk - 1) / chunk
    var values: [Double] = []
    for first in (0..<chunks).map({ $0 * chunk }) {
      let some = Array(first..<min(first + chunk, patterns.count))
      let gradients = MaskedDesign(problem.design, patterns: patterns.selecting(some), threads: threads)
        .adjoint(dualPoint, outputs: problem.outputs)
      values += concurrentMap(some.count, threads: threads) { place, _ in
        SingularValues(of: matrix(gradients, place))?.values.first ?? 0
      }
    }
    let known = Set(active)
    let paying = values.indices.filter { values[$0] > problem.beta && !known.contains($0) }
      .sorted { (values[$0], $1) > (values[$1], $0) }
    return (values.max() ?? 0, paying)
  }

  private func matrix(_ blocks: [Double], _ place: Int) -> Matrix {
    Matrix(
      rows: problem.design.columns, columns: problem.outputs,
      elements: Array(blocks[(place * size)..<((place + 1) * size)]))
  }

  /// Gives the first of some patterns a say, as many as have one already or at least 16, in place of those with nothing to say.
  mutating func admit(_ others: [Int]) {
    let kept = matrices
    active = kept.map(\.pattern)
    blocks = kept.flatMap(\.matrix.elements)
    let joining = others.prefix(max(16, active.count))
    active += joining
    blocks += Array(repeating: 0, count: joining.count * size)
  }

  /// Takes accelerated proximal gradient steps, begun afresh whenever the objective rises.
  ///
  /// - Complexity: O((P + 256)·nrc/8) a step for P patterns with a say, twice.
  mutating func descend(steps: Int, isCancelled: () -> Bool) {
    guard !active.isEmpty else { return }
    let design = design
    var ahead = (blocks: blocks, constants: constants)
    var momentum = 1.0
    var least = Double.infinity
    for _ in 0..<steps where !isCancelled() {
      let here = predictions(ahead.blocks, ahead.constants, design)
      let loss = problem.lossValue(here)
      let dual = problem.dualPoint(here)
      let gradient = design.adjoint(dual, outputs: problem.outputs)
      let pull = columnSums(dual)
      steepness *= 0.9
      while true {
        let rate = 1 / steepness
        let (next, length) = shrunk(
          zip(ahead.blocks, gradient).map { $0 + rate * $1 }, by: rate * problem.beta)
        let nextConstants =
          problem.hasOffset ? zip(ahead.constants, pull).map { $0 + rate * $1 } : constants
        let there = predictions(next, nextConstants, design)
        let reached = problem.lossValue(there)
        var square = 0.0
        for k in next.indices { square += (next[k] - ahead.blocks[k]) * (next[k] - ahead.blocks[k]) }
        for k in pull.indices {
          square += (nextConstants[k] - ahead.constants[k]) * (nextConstants[k] - ahead.constants[k])
        }
        var along = 0.0
        for k in dual.indices { along += dual[k] * (there[k] - here[k]) }
        let model = loss - along + 0.5 * steepness * square
        guard reached <= model + 1e-14 * abs(loss) || steepness > 1e100 else {
          steepness *= 2
          continue
        }
        let objective = reached + problem.beta * length
        if objective > least {
          // The momentum leads uphill: it begins afresh from where the objective was least.
          ahead = (blocks, constants)
          momentum = 1
          least = .infinity
          break
        }
        least = objective
        let grown = 0.5 * (1 + (1 + 4 * momentum * momentum).squareRoot())
        let share = (momentum - 1) / grown
        momentum = grown
        ahead.blocks = zip(next, blocks).map { $0 + share * ($0 - $1) }
        ahead.constants = zip(nextConstants, constants).map { $0 + share * ($0 - $1) }
        (blocks, constants) = (next, nextConstants)
        break
      }
    }
  }

  /// Descends in the singular vectors √σ·a and √σ·b of all matrices at once, which are the neurons of a network on their patterns: where
  /// proximal steps tell which there are, this finds their sizes.
  ///
  /// - Complexity: O(nm(r + c)) a step for m neurons.
  mutating func descendNeurons(steps: Int, isCancelled: @escaping () -> Bool) {
    var (hidden, output, owners): ([[Double]], [[Double]], [Int]) = ([], [], [])
    for place in active.indices {
      guard let values = SingularValues(of: matrix(blocks, place)), let largest = values.values.first else {
        continue
      }
      for (k, value) in values.values.enumerated() where value > 1e-13 * largest {
        let root = value.squareRoot()
        hidden.append(values.left.column(k).map { root * $0 })
        output.append(values.rightTransposed.row(k).map { root * $0 })
        owners.append(place)
      }
    }
    guard !owners.isEmpty else { return }
    var descent = VectorDescent(problem: problem)
    descent.patterns = patterns.selecting(owners.map { active[$0] })
    (descent.levels, descent.steps, descent.threads) = ([0], steps, threads)
    descent.isCancelled = isCancelled
    let reached = descent.descended(
      from: NetworkParameters(
        hidden: hidden, output: output, offsets: offsets, inputs: problem.design.columns,
        outputs: problem.outputs))
    blocks = Array(repeating: 0, count: blocks.count)
    for (j, place) in owners.enumerated() {
      var entry = place * size
      for u in reached.hidden(j) {
        for alpha in reached.output(j) {
          blocks[entry] += u * alpha
          entry += 1
        }
      }
    }
    if problem.hasOffset { constants = reached.offsets }
  }

  private func predictions(_ blocks: [Double], _ constants: [Double], _ design: MaskedDesign<Double>)
    -> [Double]
  {
    var predictions = design.forward(blocks, outputs: problem.outputs)
    for k in predictions.indices { predictions[k] += constants[k % problem.outputs] }
    return predictions
  }

  private func columnSums(_ entries: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: problem.outputs)
    for k in entries.indices { sums[k % problem.outputs] += entries[k] }
    return sums
  }

  /// The matrices with every singular value lowered by `cut` or to zero, and the sum of those that are left.
  private func shrunk(_ blocks: [Double], by cut: Double) -> (blocks: [Double], length: Double) {
    let parts = concurrentMap(active.count, threads: threads) {
      place, _ -> (elements: [Double], length: Double) in
      let given = matrix(blocks, place)
      let none = ([Double](repeating: 0, count: size), 0.0)
      guard norm(given.elements) > cut, let values = SingularValues(of: given) else { return none }
      let kept = values.values.prefix { $0 > cut }.count
      guard kept > 0 else { return none }
      var left = Matrix(rows: given.rows, columns: kept)
      for i in 0..<given.rows {
        for k in 0..<kept { left[i, k] = values.left[i, k] * (values.values[k] - cut) }
      }
      let product = left.times(values.rightTransposed.selectingRows(0..<kept))
      return (product.elements, values.values[..<kept].reduce(0) { $0 + $1 - cut })
    }
    return (parts.flatMap(\.elements), parts.reduce(0) { $0 + $1.length })
  }
}

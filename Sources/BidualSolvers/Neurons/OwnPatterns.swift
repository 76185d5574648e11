import BidualArrangements
import BidualLinear
import BidualModels

/// The program over the patterns of a network's own neurons (`GivenPatterns`), for where descent creeps though much is missing.
///
/// So it is where samples are few beside their dimensions and β is small: all samples are fitted, neurons lie on hyperplanes, and none can take
/// another's place. The program finds the best vectors of all patterns at once, most of them zero, and its dual point prices others. In many
/// dimensions it is far quicker than an interior point, which has to weigh every facet of every chamber in each step.
struct OwnPatterns {
  /// As posed, and in the coordinates of the row space.
  private let problem: TrainingProblem
  private let reduced: TrainingProblem
  private let atoms: any NeuronAtoms
  private let options: GivenPatterns.Options
  /// Up to this rank the program over chambers has its turn early.
  private let lowRank = 6

  /// The program for a problem as posed, which is `reduced` in the coordinates of the row space.
  init(_ problem: TrainingProblem, reduced: TrainingProblem, atoms: any NeuronAtoms, threads: Int) {
    self.problem = problem
    self.reduced = reduced
    self.atoms = atoms
    var options = GivenPatterns.Options()
    (options.gap, options.threads) = (1e-3, threads)
    self.options = options
  }

  /// Whether the program pays: projections on the cones of n facets in r dimensions cost nr² each.
  func isAffordable(_ neurons: [Part]) -> Bool {
    let (n, r) = (Double(reduced.design.rows), Double(reduced.design.columns))
    return !neurons.isEmpty && reduced.design.columns > lowRank && Double(neurons.count) * n * r * r <= 3e8
  }

  /// The network of the program's solution, or of what was reached until `stop`.
  func network(from start: JointDescent.Network, stop: StopSignal) -> JointDescent.Network {
    let heights = reduced.design.timesTransposed(Matrix(start.neurons.map(\.vector))).transposed
    var known: Set<ActivationPattern> = []
    let patterns = (0..<heights.rows).map { ActivationPattern(preActivations: Array(heights.row($0))) }
      .filter { known.insert($0).inserted }
    let program = GivenPatterns(
      problem, patterns: PatternSet(patterns, samples: reduced.design.rows), form: .relu, options: options)
    let solution = program.solve(stop: stop)
    return JointDescent.Network(
      solution.parts.map(\.part), offset: solution.offset, dualPoint: solution.dualPoint, in: reduced,
      atoms: atoms)
  }
}

import BidualArrangements
import BidualModels
import BidualProcesses

/// The training loss of a ReLU network and its gradient, over all samples or some of them,
/// in storage that is allocated once.
///
/// Weights and gradients are doubles; the products over the samples are taken in the precision asked for
/// (`NetworkPass`), those of several outputs or pooled rows (`VectorPass`), of linear convolutions
/// (`HeadedPass`) and of three layers (`SubnetworkPass`) in double.
final class NetworkGradient {
  private let problem: TrainingProblem
  private let width: Int
  private let pass: any GradientPass
  /// The predictions of the last evaluation over all samples.
  private(set) var predictions: UnsafeMutableBufferPointer<Double>
  /// How the kinks of neurons and loss are rounded off; nil for the objective itself.
  var rounding: RoundedKinks? {
    didSet { pass.setRounding(rounding) }
  }

  /// Storage for networks of one width, of sub-networks where the problem's architecture has such.
  init(_ problem: TrainingProblem, width: Int, threads: Int = 1, precision: Precision = .double) {
    self.problem = problem
    self.width = width
    pass =
      if let atoms = problem.atoms as? any HeadedAtoms {
        HeadedPass(problem, atoms: atoms, width: width, threads: threads)
      } else {
        Self.pass(problem, width: width, threads: threads, precision: precision)
      }
    predictions = .allocate(capacity: problem.targets.count)
    predictions.initialize(repeating: 0)
  }

  /// A pass by samples alone, which other processes take a part in, if there are any.
  private static func pass(
    _ problem: TrainingProblem, width: Int, threads: Int, precision: Precision
  ) -> any GradientPass {
    let units = problem.atoms.subnetworkUnits
    let samples = PassSamples(problem, rows: units == nil ? problem.neuronRows : problem.design)
    let kind: PassForm.Kind =
      if let units {
        .subnetworks(units: units)
      } else if problem.outputs > 1 || problem.atoms.pooling != .none {
        .vectors(isPlaced: problem.atoms is any PlacedAtoms)
      } else {
        precision == .double ? .double : .single
      }
    let form = PassForm(kind: kind, width: width, threads: threads)
    let own = form.pass(over: samples)
    return HelpingRanks.helped.flatMap { SharedPass(own, form, samples, $0) } ?? own
  }

  /// Storage for networks of one width whose neurons are linear on a pattern each.
  init(_ problem: TrainingProblem, patterns: PatternSet, threads: Int) {
    self.problem = problem
    width = patterns.count
    pass = VectorPass(
      PassSamples(problem, rows: problem.neuronRows), width: width, patterns: patterns, threads: threads)
    predictions = .allocate(capacity: problem.targets.count)
    predictions.initialize(repeating: 0)
  }

  deinit { predictions.deallocate() }

  /// The loss over all samples; its gradient overwrites `gradient`, if given.
  ///
  /// - Complexity: O(nmd).
  func evaluate(_ parameters: NetworkParameters, gradient: UnsafeMutablePointer<Double>? = nil) -> Double {
    evaluate(parameters, rows: nil, count: problem.design.rows, gradient: gradient)
  }

  /// The loss over the samples with the given indices; its gradient overwrites `gradient`.
  func evaluate(
    _ parameters: NetworkParameters, rows: UnsafeBufferPointer<Int>, gradient: UnsafeMutablePointer<Double>
  ) -> Double {
    evaluate(parameters, rows: rows.baseAddress, count: rows.count, gradient: gradient)
  }

  private func evaluate(
    _ parameters: NetworkParameters, rows: UnsafePointer<Int>?, count: Int,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    precondition(
      parameters.width == width && parameters.inputs == problem.neuronRows.columns
        && parameters.hasOffset == problem.hasOffset)
    return pass.evaluate(
      parameters.values, rows: rows, count: count, predictions: predictions.baseAddress, gradient: gradient)
  }
}

/// A pass over samples that sums losses and gradients.
protocol GradientPass {
  /// Rounds off the kinks of neurons and loss in passes to come.
  func setRounding(_ rounding: RoundedKinks?)
  /// The loss over `count` samples, those with the indices `rows` or the first ones; predictions of the latter
  /// are written down, and the gradient if wanted.
  func evaluate(
    _ weights: [Double], rows: UnsafePointer<Int>?, count: Int, predictions: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double
}

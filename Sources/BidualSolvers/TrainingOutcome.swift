import BidualCertificates
import BidualLinear
import BidualModels

/// Why a solver stopped. What is proven about its network is the certificate's scope, a separate answer.
public enum SolverStatus: String, Sendable, Codable {
  /// The gap asked for was proven.
  case solved
  /// The iteration limit was reached first.
  case iterationLimit
  /// The time limit was reached first.
  case timeLimit
  /// The caller stopped it.
  case stoppedByCaller
  /// The process held more memory than its limit.
  case memoryLimit
  /// No further step made the gap smaller.
  case insufficientProgress
  /// The gap asked for was reached by local pricing, which proves nothing.
  case localGapReached
  /// The network reached the objective asked for.
  case targetReached
  /// Weights or objective were no longer finite numbers.
  case diverged
  /// The proof was given up at its work limit.
  case proofLimit
  /// The gap asked for was proven of networks along the directions that training keeps to; over all networks it is wider, by what
  /// the data are beside them.
  case rankLimit
}

extension SolverStatus {
  /// Whether a limit or the caller cut the run short, wherever it was.
  public var isStop: Bool { self == .timeLimit || self == .memoryLimit || self == .stoppedByCaller }
}

extension StopSignal {
  /// The status of a run that it ends; nil as long as it has not fired.
  var status: SolverStatus? {
    wasRequested ? .stoppedByCaller : isOverMemory ? .memoryLimit : isPastDeadline ? .timeLimit : nil
  }

  /// The status of a run that it ends, or whose share of its time is over.
  var ending: SolverStatus { status ?? .timeLimit }
}

/// How a network was found.
public enum TrainingMethod: String, Sendable, Codable {
  /// A working set of chambers, found as they were needed.
  case workingSet
  /// The program over all chambers.
  case enumerated
  /// No neuron pays, since β ≥ β_max.
  case zeroNetwork
  /// The closed form for whitened samples and the squared loss.
  case whitened
  /// The program with one activation pattern, for spike-free data.
  case spikeFree
  /// The lasso over a Clifford dictionary.
  case clifford
  /// Atoms with the largest polar values, one after another, and their best combination.
  case frankWolfe
  /// The program (13) of EP21 as printed, for three layers.
  case ergenPilanci13
  /// The copositive program of the first layer.
  case copositive
  /// The nuclear-norm program of linear convolutions.
  case nuclearNorm
  /// The group lasso over the frequencies of circular convolutions.
  case frequencies
  /// Cuts of the dual's constraints at analytic centres.
  case cuttingPlane
  /// The absolute loss as an exact penalty, for interpolation.
  case minimumNorm
  /// Joint descent of neurons that local ascent found.
  case local
  /// The program over given activation patterns.
  case givenPatterns
  /// A gradient method on the program over given activation patterns with its cones as a penalty.
  case penalised
  /// A gradient method on the non-convex objective.
  case gradient
}

/// A trained network with its certificate and an account of the run.
public struct TrainingOutcome: Sendable {
  /// The network.
  public let network: any Network
  /// What is proven about it.
  public private(set) var certificate: Certificate
  /// Why training stopped.
  public private(set) var status: SolverStatus
  /// How it was found.
  public let method: TrainingMethod
  /// How much the last program held, such as chambers with their signs.
  public let workingSet: Int
  /// How many rounds of the outer loop ran.
  public let iterations: Int
  /// The rank of the design.
  public let rank: Int
  /// The number of chambers of the data, where they were counted.
  public let chambers: Int?
  /// What is known about the lasso over a dictionary, where one was solved.
  public internal(set) var dictionary: DictionaryOptimum?
  /// The relative gap that would be proven if no direction had a larger polar value than those that local
  /// ascent found; nil where the method does not price that way. It proves nothing.
  public internal(set) var localGap: Double?
  /// A lower bound of the optimum by a relaxed program, as floating point has it, where one was solved. The certificate's own
  /// may be lower, where the relaxation knows more than the certifier.
  public internal(set) var relaxedBound: Double?
}

extension TrainingOutcome {
  /// The outcome of training in a problem with what it proves of networks along all directions; the same where training left none
  /// out.
  public func alongAllDirections(in problem: TrainingProblem, gap: Double) -> TrainingOutcome {
    guard problem.atoms.truncation != nil else { return self }
    var outcome = self
    outcome.certificate = Certifier(problem).alongAllDirections(certificate, gap: gap)
    if status == .solved, outcome.certificate.relativeGap > gap {
      // By local search there is none but that of the directions kept.
      (outcome.status, outcome.localGap) = (.rankLimit, nil)
    }
    return outcome
  }
}

/// What a run holds so many of.
public enum SizeUnit: String, Sendable {
  /// Chambers or other pieces of the atoms, each with its sign.
  case chambers
  /// Rays of the data's arrangement.
  case rays
  /// Activation patterns.
  case patterns
  /// Neurons.
  case neurons
}

/// One round of training, as reported while it runs. The bounds are true at any moment.
public struct TrainingProgress: Sendable {
  /// The round, from 1.
  public let iteration: Int
  /// How much the run holds.
  public let workingSet: Int
  /// Of what.
  public let unit: SizeUnit
  /// The best network's objective so far.
  public let objective: Double
  /// The best proven lower bound so far; of training along few directions, over networks along these.
  public let lowerBound: Double
  /// Cones that the proofs looked at so far.
  public let nodes: Int
  /// `TrainingOutcome.localGap` of the moment.
  public internal(set) var localGap: Double?
}

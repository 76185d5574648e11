import Bidual

/// What `fit` prints: one JSON object, or a few lines for people.
struct FitReport: Encodable {
  let objective: Double
  let lowerBound: Double
  /// Nil where the bound says nothing about the network.
  let relativeGap: Double?
  let scope: String
  let status: String
  let method: String
  let neurons: Int
  let workingSet: Int
  let iterations: Int
  let beta: Double
  /// Left out where β was given.
  let betaMax: Double?
  let loss: String
  let architecture: String
  let samples: Int
  let features: Int
  let rank: Int
  let chambers: Int?
  /// The gap by local search alone, which proves nothing.
  let localGap: Double?
  let offset: Double?
  /// Their number, where there are several outputs.
  let outputs: Int?
  let offsets: [Double]?
  let seconds: Double
  let dictionary: Dictionary?
  let restriction: RestrictionReport?
  private let networks: String
  private let standing: RestrictedStanding?

  /// What the Clifford lasso says about the optimum, in floating point and without proof.
  struct Dictionary: Encodable {
    let objective: Double
    let lowerBound: Double
    let chamberDiameter: Double
    let optimumAtLeast: Double

    init(_ optimum: DictionaryOptimum) {
      objective = optimum.objective
      lowerBound = optimum.lowerBound
      chamberDiameter = optimum.diameter.value
      optimumAtLeast = optimum.optimumAtLeast
    }
  }

  private enum CodingKeys: CodingKey {
    case objective, lowerBound, relativeGap, scope, status, method, neurons, workingSet, iterations, beta,
      betaMax
    case loss, architecture, samples, features, rank, chambers, localGap, offset, outputs, offsets
    case dictionary, restriction
    case seconds
  }

  /// - Parameter standing: how the network stands to its certificate, if that is restricted.
  /// - Parameter seconds: those of this run; the report counts the runs that it goes on from too.
  init(_ result: Training.Result, standing: RestrictedStanding?, dataset: Dataset, seconds: Double) {
    objective = result.certificate.objective
    lowerBound = result.certificate.lowerBound
    relativeGap = standing?.keepsToPatterns ?? true ? result.certificate.relativeGap : nil
    scope = result.certificate.scope.rawValue
    status = result.outcome.status.rawValue
    method = result.outcome.method.rawValue
    neurons = result.model.network.neurons
    workingSet = result.outcome.workingSet
    iterations = result.outcome.iterations
    beta = result.model.beta
    betaMax = result.betaMax
    loss = result.model.loss
    architecture = result.model.architecture.name
    samples = dataset.samples
    features = dataset.featureNames.count
    rank = result.outcome.rank
    chambers = result.outcome.chambers
    // Where a gap is proven, one by local search says nothing more.
    localGap = result.outcome.status == .solved ? nil : result.outcome.localGap
    let network = result.model.network
    offset = network.outputs == 1 ? network.offset : nil
    outputs = network.outputs == 1 ? nil : network.outputs
    offsets = network.outputs == 1 || network.offsets.isEmpty ? nil : network.offsets
    networks = Wording.networks(like: result.model, restriction: result.certificate.restriction)
    self.standing = standing
    restriction = standing.map(RestrictionReport.init)
    dictionary = result.outcome.dictionary.map(Dictionary.init)
    self.seconds = result.earlierSeconds + seconds
  }

  /// Whether the optimum over the patterns asked for was reached: all of them, not those found until a limit.
  func isSolved(to gap: Double, _ certificate: Certificate) -> Bool {
    certificate.scope == .restricted && certificate.relativeGap <= gap && !wasStopped
  }

  private var wasStopped: Bool { SolverStatus(rawValue: status)?.isStop ?? false }

  /// The lines for people; `gap` is the gap that was asked for.
  func lines(gap: Double, certificate: Certificate) -> [String] {
    let bound = standing?.lowerBound ?? lowerBound
    let verdict =
      certificate.isCertified(to: gap)
      ? "certified: no \(networks) has an objective below \(bound)"
      : isSolved(to: gap, certificate)
        ? "solved over the given patterns: no \(networks) has an objective below \(bound)"
        : certificate.scope == .restricted && certificate.relativeGap <= gap
          ? "solved over the patterns found in time, not all that were asked for: no \(networks) has an objective below \(bound)"
          : "not proven to the gap asked for (\(Figures.short(gap))); scope \(scope), status \(status)"
    return [
      "objective     \(objective)",
      "lower bound   \(bound)",
      "relative gap  \(relativeGap.map(Figures.short) ?? "-")",
      verdict,
    ]
      + (standing.map { $0.keepsToPatterns ? [] : [Wording.silence(about: $0)] } ?? [])
      + (localGap.map { ["the gap by local search is \(Figures.short($0)) (not proven)"] } ?? [])
      + (dictionary.map {
        [
          "the lasso over the data's rays has its optimum between \($0.lowerBound) and \($0.objective); by chambers of "
            + "diameter \(Figures.short($0.chamberDiameter)) the optimum of training is \($0.optimumAtLeast) or more (not proven)"
        ]
      } ?? []) + [
        "\(neurons) neurons for \(samples) samples of rank \(rank); beta \(Figures.short(beta))"
          + (betaMax.map { ", beta_max \(Figures.short($0))" } ?? "")
          + "; \(iterations) rounds in \(Figures.short(seconds)) s"
      ]
  }
}

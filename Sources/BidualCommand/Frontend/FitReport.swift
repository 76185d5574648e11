import Bidual

/// What `fit` prints: one JSON object, or a few lines for people.
struct FitReport: Encodable {
  let objective: Double
  let lowerBound: Double
  let relativeGap: Double
  let scope: String
  let status: String
  let method: String
  let neurons: Int
  let workingSet: Int
  let iterations: Int
  let beta: Double
  let betaMax: Double
  let loss: String
  let architecture: String
  let samples: Int
  let features: Int
  let rank: Int
  let chambers: Int?
  /// The gap by local search alone, which proves nothing.
  let localGap: Double?
  let offset: Double?
  let seconds: Double
  let dictionary: Dictionary?
  private let networks: String

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
    case loss, architecture, samples, features, rank, chambers, localGap, offset, dictionary, seconds
  }

  /// - Parameter seconds: those of this run; the report counts the runs that it goes on from too.
  init(_ result: Training.Result, dataset: Dataset, seconds: Double) {
    objective = result.certificate.objective
    lowerBound = result.certificate.lowerBound
    relativeGap = result.certificate.relativeGap
    scope = result.certificate.scope.rawValue
    status = result.outcome.status.rawValue
    method = result.outcome.method.rawValue
    neurons = result.model.network.neurons
    workingSet = result.outcome.workingSet
    iterations = result.outcome.iterations
    beta = result.model.beta
    betaMax = result.betaMax
    loss = result.model.loss
    architecture = result.model.network.activation.architecture
    samples = dataset.samples
    features = dataset.featureNames.count
    rank = result.outcome.rank
    chambers = result.outcome.chambers
    localGap = result.outcome.localGap
    offset = result.model.network.offset
    networks = Wording.networks(like: result.model, restriction: result.certificate.restriction)
    dictionary = result.outcome.dictionary.map(Dictionary.init)
    self.seconds = result.earlierSeconds + seconds
  }

  /// The lines for people; `gap` is the gap that was asked for.
  func lines(gap: Double, certificate: Certificate) -> [String] {
    let verdict =
      certificate.isCertified(to: gap)
      ? "certified: no \(networks) has an objective below \(lowerBound)"
      : certificate.scope == .restricted && relativeGap <= gap
        ? "solved over the given patterns: no \(networks) has an objective below \(lowerBound)"
        : "not proven to the gap asked for (\(Figures.short(gap))); scope \(scope), status \(status)"
    return [
      "objective     \(objective)",
      "lower bound   \(lowerBound)",
      "relative gap  \(Figures.short(relativeGap))",
      verdict,
    ]
      + (localGap.map { ["the gap by local search is \(Figures.short($0)) (not proven)"] } ?? [])
      + (dictionary.map {
        [
          "the lasso over the data's rays has its optimum between \($0.lowerBound) and \($0.objective); by chambers of "
            + "diameter \(Figures.short($0.chamberDiameter)) the optimum of training is \($0.optimumAtLeast) or more (not proven)"
        ]
      } ?? []) + [
        "\(neurons) neurons for \(samples) samples of rank \(rank); beta \(Figures.short(beta)), "
          + "beta_max \(Figures.short(betaMax)); \(iterations) rounds in \(Figures.short(seconds)) s"
      ]
  }
}

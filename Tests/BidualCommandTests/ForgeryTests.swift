import Bidual
import Foundation
import Testing

/// Certificates with false numbers and a seal that fits them, as only a forger makes: `verify` refuses
/// them because it computes every number again.
@Suite struct ForgeryTests {
  /// The parts of a certificate and its subject, read back for forging.
  struct Parts {
    let folder: TemporaryFolder
    let trained: Trained
    var model: Model
    var dataset: Dataset
    var objective: Double
    var lowerBound: Double
    var scope = Certificate.Scope.global
    var dualPoint: [Double]
    var polarBound: Double
    var dualScale: Double

    init(_ trained: Trained) throws {
      self.trained = trained
      folder = try trained.folder()
      model = try ModelFile.read(path: folder.file("model.json"))
      dataset = try CSVReader().table(path: folder.file(trained.data.file))
        .dataset(target: "target", features: model.featureNames)
      let certificate = try CertificateFile(path: folder.file("certificate.json")).certificate
      objective = certificate.objective
      lowerBound = certificate.lowerBound
      dualPoint = certificate.dualPoint
      polarBound = certificate.polarBound
      dualScale = certificate.dualScale
    }

    /// Puts another network in place, with its own true objective.
    mutating func replaceNetwork(by network: TwoLayerNetwork) throws {
      model = try Model(
        featureNames: model.featureNames, targetNames: model.targetNames, preprocessing: model.preprocessing,
        network: network, loss: model.loss, beta: model.beta)
      objective = try Certifier(model.problem(on: dataset)).objective(of: network)
    }

    /// Claims the lower bound and scale that would follow if the polar were at most `claim`.
    mutating func claimPolar(_ claim: Double) throws {
      polarBound = claim
      let lower = try Certifier(model.problem(on: dataset)).lowerBound(dualPoint, polarBound: claim)
      lowerBound = min(lower.value, objective)
      dualScale = lower.scale
    }

    /// What the command says to these parts, sealed.
    func verify(_ options: [String] = []) throws -> Program.Run {
      try ModelFile.write(model, to: folder.file("model.json"))
      let table = try Table(
        names: dataset.featureNames + [dataset.targetName],
        values: Matrix(
          rows: dataset.samples, columns: dataset.featureNames.count + 1,
          elements: (0..<dataset.samples).flatMap { Array(dataset.features.row($0)) + [dataset.targets[$0]] })
      )
      try CSVWriter.write(table, to: folder.file(trained.data.file))
      let certificate = try Certificate(
        objective: objective, lowerBound: lowerBound, scope: scope, dualPoint: dualPoint,
        polarBound: polarBound, dualScale: dualScale)
      try CertificateFile(certificate, model: model, dataset: dataset)
        .write(to: folder.file("certificate.json"))
      return try Program.run(trained.verification + options, in: folder)
    }

    /// A value that the polar certainly reaches: the best over the network's own first layer.
    var reachedPolar: Double {
      let design = model.preprocessing.design(for: dataset.features)
      let values = (0..<model.network.neurons).map { j in
        let u = Array(model.network.twoLayer!.hidden.row(j))
        let norm = u.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let sum = (0..<dataset.samples).reduce(0) { sum, i in
          sum + dualPoint[i] * max(0, zip(design.row(i), u).reduce(0) { $0 + $1.0 * $1.1 })
        }
        return abs(sum) / norm
      }
      return values.max()!
    }
  }

  /// Expects a refusal for one of these reasons.
  private func expectRefused(
    _ parts: Parts, _ reasons: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try parts.verify()
    expectStatus(3, run, sourceLocation: sourceLocation)
    #expect(run.text == "", sourceLocation: sourceLocation)
    #expect(
      reasons.contains { run.errors.hasPrefix("bidual: not verified: \($0)") }, "\(run.errors)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: Trained.allCases)
  func resealedTruthIsAccepted(_ trained: Trained) throws {
    expectStatus(0, try Parts(trained).verify())
  }

  /// An objective that is too small is false; one that is too large only says less.
  @Test(arguments: Trained.allCases, [1 + 1e-3, 1 + 1e-6, 1 + 1e-12])
  func falseObjective(_ trained: Trained, factor: Double) throws {
    var parts = try Parts(trained)
    parts.objective *= factor
    expectStatus(0, try parts.verify())
    parts.objective /= factor * factor
    parts.lowerBound = min(parts.lowerBound, parts.objective)
    try expectRefused(parts, "the objective is ")
  }

  @Test(arguments: Trained.allCases)
  func falseLowerBound(_ trained: Trained) throws {
    let truth = try Parts(trained)
    for claim in [truth.objective, truth.lowerBound * (1 + 1e-9), truth.lowerBound * (1 + 1e-12)] {
      var parts = truth
      parts.lowerBound = claim
      try expectRefused(parts, "the lower bound is ")
    }
    for claim in [truth.lowerBound.nextDown, truth.lowerBound * (1 - 1e-3), 0, -1] {
      var parts = truth
      parts.lowerBound = claim
      expectStatus(0, try parts.verify())
    }
  }

  @Test(arguments: Trained.allCases, [1 + 1e-3, 1 - 1e-3, -1, 0])
  func falseScale(_ trained: Trained, factor: Double) throws {
    var parts = try Parts(trained)
    parts.dualScale *= factor
    try expectRefused(parts, "the dual scale is ", "the lower bound is ")
  }

  @Test(arguments: Trained.allCases, [1 + 1e-3, 1 - 1e-3, 2, -1])
  func falsePolarBoundAlone(_ trained: Trained, factor: Double) throws {
    var parts = try Parts(trained)
    parts.polarBound *= factor
    try expectRefused(
      parts,
      factor < 0
        ? "the certificate holds a number"
        : factor > 1 ? "the dual scale is " : "the dual point's polar is not at most ")
  }

  /// The strongest forgery: every number follows from the others, and only the polar is false. The
  /// lower bound then lies above the optimum, though below the objective of a poor network.
  @Test(arguments: Trained.allCases, [0, 0.5, 0.99, 1 - 1e-4, 1 - 1e-6])
  func falsePolarBoundWithAllElseConsistent(_ trained: Trained, factor: Double) throws {
    var parts = try Parts(trained)
    let reached = parts.reachedPolar
    #expect(reached <= parts.polarBound)
    try parts.replaceNetwork(by: TwoLayerNetwork.zero(inputs: parts.model.network.twoLayer!.hidden.columns))
    try parts.claimPolar(reached * factor)
    try expectRefused(parts, "the dual point's polar is not at most ")
  }

  @Test(arguments: Trained.allCases)
  func poorNetworkWithATruePolarBoundIsAccepted(_ trained: Trained) throws {
    var parts = try Parts(trained)
    try parts.replaceNetwork(by: TwoLayerNetwork.zero(inputs: parts.model.network.twoLayer!.hidden.columns))
    try parts.claimPolar(parts.polarBound)
    expectStatus(0, try parts.verify())
  }

  /// A dual point that would prove the zero network optimal, were it feasible.
  @Test(arguments: Trained.allCases)
  func infeasibleDualPoint(_ trained: Trained) throws {
    var parts = try Parts(trained)
    try parts.replaceNetwork(by: TwoLayerNetwork.zero(inputs: parts.model.network.twoLayer!.hidden.columns))
    parts.dualPoint = parts.dataset.targets
    try parts.claimPolar(parts.model.beta)
    #expect(parts.lowerBound > 0.999 * parts.objective)
    try expectRefused(parts, "the dual point's polar is not at most ")
  }

  @Test(arguments: Trained.allCases)
  func alteredDualPoint(_ trained: Trained) throws {
    let truth = try Parts(trained)
    let predictions = truth.model.network.predictions(
      truth.model.preprocessing.design(for: truth.dataset.features))
    for index in truth.dualPoint.indices {
      var parts = truth
      // Against the prediction, which is the slope of the lower bound; the other way the polar grows too large.
      for step in predictions[index] > 0 ? [-1e-3, 1e-3] : [1e-3, -1e-3] {
        parts.dualPoint[index] = truth.dualPoint[index] + step
        let run = try parts.verify()
        if run.status == 0 {
          // The altered point proves as much.
          let proven = try #require(try JSONValue(parts.verify(["--json"]).output)["lowerBound"]?.double)
          #expect(proven >= truth.lowerBound * (1 - 1e-12) && proven <= truth.objective)
        } else {
          expectStatus(3, run)
        }
      }
    }
    var parts = truth
    parts.dualPoint = truth.dualPoint.map { $0 * (1 - 1e-3) }
    try expectRefused(parts, "the lower bound is ")
    parts.dualPoint = truth.dualPoint.map { $0 * (1 + 1e-3) }
    try expectRefused(
      parts, "the dual point's polar is not at most ", "the lower bound that the claimed polar ")
  }

  @Test(arguments: Trained.allCases, [-1, 1])
  func dualPointOfAnotherLength(_ trained: Trained, by change: Int) throws {
    var parts = try Parts(trained)
    let samples = parts.dualPoint.count
    if change < 0 { parts.dualPoint.removeLast() } else { parts.dualPoint.append(0) }
    try expectRefused(parts, "the dual point has \(samples + change) entries for \(samples) samples\n")
  }

  @Test(arguments: Trained.allCases, [Certificate.Scope.restricted, .none])
  func smallerScope(_ trained: Trained, _ scope: Certificate.Scope) throws {
    var parts = try Parts(trained)
    parts.scope = scope
    try expectRefused(
      parts,
      "the certificate's scope is '\(scope.rawValue)', but what can be proven here is 'global'\n")
  }

  @Test(arguments: Trained.allCases)
  func alteredTargets(_ trained: Trained) throws {
    let truth = try Parts(trained)
    for index in stride(from: 0, to: truth.dataset.samples, by: 5) {
      var parts = truth
      var targets = truth.dataset.targets
      targets[index] += 0.25
      parts.dataset = try Dataset(
        features: truth.dataset.features, targets: targets, featureNames: truth.dataset.featureNames)
      try expectRefused(parts, "the objective is ", "the lower bound is ")
    }
  }

  @Test(arguments: Trained.allCases)
  func alteredNetwork(_ trained: Trained) throws {
    let truth = try Parts(trained)
    var network = truth.model.network.twoLayer!
    network.output[0] *= 1.01
    var parts = truth
    try parts.replaceNetwork(by: network)
    parts.objective = truth.objective
    try expectRefused(parts, "the objective is ")
  }

  @Test(arguments: Trained.allCases, [1 + 1e-3, 1 - 1e-3])
  func alteredBeta(_ trained: Trained, factor: Double) throws {
    var parts = try Parts(trained)
    let model = parts.model
    parts.model = try Model(
      featureNames: model.featureNames, targetNames: model.targetNames, preprocessing: model.preprocessing,
      network: model.network, loss: model.loss, beta: model.beta * factor)
    try expectRefused(parts, factor > 1 ? "the objective is " : "the dual scale is ")
  }

  /// A network whose predictions overflow has no finite objective, whatever the certificate claims.
  @Test(arguments: Trained.allCases)
  func overflowingNetwork(_ trained: Trained) throws {
    var parts = try Parts(trained)
    let claimed = parts.objective
    var network = parts.model.network.twoLayer!
    for k in 0..<network.hidden.columns { network.hidden[0, k] = 1e200 }
    network.output[0] = 1e200
    try parts.replaceNetwork(by: network)
    #expect(parts.objective == .infinity)
    parts.objective = claimed
    try expectRefused(parts, "the objective is not finite")
  }
}

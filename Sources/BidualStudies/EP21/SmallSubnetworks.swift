import Bidual

/// A small certified three-layer network whose sub-networks EP21's diagrams can be drawn of.
enum SmallSubnetworks {
  static let settings = [
    StudySetting("samples", .proposed, "Gaussian samples", 20),
    StudySetting("features", .proposed, "features", 2),
    StudySetting("width", .proposed, "units m₁ of a sub-network", 2),
    StudySetting("subnetworks", .stated, "sub-networks of the teacher, and the most that are trained", 3),
    StudySetting("beta-ratio", .proposed, "β over the largest that is of use", 0.05),
    StudySetting("seconds", .proposed, "limit for training", 30, quick: 8),
  ]

  /// The network with the data that it was trained on.
  static func trained(_ run: StudyRun) throws -> (dataset: Dataset, network: ThreeLayerNetwork) {
    let width = run.count("width")
    let dataset = try ParallelTeacher.dataset(
      samples: run.count("samples"), features: run.count("features"), width: width,
      subnetworks: run.count("subnetworks"), seed: run.seed)
    var training = Training(
      beta: .ratio(run.number("beta-ratio")), gap: 1e-4, architecture: .threeLayer(width: width))
    training.subnetworkLimit = run.count("subnetworks")
    let result = try run.prove(
      "optimum", on: StudySubject(panel: "", dataset: dataset), with: training, seconds: run.number("seconds")
    )
    guard let network = result.outcome.network as? ThreeLayerNetwork else {
      preconditionFailure("three-layer networks were asked for")
    }
    return (dataset, network)
  }
}

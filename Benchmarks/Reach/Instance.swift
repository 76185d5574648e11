import Bidual

/// A table of data with a trained network's dual point: what a proof has to bound.
struct Instance {
  let name: String
  let problem: TrainingProblem
  let network: any Network
  let dualPoint: [Double]
  /// The rows of the design in their span.
  let rows: Matrix
  /// Σ|Vᵢ|‖xᵢ‖/β, which governs how hard the proof is.
  let size: Double

  /// Trains without a proof, with bias and standardisation, at a share of β_max; the last column is the target.
  init(path: String, ratio: Double, seconds: Double) throws {
    let table = try CSVReader().table(path: path)
    let dataset = try table.dataset(target: table.names.last!, features: Array(table.names.dropLast()))
    let training = Training(
      beta: .ratio(ratio), gap: 1e-6, bias: true, standardize: true, method: .local)
    let result = try training.fit(dataset, stop: StopSignal(timeLimit: .seconds(seconds)))
    name = String(path.split(separator: "/").last ?? "")
    problem = try result.model.problem(on: dataset)
    network = result.model.network
    dualPoint = problem.dualPoint(network.predictions(problem.design))
    rows = RowSpace(of: problem.design).coordinates
    size = zip(dualPoint, rows.rowNorms).reduce(0) { $0 + abs($1.0) * $1.1 } / problem.beta
  }

  /// The gap of the network's objective that a bound of the dual point's polar proves.
  func gap(polarBound: Double) -> Double {
    let certifier = Certifier(problem)
    let objective = certifier.objective(of: network)
    return (objective - certifier.lowerBound(dualPoint, polarBound: polarBound).value) / objective
  }
}

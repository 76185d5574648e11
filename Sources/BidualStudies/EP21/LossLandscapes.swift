import Bidual

/// EP21's Figure 2: the objective around a trained network, for few and for many sub-networks.
struct LossLandscapes: Study {
  let id = "ep21-fig2"
  let title = "Loss landscapes of parallel three-layer networks"
  let system = "Objective (5) on random planes through what Adam found."
  let remark =
    "The paper shows two surfaces; how their planes were chosen is not in the text. 'Closer to convex' is made a number: the share of random segments of the plane whose middle lies above the mean of its ends, and the number of strict local minima of the grid. A plane says nothing of what lies outside it."
  let settings = [
    StudySetting("samples", .stated, "Gaussian samples", 100),
    StudySetting("features", .stated, "features", 10),
    StudySetting("width", .stated, "units m₁ of a sub-network, of the teacher's too", 10),
    StudySetting("teacher-subnetworks", .proposed, "sub-networks of the teacher", 1),
    StudySetting(
      "subnetworks", .proposed, "sub-networks K; 1 and 50 are the paper's", [1, 2, 5, 10, 50],
      quick: [1, 5, 50]),
    StudySetting("beta", .proposed, "weight of β/2·Σ(‖w₂‖² + w₃²)", 1e-3),
    StudySetting("rate", .proposed, "learning rate of Adam", 0.01),
    StudySetting("epochs", .proposed, "epochs of Adam, all samples a step", 2000, quick: 300),
    StudySetting("trials", .proposed, "random starts and planes", 5, quick: 2),
    StudySetting("grid", .proposed, "points on a side", 51, quick: 21),
    StudySetting("segments", .proposed, "random segments of a plane", 10_000, quick: 2000),
  ]

  func run(_ run: StudyRun) throws {
    let dataset = try ParallelTeacher.dataset(
      samples: run.count("samples"), features: run.count("features"), width: run.count("width"),
      subnetworks: run.count("teacher-subnetworks"), seed: run.seed)
    let problem = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, beta: run.number("beta"),
      architecture: ThreeLayer(width: run.count("width")))
    var points = TextRows(["K", "seed", "a", "b", "objective"])
    var indices = TextRows(["K", "seed", "failing_segments", "strict_minima"])
    var middles: [(count: Int, share: Double)] = []
    for count in run.counts("subnetworks") {
      let subject = StudySubject(panel: "K = \(count)", dataset: dataset)
      var options = GradientTraining.Options()
      (options.start, options.width, options.maximumEpochs) = (.uniform, count, run.count("epochs"))
      options.learningRate = run.number("rate")
      let networks = try run.descend(
        "Adam", on: subject, problem: problem, options: options, trials: run.count("trials"))
      var shares: [Double] = []
      for (trial, network) in networks.enumerated() {
        guard let network = network as? ThreeLayerNetwork else { continue }
        var random = SeededGenerator(seed: run.seed + UInt64(trial))
        let plane = WeightPlane(through: network, using: &random)
        let grid = LandscapeGrid(size: max(3, run.count("grid"))) { a, b in
          problem.objective(plane.network(a, b))
        }
        for index in grid.values.indices {
          let (a, b) = grid.point(index)
          points.append(["\(count)", "\(trial)", "\(a)", "\(b)", "\(grid.values[index])"])
        }
        let share = grid.failingShare(segments: run.count("segments"), using: &random)
        shares.append(share)
        indices.append(["\(count)", "\(trial)", "\(share)", "\(grid.strictMinima)"])
        if trial == 0 {
          run.add("landscape-\(count)", grid.plot("Objective around a trained network, K = \(count)"))
        }
      }
      if let middle = shares.median { middles.append((count, middle)) }
    }
    run.add("landscape", points)
    run.add("convexity", indices)
    let sorted = middles.sorted { $0.count < $1.count }
    guard let first = sorted.first, let last = sorted.last, first.count < last.count else { return }
    run.add(
      Claim(
        "with more sub-networks the landscape is closer to convex",
        measured: sorted.map { "K = \($0.count): \(StudyText.short(100 * $0.share)) %" }
          .joined(separator: ", ") + " of segments above their ends",
        holds: last.share < first.share))
  }
}

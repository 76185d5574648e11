import Bidual
import BidualPlots

/// Labels by a circle: SGD beside the optimum over all patterns and over some, PE20's Figures 3 and 6.
struct CircleTrials: Study {
  /// Whether one of the outer points is moved close to an inner one.
  let isHard: Bool

  var id: String { isHard ? "pe20-fig6" : "pe20-fig3" }
  var title: String {
    "SGD, all patterns and some patterns on points in and around a circle"
      + (isHard ? ", one point moved among the others" : "")
  }
  let system =
    "Program (8) with the hinge loss (Theorem 5), and over a random subset of the patterns (Remark 3.2)."
  let settings = [
    StudySetting("samples", .stated, "points", 50),
    StudySetting("beta", .proposed, "weight of the penalty beside the mean hinge loss", 1e-4),
    StudySetting("width", .stated, "neurons of SGD, and patterns of the subset", 50),
    StudySetting("batch", .stated, "samples a step", 25),
    StudySetting("trials", .stated, "random starts", 10, quick: 3),
    StudySetting("epochs", .proposed, "passes over the data", 5000, quick: 1000),
    StudySetting(
      "rates", .proposed, "learning rates, of which the first trial picks one", [1, 0.3, 0.1, 0.03, 0.01]),
    StudySetting("grid", .proposed, "points a side of the grid of predictions", 200, quick: 60),
  ]
  let remark =
    "Points and labels are not stated: standard Gaussian points with a column of ones, labels by the circle of radius 1. The subset is drawn evenly from all chambers."

  func run(_ run: StudyRun) throws {
    let subject = try subject(run)
    let beta = subject.beta(run.number("beta"))
    let width = run.count("width")
    let problem = try TrainingProblem(
      design: subject.dataset.features, targets: subject.dataset.targets, loss: HingeLoss(), beta: beta)
    let training = Training(loss: HingeLoss(), beta: .value(beta), gap: 1e-3)
    let optimum = try run.prove("optimal", on: subject, with: training, seconds: 30)
    var some = training
    (some.patterns, some.seed) = (.given([.source(ChamberGates(draws: width))]), run.seed)
    let approximate = try run.prove("approximate", on: subject, with: some, seconds: 30, patterns: width)
    var options = GradientTraining.Options()
    (options.rule, options.start, options.batchSize) = (.plain, .uniform, run.count("batch"))
    (options.width, options.maximumEpochs) = (width, run.count("epochs"))
    options.learningRate = try run.bestRate(of: run.numbers("rates"), for: problem, options: options)
    let networks = try run.descend(
      "SGD", on: subject, problem: problem, options: options, trials: run.count("trials"))
    run.add("objective", CurvePlot(title: "Objective", panel: "").plot(of: run))
    var predictors: [(String, (Matrix) -> [Double])] = [
      ("optimal", { optimum.model.predictions($0) }), ("approximate", { approximate.model.predictions($0) }),
    ]
    if let first = networks.first { predictors.append(("SGD", first.predictions)) }
    addBoundaries(predictors, subject, run)
    addClaims(run)
  }

  private func subject(_ run: StudyRun) throws -> StudySubject {
    var random = SeededGenerator(seed: run.seed)
    var points = (0..<run.count("samples")).map { _ in [random.nextGaussian(), random.nextGaussian()] }
    let labels = points.map { $0[0] * $0[0] + $0[1] * $0[1] > 1 ? 1.0 : -1 }
    if isHard, let (inner, outer) = Self.nearest(points, labels) {
      points[inner] = [points[outer][0] + 0.1, points[outer][1]]
    }
    let dataset = try Dataset(
      features: Matrix(points.map { $0 + [1] }), targets: labels, featureNames: ["x1", "x2", "one"])
    return StudySubject(panel: "", dataset: dataset, score: .accuracy, factor: 1 / Double(points.count))
  }

  /// The negative point and the positive one that are nearest to one another.
  private static func nearest(_ points: [[Double]], _ labels: [Double]) -> (Int, Int)? {
    let negatives = points.indices.filter { labels[$0] < 0 }
    let positives = points.indices.filter { labels[$0] > 0 }
    return negatives.flatMap { i in positives.map { (i, $0) } }.min { a, b in
      distance(points[a.0], points[a.1]) < distance(points[b.0], points[b.1])
    }
  }

  private static func distance(_ x: [Double], _ y: [Double]) -> Double {
    norm(zip(x, y).map { $0 - $1 })
  }

  private func addBoundaries(
    _ predictors: [(String, (Matrix) -> [Double])], _ subject: StudySubject, _ run: StudyRun
  ) {
    let side = run.count("grid")
    let reach = 3.0
    let places = (0..<side).map { reach * (2 * Double($0) / Double(max(1, side - 1)) - 1) }
    let grid = Matrix(places.flatMap { y in places.map { [$0, y, 1] } })
    let heights = predictors.map { $0.1(grid) }
    var rows = TextRows(["x1", "x2"] + predictors.map(\.0))
    for i in 0..<grid.rows {
      rows.append(["\(grid[i, 0])", "\(grid[i, 1])"] + heights.map { "\($0[i])" })
    }
    run.add("grid", rows)
    let inks: [Ink] = [.blue, .green, .orange]
    func points(_ sign: Double) -> [Mark.Point] {
      (0..<subject.dataset.samples).filter { subject.dataset.targets[$0] == sign }.map {
        Mark.Point(subject.dataset.features[$0, 0], subject.dataset.features[$0, 1])
      }
    }
    let lines = heights.enumerated().map { k, heights in
      Mark.line(ZeroLevel(heights, at: places).points, inks[k % inks.count])
    }
    run.add(
      "boundaries",
      Plot(
        "Decision boundaries", description: "Where the networks' predictions change sign, with the points.",
        x: Axis("x1", holding: [-reach, reach]), y: Axis("x2", holding: [-reach, reach]),
        marks: lines + [.points(points(-1), .vermilion), .points(points(1), .grey)],
        legend: predictors.enumerated().map { (inks[$0 % inks.count], $1.0) }))
  }

  private func addClaims(_ run: StudyRun) {
    guard let optimal = run.end(of: "optimal", in: ""), let some = run.end(of: "approximate", in: "") else {
      return
    }
    let ends = run.ends(of: "SGD", in: "")
    let best = ends.min() ?? .infinity
    let excess = { (value: Double) in StudyText.short(100 * (value / optimal.objective - 1)) + " %" }
    run.add(
      Claim(
        isHard
          ? "all trials of SGD end above the optimum by 10 % or more"
          : "SGD ends slightly above the optimum, most trials within 50 %",
        measured: "above it: best \(excess(best)), middle \(excess(ends.median ?? .infinity))",
        holds: isHard
          ? best >= 1.1 * optimal.objective
          : best > optimal.objective && (ends.median ?? .infinity) <= 1.5 * optimal.objective))
    run.add(
      Claim(
        isHard ? "all trials end above the subset's optimum" : "the subset's optimum can be below SGD",
        measured: "the subset's optimum is \(excess(some.objective)) above that of all",
        holds: isHard ? best > some.objective : (ends.max() ?? 0) > some.objective))
  }
}

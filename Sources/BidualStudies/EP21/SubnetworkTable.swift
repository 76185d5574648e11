import Bidual
import BidualPlots

/// EP21's Table 1: six small sets, SGD on three-layer networks beside convex programs.
struct SubnetworkTable: Study {
  let id = "ep21-table1"
  let title = "SGD and convex programs of three layers on six small sets"
  let system =
    "Program (13) as printed, the corrected program with at most K sub-networks and with any number, the exact two-layer optimum, and SGD on (5)."
  let remark =
    "The split, the coding of labels and the measure of the test error are not in the text; features are those of the collection of 121 sets, labels the numbers from 0, the error the mean square. With β = 0.1 the two acute rows lie below what every network costs (lengths of the samples alone show it), so that absolute values can't be compared; the order of the methods is what is tested. (13) as printed has the optimum of two layers. (15) understates the number of patterns, which is of order n^(2·m₁·r). With m₁ = 7 the lower bounds are valid and wide."
  var files: [String] { Self.sets.map(\.file) }
  let settings = [
    StudySetting("width", .stated, "units m₁ of a sub-network", 7),
    StudySetting("subnetworks", .stated, "sub-networks K of SGD and of the limited program", 10),
    StudySetting("beta", .stated, "weight of β/2·Σ(‖w₂‖² + w₃²)", 0.1),
    StudySetting("splits", .proposed, "random splits, 80 % for training", 10, quick: 1),
    StudySetting(
      "rates", .proposed,
      "learning rates of SGD, the gradient's mean over a batch, of which the best is taken",
      [0.01, 0.03, 0.1, 0.3], quick: [0.03, 0.1]),
    StudySetting("epochs", .proposed, "epochs of SGD", 3000, quick: 300),
    StudySetting("seconds", .proposed, "limit for each program", 8, quick: 1),
  ]

  /// A set with what the paper prints: objectives and test errors of SGD and of (13).
  private struct PrintedRow {
    let file: String
    let name: String
    let objective: (descent: Double, convex: Double)
    let error: (descent: Double, convex: Double)
  }

  private static let sets = [
    PrintedRow(
      file: "uci121/acute_inflammation.csv", name: "acute inflammation", objective: (0.0029, 0.0013),
      error: (0.0224, 0.0217)),
    PrintedRow(
      file: "uci121/acute_nephritis.csv", name: "acute nephritis", objective: (0.0039, 0.0021),
      error: (0.0198, 0.0192)),
    PrintedRow(
      file: "uci121/balloons.csv", name: "balloons", objective: (0.7901, 0.6695), error: (0.2693, 0.1496)),
    PrintedRow(
      file: "uci121/breast_tissue.csv", name: "breast tissue", objective: (0.5219, 0.3979),
      error: (1.4082, 1.0377)),
    PrintedRow(
      file: "uci121/fertility.csv", name: "fertility", objective: (0.125, 0.1224), error: (0.3551, 0.505)),
    PrintedRow(
      file: "uci121/pittsburg_bridges_span.csv", name: "bridges, span", objective: (0.1723, 0.1668),
      error: (1.4373, 1.3112)),
  ]

  private static let methods = ["SGD", "(13)", "ours, at most K", "ours"]

  func run(_ run: StudyRun) throws {
    var rows = TextRows(
      ["set", "printed_sgd", "printed_convex", "least_by_lengths"]
        + Self.methods.flatMap { ["\($0) objective", "\($0) test error"] }
        + ["two layers objective", "objective, at most K less SGD", "test error, at most K less SGD"])
    var wins = (objective: 0, error: 0)
    for set in Self.sets {
      let table = try TableReader().table(path: run.path(set.file))
      let data = try table.dataset(target: table.names.last ?? "")
      var panels: [String] = []
      var floor = Double.infinity
      for split in 0..<run.count("splits") {
        let subject = try subject(of: data, set: set, split: split, run: run)
        floor = min(floor, LengthBound.value(subject.dataset, beta: run.number("beta")))
        panels.append(subject.panel)
        try add(subject, to: run)
      }
      func middle(_ method: String, _ value: (FinalRow) -> Double?, among panels: [String]) -> Double? {
        run.finals.filter { $0.method == method && panels.contains($0.panel) }.compactMap(value).mean
      }
      func difference(_ value: (FinalRow) -> Double?) -> PairedDifference? {
        let scores = ["ours, at most K", "SGD"].map { method in
          panels.compactMap { panel in
            run.finals.first { $0.method == method && $0.panel == panel }.flatMap(value)
          }
        }
        return PairedDifference(scores[0], less: scores[1])
      }
      let differences = [difference(\.objective), difference(\.testScore)].map { $0?.text ?? "" }
      let ends = Self.methods.map { middle($0, \.objective, among: panels) }
      let errors = Self.methods.map { middle($0, \.testScore, among: panels) }
      rows.append(
        [set.name, "\(set.objective.descent)", "\(set.objective.convex)", StudyText.short(floor)]
          + zip(ends, errors).flatMap { [StudyText.short($0), StudyText.short($1)] }
          + [StudyText.short(middle("two layers", \.objective, among: panels.map(twoLayers)))]
          + differences)
      run.add(StudyName.file(set.name), plot(set, of: panels, in: run))
      addClaims(run, set, ends: ends, errors: errors, differences: differences, floor: floor)
      if let ours = ends[2], let descent = ends[0], ours <= descent { wins.objective += 1 }
      if let ours = errors[2], let descent = errors[0], ours <= descent { wins.error += 1 }
    }
    run.add("table", rows)
    run.add(
      Claim(
        "the convex program ends lower than SGD on all six sets", printed: "6",
        measured: "\(wins.objective), with at most K sub-networks", holds: wins.objective == 6))
    run.add(
      Claim(
        "its test error is lower on five of six", printed: "5", measured: "\(wins.error)",
        holds: wins.error >= 5))
  }

  private func twoLayers(_ panel: String) -> String { panel + ", two layers" }

  /// Four fifths of the rows for training, the others held out.
  private func subject(of data: Dataset, set: PrintedRow, split: Int, run: StudyRun) throws(DataError)
    -> StudySubject
  {
    var random = SeededGenerator(seed: run.seed + UInt64(split))
    let order = (0..<data.samples).shuffled(using: &random)
    let cut = data.samples * 4 / 5
    return StudySubject(
      panel: "\(set.name), split \(split)", dataset: try data.selectingRows(order[..<cut].sorted()),
      heldOut: try data.selectingRows(order[cut...].sorted()))
  }

  private func add(_ subject: StudySubject, to run: StudyRun) throws {
    let beta = run.number("beta")
    let seconds = run.number("seconds")
    let (width, count) = (run.count("width"), run.count("subnetworks"))
    var training = Training(
      beta: .value(beta), gap: 1e-3, seed: run.seed, threads: run.threads)
    try run.prove(
      "two layers", on: subject.named(twoLayers(subject.panel)), with: training, seconds: seconds)
    training.architecture = .threeLayer(width: width)
    try run.prove("ours", on: subject, with: training, seconds: seconds)
    training.subnetworkLimit = count
    try run.prove("ours, at most K", on: subject, with: training, seconds: seconds)
    training.subnetworkLimit = nil
    training.method = .ergenPilanci13
    try run.prove("(13)", on: subject, with: training, seconds: seconds)
    var options = GradientTraining.Options()
    (options.rule, options.start, options.width) = (.plain, .uniform, count)
    options.batchSize = max(1, subject.dataset.samples / 8)
    options.maximumEpochs = run.count("epochs")
    try run.descend(
      "SGD", on: subject,
      problem: try TrainingProblem(
        design: subject.dataset.features, targets: subject.dataset.targets, beta: beta,
        architecture: ThreeLayer(width: width)),
      options: options, rates: run.numbers("rates"), trials: 1)
  }

  private func addClaims(
    _ run: StudyRun, _ set: PrintedRow, ends: [Double?], errors: [Double?], differences: [String],
    floor: Double
  ) {
    if let descent = ends[0], let ours = ends[2] {
      run.add(
        Claim(
          "\(set.name): the convex program ends lower than SGD",
          printed: "\(set.objective.convex) and \(set.objective.descent)",
          measured:
            "\(StudyText.short(ours)) and \(StudyText.short(descent)); difference \(differences[0])",
          holds: ours <= descent))
    }
    if let descent = errors[0], let ours = errors[2] {
      let printedWins = set.error.convex <= set.error.descent
      run.add(
        Claim(
          "\(set.name): the test error of \(printedWins ? "the convex program" : "SGD") is the lower one",
          printed: "\(set.error.convex) and \(set.error.descent)",
          measured:
            "\(StudyText.short(ours)) and \(StudyText.short(descent)); difference \(differences[1])",
          holds: (ours <= descent) == printedWins))
    }
    let isPossible = set.objective.convex >= floor
    run.add(
      Claim(
        "\(set.name): the printed objective is one of the stated problem", printed: "\(set.objective.convex)",
        measured: isPossible
          ? "\(ends[2].map { StudyText.short($0) } ?? "nothing") of ours; the printed scaling is not known"
          : "no network ends below \(StudyText.short(floor)) here", .notComparable))
  }

  private func plot(_ set: PrintedRow, of panels: [String], in run: StudyRun) -> Plot {
    let inks: [Ink] = [.orange, .grey, .sky, .blue]
    var marks: [Mark] = []
    var heights: [Double] = []
    for (place, method) in Self.methods.enumerated() {
      let ends = panels.flatMap { run.ends(of: method, in: $0) }
      heights += ends
      marks.append(.points(ends.map { Mark.Point(Double(place), $0) }, inks[place]))
    }
    return Plot(
      "Objectives, \(set.name)", description: "Where the methods end on each split of \(set.name).",
      x: Axis("method", categories: Self.methods), y: Axis("objective", .logarithmic, holding: heights),
      marks: marks)
  }
}

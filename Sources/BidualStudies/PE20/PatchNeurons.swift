import Bidual
import BidualPlots

/// How far the neurons of a convex program are from those of SGD: PE20's Figure 11.
struct PatchNeurons: Study {
  let id = "pe20-fig11"
  let title = "Distances of convex neurons to those of SGD"
  let system =
    "The program over SGD's patterns and those of clustered patches (A.1), neuron by neuron; the same settings as Figure 10."
  let files = SplitSamples.imageFiles
  let settings =
    PatchImages.settings(
      with: StudySetting("near", .proposed, "distance up to which neurons count as one", 0.1))
    + [
      StudySetting("beta", .proposed, "weight of the penalty beside the mean loss", 0.3),
      StudySetting("limit", .proposed, "seconds for the program", 120, quick: 10),
    ]
  let remark =
    "Which neurons stand on which axis, and in what order, is not stated: SGD's neurons are columns, the largest output weight first, and a row is the vector of a pattern, SGD's patterns in that order and then the clusters'. Vectors have length 1, so that distances are from 0 to 2."

  /// A vector of the program.
  private struct Row {
    let isNegative: Bool
    /// The neuron of SGD whose pattern it is; nil for a cluster's.
    let neuron: Int?
    let pattern: Int
    let distances: [Double]

    var source: String { neuron == nil ? "cluster" : "SGD" }
  }

  func run(_ run: StudyRun) throws {
    let images = try PatchImages(run, beta: run.number("beta"))
    var options = images.options
    options.learningRate = try run.bestRate(
      of: run.numbers("rates"), for: images.problem, options: options)
    let networks = try run.descend(
      "SGD", on: images.subject, problem: images.problem, options: options, trials: 1)
    guard let network = networks.first, let filters = PatchImages.filters(network) else { return }
    let order = filters.output.indices.sorted {
      (abs(filters.output[$1]), $0) < (abs(filters.output[$0]), $1)
    }
    let hidden = filters.hidden.selectingRows(order)
    let rows = try rows(images, hidden: hidden, run)
    addMatrix(rows, run)
    addClaims(rows, signs: order.map { filters.output[$0] < 0 }, run)
  }

  private func rows(_ images: PatchImages, hidden: Matrix, _ run: StudyRun) throws -> [Row] {
    let choices: [PatternChoice] = [
      .source(GivenGates(rows: hidden)),
      .source(ClusterGates(clusters: run.count("clusters"), bisects: false)),
    ]
    let collection = try PatternChoice.collection(choices, for: images.problem, seed: run.seed)
    var owners: [Int: Int] = [:]
    for j in (0..<hidden.rows).reversed() {
      let pattern = ActivationPattern(preActivations: collection.data.times(Array(hidden.row(j))))
      if let place = collection.patterns.firstIndex(of: pattern) { owners[place] = j }
    }
    let solution = try run.prove(
      "Alg1, SGD and clusters", on: images.subject, problem: images.problem, patterns: collection,
      seconds: run.number("limit"))
    let units = (0..<hidden.rows).map { Array(hidden.row($0)).normalized }
    return solution.blocks.map { block in
      let vector = block.vector.normalized
      return Row(
        isNegative: block.sign < 0, neuron: owners[block.pattern], pattern: block.pattern,
        distances: units.map { norm(zip($0, vector).map(-)) })
    }.sorted { ($0.neuron ?? .max, $0.pattern) < ($1.neuron ?? .max, $1.pattern) }
  }

  private func addMatrix(_ rows: [Row], _ run: StudyRun) {
    var table = TextRows(["sign", "i", "j", "source", "distance"])
    for isNegative in [false, true] {
      let (sign, own) = (isNegative ? "w" : "v", rows.filter { $0.isNegative == isNegative })
      for (i, row) in own.enumerated() {
        for (j, distance) in row.distances.enumerated() {
          table.append([isNegative ? "-1" : "1", "\(i)", "\(j)", row.source, "\(distance)"])
        }
      }
      run.add("distances-\(sign)", heatmap(own, sign))
    }
    run.add("matrix", table)
    run.add("least", histogram(rows))
  }

  private func heatmap(_ rows: [Row], _ sign: String) -> Plot {
    let columns = rows.first?.distances.count ?? 0
    // From blue at 0 through white at right angles to orange at 2.
    var cells: [(x: Double, y: Double, share: Double)] = []
    for (i, row) in rows.enumerated() {
      for (j, distance) in row.distances.enumerated() {
        cells.append((Double(j), Double(rows.count - 1 - i), 1 - 0.5 * distance * distance))
      }
    }
    return Plot(
      "Convex neurons \(sign) and SGD's",
      description:
        "Cosines of the angles between \(rows.count) convex neurons, from above, and \(columns) neurons of SGD: blue where they are one, orange where they are opposite.",
      x: Axis("neuron of SGD", holding: [-0.5, Double(columns) - 0.5]),
      y: Axis("convex neuron, from above", holding: [-0.5, Double(rows.count) - 0.5]),
      marks: [.cells(cells, width: 1, height: 1)])
  }

  private func histogram(_ rows: [Row]) -> Plot {
    let bins = 20
    let width = 2 / Double(bins)
    func columns(_ source: String, _ shift: Double) -> [Mark.Point] {
      let least = rows.filter { $0.source == source }.compactMap { $0.distances.min() }
      return (0..<bins).map { bin in
        let count = least.count { min(Int($0 / width), bins - 1) == bin }
        return Mark.Point((Double(bin) + 0.5 + shift) * width, Double(count))
      }
    }
    let (descent, clusters) = (columns("SGD", -0.2), columns("cluster", 0.2))
    return Plot(
      "Nearest neuron of SGD",
      description: "How far convex neurons are from the nearest one of SGD, by source.",
      x: Axis("distance", holding: [0, 2]),
      y: Axis("convex neurons", holding: [0] + (descent + clusters).map(\.y)),
      marks: [
        .columns(descent, width: 0.4 * width, .orange), .columns(clusters, width: 0.4 * width, .blue),
      ], legend: [(.orange, "SGD's patterns"), (.blue, "clusters' patterns")])
  }

  private func addClaims(_ rows: [Row], signs: [Bool], _ run: StudyRun) {
    let near = run.number("near")
    func claim(_ text: String, measured: String, of found: [Double], _ share: Double) -> Claim {
      guard !found.isEmpty else {
        return Claim(text, measured: "the program found no such neuron in its time", .notComparable)
      }
      return Claim(text, measured: measured, tolerance: "half of them", holds: share >= 0.5)
    }
    let own = rows.compactMap { row in
      row.neuron.flatMap { signs[$0] == row.isNegative ? row.distances[$0] : nil }
    }
    let share = Double(own.count { $0 <= near }) / Double(max(1, own.count))
    run.add(
      claim(
        "convex neurons on SGD's patterns are those of SGD",
        measured:
          "\(own.count) have its sign, \(StudyText.short(100 * share)) % of them within \(StudyText.short(near)), the middle one at \(StudyText.short(own.median))",
        of: own, share))
    let others = rows.filter { $0.neuron == nil }.compactMap { $0.distances.min() }
    let apart = Double(others.count { $0 > near }) / Double(max(1, others.count))
    run.add(
      claim(
        "those on clusters' patterns are not",
        measured:
          "\(others.count), \(StudyText.short(100 * apart)) % of them farther from every neuron of SGD",
        of: others, apart))
  }
}

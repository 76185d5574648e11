import Bidual
import BidualPlots

/// SGD beside the optimum on random designs: W25's Figures 5, 6 and 7.
struct RandomDesigns: Study {
  let figure: Int
  let samples: Int
  let width: Int

  var id: String { "w25-fig\(figure)" }
  var title: String { "Random designs of \(samples) samples, \(width) neurons" }
  let system = "Program (2.4), Theorem 2.1; SGD on the non-convex objective, one sample a step."
  var settings: [StudySetting] {
    [
      StudySetting("beta", .stated, "weight of β/2·Σ(‖u‖² + ω²) beside the mean squared error", 1e-3),
      StudySetting("rate", .stated, "learning rate", 0.01),
      StudySetting("designs", .stated, "random designs, each with one trial", 50, quick: 10),
      StudySetting("epochs", .stated, "passes over the data", 6000, quick: samples > 10 ? 300 : 1500),
    ]
  }
  let remark =
    "The essay draws optima and ends of SGD from different designs, and its loss compares every prediction with every target, which has the variance of the labels for a floor: hence its values near 0.7 and 1. Here both are of the same design, each prediction with its own target."

  func run(_ run: StudyRun) throws {
    let designs = run.count("designs")
    for design in 0..<designs {
      let subject = try subject(seed: run.seed + UInt64(design), panel: "design \(design)")
      let beta = subject.beta(run.number("beta"))
      try run.prove("optimum", on: subject, with: Training(beta: .value(beta), gap: 1e-4), seed: design)
      var options = GradientTraining.Options()
      (options.rule, options.start, options.batchSize) = (.plain, .uniform, 1)
      (options.width, options.maximumEpochs) = (width, run.count("epochs"))
      options.learningRate = subject.learningRate(run.number("rate"))
      try run.descend(
        "SGD", on: subject,
        problem: try TrainingProblem(
          design: subject.dataset.features, targets: subject.dataset.targets, beta: beta),
        options: options, trials: 1)
    }
    let optima = run.finals.filter { $0.method == "optimum" }.map(\.objective)
    let ends = run.finals.filter { $0.method == "SGD" }.map(\.objective)
    let excesses = zip(ends, optima).map { $0 / $1 - 1 }
    let above = ends.reduce(0) { sum, end in sum + optima.count { $0 < end } }
    let share = Double(above) / Double(max(1, ends.count * optima.count))
    run.add(
      Claim(
        "SGD ends near the variance of the labels", printed: "0.7 or 1",
        measured: "the middle trial ends at \(StudyText.short(ends.median))", tolerance: "above 0.5",
        holds: ends.median ?? 0 > 0.5))
    run.add(
      Claim(
        "values of SGD lie far above those of the program, each of its own design",
        measured:
          "an end of SGD is above an optimum in \(StudyText.short(100 * share)) % of all pairs; on the same design the middle trial ends \(StudyText.short(100 * (excesses.median ?? 0))) % above it",
        tolerance: "99 % of pairs", holds: share >= 0.99))
    run.add("values", strip([("optimum", optima), ("SGD", ends)]))
    run.add("excess", difference(excesses))
  }

  /// Rows uniform on [−5, 5)² with the sign of x₁ − x₂.
  private func subject(seed: UInt64, panel: String) throws(DataError) -> StudySubject {
    var random = SeededGenerator(seed: seed)
    let rows = (0..<samples).map { _ in [10 * random.nextUniform() - 5, 10 * random.nextUniform() - 5] }
    let dataset = try Dataset(features: Matrix(rows), targets: rows.map { $0[0] > $0[1] ? 1 : -1 })
    return StudySubject(panel: panel, dataset: dataset, score: .accuracy, factor: 2 / Double(samples))
  }

  private func strip(_ groups: [(name: String, values: [Double])]) -> Plot {
    let inks: [Ink] = [.blue, .orange]
    let marks = groups.enumerated().map { place, group in
      // Side by side, so that equal values are seen.
      Mark.points(
        group.values.enumerated().map { i, value in
          Mark.Point(Double(place) + 0.5 * (Double(i) / Double(max(1, group.values.count - 1)) - 0.5), value)
        }, inks[place % inks.count])
    }
    return Plot(
      title, description: "The optimum and the end of SGD of every design, on a logarithmic axis.",
      x: Axis("", categories: groups.map(\.name)),
      y: Axis("objective", .logarithmic, holding: groups.flatMap(\.values)), marks: marks)
  }

  private func difference(_ excesses: [Double]) -> Plot {
    let sorted = excesses.sorted()
    return Plot(
      "SGD above the optimum of its design", description: "The relative excess of every trial, sorted.",
      x: Axis("trial", holding: [0, Double(sorted.count - 1)]),
      y: Axis("excess", .logarithmic, holding: sorted),
      marks: [.points(sorted.enumerated().map { Mark.Point(Double($0), $1) }, .orange)])
  }
}

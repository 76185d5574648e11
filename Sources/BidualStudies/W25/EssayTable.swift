/// W25's Table 1: the best of ten trials of SGD beside the optimum, as printed and as it is.
struct EssayTable: Study {
  let id = "w25-table1"
  let title = "The best of ten trials of SGD beside the optimum"
  let system = "Program (2.4), Theorem 2.1; SGD on the non-convex objective, one sample a step."
  var settings: [StudySetting] {
    [
      StudySetting("beta", .stated, "weight of β/2·Σ(‖u‖² + ω²) beside the mean squared error", 1e-3),
      StudySetting("rate", .stated, "learning rate", 0.01),
      StudySetting("trials", .stated, "random starts", 10, quick: 2),
      StudySetting("epochs-share", .stated, "share of the printed epochs that is run", 1, quick: 0.1),
    ]
  }
  let remark =
    "The printed optima penalise squares of the program's variables. In four rows they lie below a proven bound on the objective of every network, in two above that of a trained one."

  func run(_ run: StudyRun) throws {
    var rows = TextRows([
      "data", "neurons", "epochs", "printed_sgd", "printed_optimum", "squared_penalty", "lower_bound",
      "optimum",
      "sgd_best", "sgd_median", "best_above_optimum",
    ])
    for (data, width, printedEpochs) in Self.rows {
      let epochs = max(1, Int(run.number("epochs-share") * Double(printedEpochs)))
      let trials = EssayTrials(data: data, run: run, method: "SGD", batch: 1)
      try trials.add(width: width, epochs: epochs)
      let panel = trials.panel(width)
      guard let optimum = run.end(of: "optimum", in: panel), let bound = optimum.bound else { continue }
      let ends = run.ends(of: "SGD", in: panel)
      let lower = optimum.factor * bound.lower
      let best = ends.min() ?? .infinity
      rows.append([
        data.rawValue, "\(width)", "\(epochs)", StudyText.short(data.printedDescent(width: width)),
        "\(data.printedOptimum)", StudyText.short(try trials.squaredOptimum), StudyText.short(lower),
        StudyText.short(optimum.objective),
        StudyText.short(best), StudyText.short(ends.median), StudyText.short(best / optimum.objective - 1),
      ])
      trials.claimPrinted(
        width: width,
        says: "\(panel): the printed optimum lies between the proven bound and the certified network"
      ).map(run.add)
      run.add(
        try trials.claimSquared(
          says: "\(panel): the printed optimum penalises squares of the program's vectors"))
    }
    run.add("table", rows)
  }

  private static let rows: [(EssayData, Int, Int)] = [
    (.simple, 5, 6000), (.simple, 50, 28_000), (.noisy, 5, 4000), (.noisy, 50, 4000), (.complex, 5, 16_000),
    (.complex, 50, 16_000),
  ]
}

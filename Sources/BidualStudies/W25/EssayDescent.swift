/// SGD beside the optimum on the data that W25 prints: its Figures 1, 3 and 4.
struct EssayDescent: Study {
  let figure: Int
  let data: EssayData
  let epochs: StudyValue

  var id: String { "w25-fig\(figure)" }
  var title: String { "SGD and the optimum on the \(data.rawValue) data" }
  var system: String { "Program (2.4), Theorem 2.1; SGD on the non-convex objective, one sample a step." }
  var settings: [StudySetting] {
    EssayTrials.settings(widths: [5, 50], epochs: epochs, quick: [1000, 1000])
  }
  var remark: String {
    "The optimum that the essay draws penalises squares of the program's variables; the network's weight decay makes lengths of them. Both numbers are in the plots: as printed (grey) and certified. What the essay calls an iteration is an epoch of five steps."
  }

  func run(_ run: StudyRun) throws {
    let trials = EssayTrials(data: data, run: run, method: "SGD", batch: 1)
    let widths = run.counts("widths")
    let epochs = run.counts("epochs")
    for (place, width) in widths.enumerated() {
      try trials.add(width: width, epochs: epochs[min(place, epochs.count - 1)])
    }
    guard let first = widths.first else { return }
    trials.claimPrinted(width: first, says: "the printed optimum is that of the network").map(run.add)
    run.add(try trials.claimSquared(says: "the printed optimum penalises squares of the program's vectors"))
    for width in widths {
      let excesses = trials.excesses(width: width)
      guard let least = excesses.min() else { continue }
      let reaching = excesses.count { $0 <= 0.01 }
      run.add(
        Claim(
          claim(width), printed: StudyText.short(data.printedDescent(width: width)),
          measured:
            "the best \(StudyText.short(100 * least)) % above the optimum, \(reaching) of \(excesses.count) within 1 %",
          tolerance: "1 %", holds: data == .noisy ? 2 * reaching >= excesses.count : reaching == 0))
    }
    if let last = widths.last, last != first, let narrow = trials.excesses(width: first).median,
      let wide = trials.excesses(width: last).median
    {
      run.add(
        Claim(
          "more neurons bring SGD closer to the optimum",
          measured:
            "the middle trial ends \(StudyText.short(100 * narrow)) % above it with \(first), \(StudyText.short(100 * wide)) % with \(last)",
          holds: wide <= narrow))
    }
  }

  private func claim(_ width: Int) -> String {
    data == .noisy
      ? "with \(width) neurons SGD reaches the optimum"
      : "with \(width) neurons SGD does not reach the optimum"
  }
}

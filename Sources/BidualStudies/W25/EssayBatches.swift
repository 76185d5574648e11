/// W25's Figure 2: all samples a step, beside one sample a step.
struct EssayBatches: Study {
  let id = "w25-fig2"
  let title = "Gradient descent on all samples at once, simple data"
  let system = "Program (2.4); gradient descent and SGD on the non-convex objective."
  var settings: [StudySetting] {
    EssayTrials.settings(widths: [5, 50], epochs: [4000, 4000], quick: [1000, 1000])
  }
  let remark =
    "The essay's gradient descent ends more than 1 above the optimum because its loss there compares every prediction with every target (shapes 5×1 and 5), which has the variance of the targets for a floor. Here each prediction has its own target."

  func run(_ run: StudyRun) throws {
    let epochs = run.counts("epochs")
    for (place, width) in run.counts("widths").enumerated() {
      let steps = epochs[min(place, epochs.count - 1)]
      let whole = EssayTrials(data: .simple, run: run, method: "gradient descent", batch: nil)
      try whole.add(width: width, epochs: steps)
      guard let largest = run.ends(of: "gradient descent", in: whole.panel(width)).max() else { continue }
      run.add(
        Claim(
          "with \(width) neurons every run ends more than 1 above the optimum", printed: "1.03",
          measured: "the highest ends at \(StudyText.short(largest))", holds: largest > 1))
    }
  }
}

import Bidual

/// EP21's Figures 5 and 6: the penalised convex program (16) beside the non-convex form on ten classes of images, by accuracy.
struct ImageAccuracy: Study {
  let figure: Int

  var id: String { "ep21-fig\(figure)" }
  var title: String {
    "Accuracy on images of the penalised convex program and of the non-convex form"
      + (figure == 6 ? ", optimisers swapped" : "")
  }
  let system =
    "Program (16) on sampled patterns with its cones as a penalty, and objective (5), both by gradient methods."
  let remark =
    "At the paper's size (16) has half a billion numbers for CIFAR-10; fewer units and images are taken here. The program predicts by the gates that were drawn, which is probably what the paper plots; what its weights predict as a ReLU network is told beside it. For figures 5a and 6a A.1 names the epochs of the non-convex form first. Half squares on one-hot targets; nothing is proven."
  var files: [String] {
    PrintedRates.panels(of: figure).flatMap { panel in
      ["train", "test"].flatMap { part in ["images", "labels"].map { "\(panel.stem)_\(part)_\($0).npy" } }
    }
  }
  let settings = [
    StudySetting(
      "images", .substituted, "training images, of 50 000 and 60 000", 2000, quick: 200, full: 60_000),
    StudySetting("test-images", .substituted, "test images, of 10 000", 1000, quick: 200, full: 10_000),
    StudySetting(
      "width", .substituted, "units m₁ of a sub-network; the paper's are 100", 10, quick: 2, full: 100),
    StudySetting("subnetworks", .stated, "sub-networks K, P₁P₂ of the convex program", 40, quick: 8),
    StudySetting("beta", .stated, "weight of the penalty", 1e-3),
    StudySetting("rho", .stated, "weight of the cones", 0.01),
    StudySetting("batch", .stated, "samples a step", 1000, quick: 100),
    StudySetting("epochs-share", .stated, "share of the printed epochs that is run", 1, quick: 0.1),
    StudySetting(
      "tuned-rate", .proposed, "factor of the convex program's rates in a second run", 100),
    StudySetting(
      "tuned-shares", .proposed,
      "shares of the non-convex form's rates, of which the one with the lowest objective makes a second run",
      [0.01, 0.1, 0.3]),
    StudySetting("seconds", .proposed, "limit for each run", 300, quick: 5),
  ]

  private static let (gates, relu, descent) = ("convex, by gates", "convex, ReLU network", "non-convex")
  private static let tuned = ", tuned"

  func run(_ run: StudyRun) throws {
    for printed in PrintedRates.panels(of: figure) {
      let subject = try subject(printed, run)
      let problem = try TrainingProblem(
        design: subject.dataset.features, targets: subject.dataset.targets, outputs: 10,
        beta: run.number("beta"), architecture: ThreeLayer(width: run.count("width")))
      var options = GradientTraining.Options()
      (options.rule, options.start, options.width) = (printed.rule, .uniform, run.count("subnetworks"))
      (options.batchSize, options.precision) = (run.count("batch"), .single)
      options.learningRate = printed.descent.rate
      options.maximumEpochs = epochs(printed.descent.epochs, run)
      let limit = run.number("seconds")
      try run.descend(
        Self.descent, on: subject, problem: problem, options: options, trials: 1, limit: limit)
      try run.descend(
        Self.descent + Self.tuned, on: subject, problem: problem, options: options,
        rates: run.numbers("tuned-shares").map { $0 * printed.descent.rate }, trials: 1, limit: limit)
      var convex = PenalisedTraining.Options()
      convex.conePenalty = run.number("rho")
      convex.descent = options
      convex.descent.maximumEpochs = epochs(printed.convex.epochs, run)
      for (suffix, factor) in [("", 1), (Self.tuned, run.number("tuned-rate"))] {
        convex.descent.learningRate = factor * printed.convex.rate
        try run.descendPenalised(
          (Self.gates + suffix, Self.relu + suffix), on: subject, problem: problem, options: convex,
          limit: limit)
      }
      for course in [CurvePlot.Course.seconds, .epoch] {
        for height in [CurvePlot.Height.trainScore, .testScore] {
          let plot = CurvePlot(
            title: printed.name, panel: subject.panel, course: course, height: height, isLogarithmic: false)
          run.add(
            StudyName.file(
              "\(printed.name) \(height == .testScore ? "test" : "train") \(course == .seconds ? "seconds" : "epochs")"
            ),
            plot.plot(of: run))
        }
      }
      addClaims(run, printed)
    }
  }

  private func epochs(_ printed: Int, _ run: StudyRun) -> Int {
    max(1, Int((run.number("epochs-share") * Double(printed)).rounded()))
  }

  private func subject(_ printed: PrintedRates, _ run: StudyRun) throws(DataError) -> StudySubject {
    let training = try ImageSet(stem: run.path(printed.stem + "_train"), limit: run.count("images"))
    let test = try ImageSet(stem: run.path(printed.stem + "_test"), limit: run.count("test-images"))
    return StudySubject(
      panel: printed.name,
      dataset: try Dataset(
        features: training.normalized(like: training).images, labels: training.classes, classes: 10),
      heldOut: try Dataset(
        features: test.normalized(like: training).images, labels: test.classes, classes: 10),
      score: .accuracy)
  }

  private func addClaims(_ run: StudyRun, _ printed: PrintedRates) {
    func curve(_ method: String) -> [CurvePoint] {
      run.curves.filter { $0.panel == printed.name && $0.method == method }
    }
    for suffix in ["", Self.tuned] {
      let text =
        "\(printed.name)\(suffix): the convex program reaches \(figure == 6 ? "at least the same" : "a higher") test accuracy in the same time"
      let (convex, descent) = (curve(Self.gates + suffix), curve(Self.descent + suffix))
      let hasDiverged = run.ends(of: Self.descent + suffix, in: printed.name) == [.infinity]
      guard let time = [convex.last?.seconds, descent.last?.seconds].compactMap(\.self).min(), !hasDiverged,
        let own = convex.last(where: { $0.seconds <= time })?.testScore,
        let other = descent.last(where: { $0.seconds <= time })?.testScore
      else {
        run.add(
          Claim(
            text,
            measured: hasDiverged
              ? "the non-convex form diverged" : "one ended before the other was looked at",
            .notComparable))
        continue
      }
      let tolerance = figure == 6 ? 0.01 : 0
      run.add(
        Claim(
          text,
          measured:
            "\(StudyText.short(own)) and \(StudyText.short(other)) after \(StudyText.short(time)) s; means over that time \(StudyText.short(mean(convex, until: time))) and \(StudyText.short(mean(descent, until: time)))",
          tolerance: "\(tolerance)", holds: figure == 6 ? own >= other - tolerance : own > other))
    }
  }

  /// The mean test accuracy over a time, by what held from each point to the next.
  private func mean(_ curve: [CurvePoint], until time: Double) -> Double {
    var area = 0.0
    for (place, point) in curve.enumerated() where point.seconds < time {
      let next = place + 1 < curve.count ? min(time, curve[place + 1].seconds) : time
      area += (point.testScore ?? 0) * (next - point.seconds)
    }
    return time > 0 ? area / time : 0
  }
}

import Bidual

/// SEPP21's Figures 2 and 6: the closed form of Theorem 2 beside SGD on whitened images, by objective and by test accuracy.
struct WhitenedClasses: Study {
  let figure: Int

  var id: String { "sepp21-fig\(figure)" }
  var title: String {
    figure == 2
      ? "The soft-thresholded SVD and SGD on whitened images" : "Test accuracy of the networks of Figure 2"
  }
  let system =
    "Theorem 2 and (16), by the soft-thresholded SVD of one-hot targets; SGD on the non-convex objective."
  let remark =
    "The paper takes each feature's mean out before it whitens. Rows that add up to zero have rank n − 1 and are not orthogonal, so that Theorem 2 is not about them and its formula is not their optimum. The panel 'uncentred' is the same without that step, and there the theorem holds; the panel 'de-meaned' is as described. CIFAR-100 is not among the data at hand. Inputs are coordinates along principal directions, the paper's map up to a turn."
  var files: [String] { WhitenedImages.files }
  let settings =
    WhitenedImages.settings(perClass: 300, origin: .stated, quick: 10) + [
      StudySetting("beta", .stated, "weight of β/2·Σ(‖u‖² + ‖α‖²)", 1),
      StudySetting("neurons", .stated, "neurons of SGD", 1000, quick: 200),
      StudySetting("rate", .stated, "learning rate of SGD", 0.01),
      StudySetting("epochs", .stated, "epochs of SGD", 400),
      StudySetting("trials", .substituted, "random starts; the paper has 5 draws of the images", 1),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 120, quick: 5),
    ] + StudyRun.momentumSettings

  private static let panels = (plain: "uncentred", centred: "de-meaned")

  func run(_ run: StudyRun) throws {
    let beta = run.number("beta")
    var formula = 0.0
    for (panel, isCentred) in [(Self.panels.plain, false), (Self.panels.centred, true)] {
      let images = try WhitenedImages(run, isCentred: isCentred)
      let sizes = (0..<10).map { kind in images.labels.training.count { $0 == kind } }
      formula = ThresholdFormula.value(classSizes: sizes, beta: beta)
      let subject = StudySubject(
        panel: panel,
        dataset: try Dataset(features: images.training, labels: images.labels.training, classes: 10),
        heldOut: try Dataset(features: images.test, labels: images.labels.test, classes: 10),
        score: .accuracy)
      let closed = Training(beta: .value(beta), gap: 1e-6, method: .svd)
      if isCentred {
        if figure == 2 { run.add(refusal(closed, on: subject)) }
        try run.prove(
          "ours", on: subject, with: Training(beta: .value(beta), gap: 1e-3),
          seconds: run.number("seconds"))
      } else {
        try run.prove("Theorem 2", on: subject, with: closed, seconds: run.number("seconds"))
      }
      try run.descend(
        "SGD", on: subject,
        problem: try TrainingProblem(
          design: subject.dataset.features, targets: subject.dataset.targets, outputs: 10, beta: beta),
        options: run.momentum(on: subject, neurons: run.count("neurons"), rate: run.number("rate")),
        trials: run.count("trials"))
      var plot = CurvePlot(title: "Whitened images, \(panel)", panel: panel)
      if figure == 6 { (plot.height, plot.isLogarithmic) = (.testScore, false) }
      if isCentred, figure == 2 { plot.levels = [("Theorem 2's formula", formula)] }
      run.add(StudyName.file(panel), plot.plot(of: run))
    }
    if figure == 2 { addObjectives(run, formula: formula) } else { addAccuracies(run) }
  }

  /// That the closed form does not take de-meaned samples.
  private func refusal(_ training: Training, on subject: StudySubject) -> Claim {
    do {
      _ = try training.fit(subject.dataset)
      return Claim("de-meaned samples are refused by Theorem 2's method", measured: "taken", holds: false)
    } catch {
      return Claim("de-meaned samples are refused by Theorem 2's method", measured: "\(error)", holds: true)
    }
  }

  private func addObjectives(_ run: StudyRun, formula: Double) {
    let (plain, centred) = Self.panels
    if let closed = run.end(of: "Theorem 2", in: plain), let descent = run.ends(of: "SGD", in: plain).median {
      run.add(
        Claim(
          "uncentred, Theorem 2's value is where SGD ends",
          measured: "\(StudyText.short(closed.objective)) and \(StudyText.short(descent))",
          tolerance: "0.1 %",
          holds: abs(descent / closed.objective - 1) <= 1e-3))
      if let seconds = run.finals.first(where: { $0.method == "SGD" && $0.panel == plain })?.seconds {
        run.add(
          Claim(
            "the closed form takes far less time than SGD", printed: "0.018 s",
            measured:
              "\(StudyText.short(closed.seconds)) s with its certificate, SGD \(StudyText.short(seconds)) s",
            tolerance: "a tenth", holds: closed.seconds <= 0.1 * seconds))
      }
    }
    if let descent = run.ends(of: "SGD", in: centred).median {
      run.add(
        Claim(
          "de-meaned as described, the formula of Theorem 2 is where SGD ends",
          measured: "the formula says \(StudyText.short(formula)), SGD ends at \(StudyText.short(descent))",
          tolerance: "0.1 %", holds: abs(descent / formula - 1) <= 1e-3))
    }
  }

  private func addAccuracies(_ run: StudyRun) {
    for (panel, method) in [(Self.panels.plain, "Theorem 2"), (Self.panels.centred, "ours")] {
      guard let closed = run.end(of: method, in: panel)?.testScore,
        let descent = run.finals.filter({ $0.panel == panel && $0.method == "SGD" }).compactMap(\.testScore)
          .mean
      else { continue }
      run.add(
        Claim(
          "\(panel): both methods predict test images alike, far better than by chance",
          measured: "\(method) \(StudyText.short(closed)), SGD \(StudyText.short(descent)), chance 0.1",
          tolerance: "0.03; twice chance", holds: abs(closed - descent) <= 0.03 && min(closed, descent) >= 0.2
        ))
    }
  }
}

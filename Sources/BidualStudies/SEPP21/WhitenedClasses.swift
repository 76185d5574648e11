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
    "The paper takes each feature's mean out before it whitens. Rows that add up to zero have rank n − 1 and are not orthogonal, so that Theorem 2 is not about them and its formula is not their optimum. The panel 'uncentred' is the same without that step, and there the theorem holds; the panel 'de-meaned' is as described. CIFAR-100 is not among the data at hand: its rows are of pseudo-classes, ten clusters of each class of CIFAR-10. Inputs are coordinates along principal directions, the paper's map up to a turn."
  var files: [String] { WhitenedImages.files }
  let settings =
    WhitenedImages.settings(perClass: 300, origin: .stated, quick: 10) + [
      StudySetting(
        "parts", .substituted, "pseudo-classes of each class, a pair of panels each; 10 stands for CIFAR-100",
        [1, 10],
        quick: [1, 2]),
      StudySetting("betas", .stated, "weights of β/2·Σ(‖u‖² + ‖α‖²), one for each number of parts", [1, 5]),
      StudySetting("neurons", .stated, "neurons of SGD", 1000, quick: 200),
      StudySetting("rate", .stated, "learning rate of SGD", 0.01),
      StudySetting("epochs", .stated, "epochs of SGD", 400),
      StudySetting("draws", .stated, "draws of the training images", 5, quick: 2),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 120, quick: 5),
    ] + StudyRun.momentumSettings

  private static let panels = (plain: "uncentred", centred: "de-meaned")

  /// The panel of a draw.
  private func panel(_ name: String, parts: Int, draw: Int = 0) -> String {
    name + (parts > 1 ? ", \(parts) parts" : "") + (draw > 0 ? ", draw \(draw)" : "")
  }

  func run(_ run: StudyRun) throws {
    let betas = run.numbers("betas")
    for (place, parts) in run.counts("parts").enumerated() {
      let beta = betas[min(place, betas.count - 1)]
      var formula = 0.0
      for (name, isCentred) in [(Self.panels.plain, false), (Self.panels.centred, true)] {
        for draw in 0..<run.count("draws") {
          let images = try WhitenedImages(run, isCentred: isCentred, draw: draw, parts: parts)
          if draw == 0 { formula = self.formula(images, beta: beta) }
          try add(images, panel: panel(name, parts: parts, draw: draw), isCentred: isCentred, beta: beta, run)
        }
        let panel = panel(name, parts: parts)
        var plot = CurvePlot(title: "Whitened images, \(panel)", panel: panel)
        if figure == 6 { (plot.height, plot.isLogarithmic) = (.testScore, false) }
        if isCentred, figure == 2 { plot.levels = [("Theorem 2's formula", formula)] }
        run.add(StudyName.file(panel), plot.plot(of: run))
      }
      if figure == 2 {
        addObjectives(run, parts: parts, formula: formula)
      } else {
        addAccuracies(run, parts: parts)
      }
    }
  }

  private func formula(_ images: WhitenedImages, beta: Double) -> Double {
    let sizes = (0..<images.classes).map { kind in images.labels.training.count { $0 == kind } }
    return ThresholdFormula.value(classSizes: sizes, beta: beta)
  }

  private func add(
    _ images: WhitenedImages, panel: String, isCentred: Bool, beta: Double, _ run: StudyRun
  ) throws {
    let classes = images.classes
    let subject = StudySubject(
      panel: panel,
      dataset: try Dataset(features: images.training, labels: images.labels.training, classes: classes),
      heldOut: try Dataset(features: images.test, labels: images.labels.test, classes: classes),
      score: .accuracy)
    let closed = Training(beta: .value(beta), gap: 1e-6, method: .svd)
    if isCentred {
      if figure == 2, panel == Self.panels.centred { run.add(refusal(closed, on: subject)) }
      try run.prove(
        "ours", on: subject, with: Training(beta: .value(beta), gap: 1e-3), seconds: run.number("seconds"))
    } else {
      try run.prove("Theorem 2", on: subject, with: closed, seconds: run.number("seconds"))
    }
    try run.descend(
      "SGD", on: subject,
      problem: try TrainingProblem(
        design: subject.dataset.features, targets: subject.dataset.targets, outputs: classes, beta: beta),
      options: run.momentum(
        on: subject, neurons: run.count("neurons"), rate: run.number("rate"), precision: .single),
      trials: 1)
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

  private func addObjectives(_ run: StudyRun, parts: Int, formula: Double) {
    let plain = panel(Self.panels.plain, parts: parts)
    let centred = panel(Self.panels.centred, parts: parts)
    if let closed = run.end(of: "Theorem 2", in: plain), let descent = run.end(of: "SGD", in: plain) {
      run.add(
        Claim(
          "\(plain): Theorem 2's value is where SGD ends",
          measured: "\(StudyText.short(closed.objective)) and \(StudyText.short(descent.objective))",
          tolerance: "0.1 %", holds: abs(descent.objective / closed.objective - 1) <= 1e-3))
      run.add(
        Claim(
          "\(plain): the closed form takes far less time than SGD", printed: parts > 1 ? "0.36 s" : "0.018 s",
          measured:
            "\(StudyText.short(closed.seconds)) s with its certificate, SGD \(StudyText.short(descent.seconds)) s",
          tolerance: "a tenth", holds: closed.seconds <= 0.1 * descent.seconds))
    }
    if let descent = run.end(of: "SGD", in: centred)?.objective {
      run.add(
        Claim(
          "\(centred) as described: the formula of Theorem 2 is where SGD ends",
          measured: "the formula says \(StudyText.short(formula)), SGD ends at \(StudyText.short(descent))",
          tolerance: "0.1 %", holds: abs(descent / formula - 1) <= 1e-3))
    }
  }

  private func addAccuracies(_ run: StudyRun, parts: Int) {
    for (name, method) in [(Self.panels.plain, "Theorem 2"), (Self.panels.centred, "ours")] {
      let scores = [method, "SGD"].map { method in
        (0..<run.count("draws")).compactMap {
          run.end(of: method, in: panel(name, parts: parts, draw: $0))?.testScore
        }
      }
      guard let closed = scores[0].mean, let descent = scores[1].mean,
        let difference = PairedDifference(scores[0], less: scores[1])
      else { continue }
      let chance = 1 / Double(10 * parts)
      run.add(
        Claim(
          "\(panel(name, parts: parts)): both methods predict test images alike, far better than by chance",
          measured:
            "\(method) \(StudyText.short(closed)), SGD \(StudyText.short(descent)), chance \(chance); difference \(difference.text)",
          tolerance: "0.03; twice chance",
          holds: abs(difference.mean) <= 0.03 && min(closed, descent) >= 2 * chance))
    }
  }
}

import Bidual

/// SEPP21's Figure 5: ReLU and linear networks on whitened images with a ReLU teacher's labels, over β.
struct TeacherActivations: Study {
  let id = "sepp21-fig5"
  let title = "ReLU and linear networks on whitened images with a teacher's labels"
  let system =
    "The nuclear-norm program of linear networks (A.1.2), exactly; ReLU networks by SGD and by exact training with a time limit."
  let remark =
    "The paper trains both with SGD; the linear optimum is a soft-thresholded SVD and needs none. Features are de-meaned before they are whitened, as the paper says, so that samples are not spike-free and nothing makes the training loss of the linear network the lower one. Rows that add up to zero can't predict a mean linearly, which is a floor of that loss. Losses are half sums of squares. The paper's images number 3000, its test images 10 000; sums here are over fewer."
  var files: [String] { WhitenedImages.files }
  let settings =
    WhitenedImages.settings(perClass: 30, origin: .substituted, quick: 10) + [
      StudySetting("betas", .proposed, "values of β", [1e-4, 1e-3, 1e-2, 0.1, 1, 3], quick: [1e-3, 0.1, 3]),
      StudySetting("teacher-neurons", .stated, "neurons of the teacher", 4000, quick: 1000),
      StudySetting(
        "neurons", .substituted, "neurons of SGD; the paper's are 4000", 1000, quick: 200, full: 4000),
      StudySetting("rate", .stated, "learning rate of SGD", 0.01),
      StudySetting("epochs", .stated, "epochs of SGD", 400),
      StudySetting("trials", .proposed, "random starts", 1),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 30, quick: 3),
    ] + StudyRun.momentumSettings

  func run(_ run: StudyRun) throws {
    let images = try WhitenedImages(run, isCentred: true)
    var random = SeededGenerator(seed: run.seed)
    let teacher = VectorTeacher(
      inputs: images.training.columns, neurons: run.count("teacher-neurons"), outputs: 10, start: .uniform,
      using: &random)
    let (dataset, heldOut) = (try teacher.dataset(images.training), try teacher.dataset(images.test))
    let seconds = run.number("seconds")
    for beta in run.numbers("betas") {
      func subject(_ activation: String) -> StudySubject {
        StudySubject(
          panel: panel(activation, beta), dataset: dataset, heldOut: heldOut, score: .halfSquares)
      }
      try run.prove(
        "linear", on: subject("linear"),
        with: Training(beta: .value(beta), gap: 1e-6, architecture: .linear), seconds: seconds)
      let relu = subject("ReLU")
      try run.prove("ReLU", on: relu, with: Training(beta: .value(beta), gap: 1e-4), seconds: seconds)
      try run.descend(
        "ReLU, SGD", on: relu,
        problem: try TrainingProblem(
          design: dataset.features, targets: dataset.targets, outputs: 10, beta: beta),
        options: run.momentum(
          on: relu, neurons: run.count("neurons"), rate: run.number("rate"), precision: .single),
        trials: run.count("trials"))
    }
    let panels = run.numbers("betas").flatMap { beta in
      ["linear", "ReLU"].map { (value: beta, name: panel($0, beta)) }
    }
    var sweep = SweepPlot(title: "Training loss", setting: "β", panels: panels)
    sweep.measure = ("training loss", { $0.trainScore })
    run.add("train", sweep.plot(of: run))
    sweep = SweepPlot(title: "Test loss", setting: "β", panels: panels)
    sweep.measure = ("test loss", { $0.testScore })
    run.add("test", sweep.plot(of: run))
    addClaims(run, zero: 0.5 * heldOut.targets.reduce(0) { $0 + $1 * $1 })
  }

  private func panel(_ activation: String, _ beta: Double) -> String { "\(activation), β = \(beta)" }

  /// - Parameter zero: the test loss of the zero network.
  private func addClaims(_ run: StudyRun, zero: Double) {
    let betas = run.numbers("betas")
    func loss(_ method: String, _ activation: String, _ beta: Double, _ value: (FinalRow) -> Double?)
      -> Double?
    {
      run.end(of: method, in: panel(activation, beta)).flatMap(value)
    }
    var lower = 0
    var test: (linear: Double, relu: Double) = (.infinity, .infinity)
    for beta in betas {
      guard let linear = loss("linear", "linear", beta, \.trainScore),
        let relu = loss("ReLU, SGD", "ReLU", beta, \.trainScore),
        let linearTest = loss("linear", "linear", beta, \.testScore),
        let reluTest = loss("ReLU, SGD", "ReLU", beta, \.testScore)
      else { continue }
      if linear <= relu * (1 + 1e-3) { lower += 1 }
      test = (min(test.linear, linearTest), min(test.relu, reluTest))
    }
    run.add(
      Claim(
        "at every β the training loss of the linear network is no higher than that of the ReLU network",
        measured: "\(lower) of \(betas.count)", tolerance: "0.1 %", holds: lower == betas.count))
    run.add(
      Claim(
        "the best test loss of the ReLU network is far lower than that of the linear one",
        printed: "0.50 and 1 of the zero network's",
        measured:
          "\(StudyText.short(test.relu / zero)) and \(StudyText.short(test.linear / zero)) of the zero network's",
        tolerance: "a fifth lower", holds: test.relu <= 0.8 * test.linear))
    let large = betas.filter { $0 >= 1 }
    let zeros = large.count { beta in
      ["linear", "ReLU"].allSatisfy { run.end(of: $0, in: panel($0, beta))?.neurons == 0 }
    }
    run.add(
      Claim(
        "for β from 1 on both networks are zero", measured: "\(zeros) of \(large.count)",
        holds: zeros == large.count))
  }
}

import Bidual
import RealModule

/// SEPP21's Table 1: how the cost of exact training grows with the data, measured beside the orders that the paper proves.
struct MeasuredCosts: Study {
  let id = "sepp21-table1"
  let title = "Measured costs of exact training beside the orders of the table"
  let system = "Scalar and vector outputs and the copositive relaxation, for general and for spike-free data."
  let remark =
    "The table holds worst cases of methods that list chambers. Exact training here does not list them, so that its time hardly follows their number; the relaxation does. Exponents are slopes of the logarithm of seconds over that of n, which at small sizes are much of overhead. Spike-free data are whitened, with as many features as samples."
  let settings = [
    StudySetting(
      "plane-samples", .proposed, "samples of two features", [20, 40, 80, 160], quick: [10, 20, 40]),
    StudySetting("space-samples", .proposed, "samples of three features", [10, 20, 40], quick: [8, 16]),
    StudySetting(
      "whitened-samples", .proposed, "samples, and features, of whitened data", [10, 20, 40], quick: [8, 16]),
    StudySetting("outputs", .proposed, "outputs of the vector forms", 3),
    StudySetting(
      "relaxed-chambers", .proposed, "most chambers that the relaxation is given", 200, quick: 100),
    StudySetting("beta-ratio", .proposed, "β over the largest that is of use", 0.1),
    StudySetting("gap", .proposed, "relative gap that is proven", 1e-4),
    StudySetting("seconds", .proposed, "limit for each run", 60, quick: 5),
  ]

  /// A class of data with the exponent of n that the table has for each form.
  private struct DataClass {
    let name: String
    let key: String
    /// Features; nil for as many as samples, whitened.
    let rank: Int?
    let scalar: Int?
    let vector: Int?
    let relaxed: Int
  }

  private static let classes = [
    DataClass(name: "general, r = 2", key: "plane-samples", rank: 2, scalar: 6, vector: 8, relaxed: 6),
    DataClass(name: "general, r = 3", key: "space-samples", rank: 3, scalar: 9, vector: 12, relaxed: 9),
    DataClass(
      name: "spike-free, d = n", key: "whitened-samples", rank: nil, scalar: 3, vector: nil, relaxed: 6),
  ]

  private static let forms = ["scalar", "vector", "relaxation"]

  func run(_ run: StudyRun) throws {
    var rows = TextRows(["class", "form", "n", "d", "r", "c", "seconds", "units"])
    for kind in Self.classes {
      var panels: [(value: Double, name: String)] = []
      for samples in run.counts(kind.key) {
        let panel = "\(kind.name), n = \(samples)"
        panels.append((Double(samples), panel))
        for form in Self.forms {
          guard let row = try add(form, kind, samples: samples, panel: panel, run) else { continue }
          let rank = kind.rank ?? samples
          rows.append([
            kind.name, form, "\(samples)", "\(rank)", "\(rank)",
            "\(form == "scalar" ? 1 : run.count("outputs"))", "\(row.seconds)", "\(row.seconds / run.unit)",
          ])
        }
      }
      var plot = SweepPlot(
        title: "Seconds, \(kind.name)", setting: "samples",
        panels: panels.flatMap { panel in
          [panel, (value: panel.value, name: panel.name + ", scalar")]
        })
      plot.measure = ("seconds", { $0.seconds })
      run.add(StudyName.file(kind.name), plot.plot(of: run))
      for (form, power) in zip(Self.forms, [kind.scalar, kind.vector, kind.relaxed]) {
        addClaim(form, kind, power, panels, run)
      }
    }
    run.add("costs", rows)
  }

  /// Trains one form on one problem; nil where the relaxation would have too many chambers.
  private func add(_ form: String, _ kind: DataClass, samples: Int, panel: String, _ run: StudyRun) throws
    -> FinalRow?
  {
    let c = form == "scalar" ? 1 : run.count("outputs")
    var random = SeededGenerator(seed: run.seed)
    let rank = kind.rank ?? samples
    var features = Matrix.gaussian(rows: samples, columns: rank, using: &random)
    if kind.rank == nil { features = try Preprocessing.Whitening(.pca, of: features).inputs(for: features) }
    if form == "relaxation", kind.rank != nil {
      let chambers = CoverCount.chambers(hyperplanes: samples, rank: rank) ?? .max
      guard chambers <= run.count("relaxed-chambers") else { return nil }
    }
    let dataset = try VectorTeacher(
      inputs: rank, neurons: 20, outputs: c, start: .gaussian, using: &random
    ).dataset(features)
    let name = form == "scalar" ? panel + ", scalar" : panel
    try run.prove(
      form, on: StudySubject(panel: name, dataset: dataset),
      with: Training(
        beta: .ratio(run.number("beta-ratio")), gap: run.number("gap"),
        method: form == "relaxation" ? .copositive : .exact),
      seconds: run.number("seconds"))
    return run.end(of: form, in: name)
  }

  private func addClaim(
    _ form: String, _ kind: DataClass, _ power: Int?, _ panels: [(value: Double, name: String)],
    _ run: StudyRun
  ) {
    let text = "\(kind.name): the time of the \(form) form grows no faster than the table says"
    let ends = panels.compactMap { panel in
      run.end(of: form, in: form == "scalar" ? panel.name + ", scalar" : panel.name)
        .map { (n: panel.value, row: $0) }
    }
    // What a limit ended has no time of its own.
    let times = ends.filter { $0.row.status == SolverStatus.solved.rawValue }
      .map { (n: $0.n, seconds: $0.row.seconds) }
    guard let first = times.first, let last = times.last, last.n > first.n else {
      guard !ends.isEmpty else { return }
      run.add(
        Claim(
          text, printed: power.map { "n^\($0)" } ?? "n^r, with r = n here",
          measured: "\(times.count) of \(ends.count) runs ended by themselves", .notComparable))
      return
    }
    let slope = Double.log(last.seconds / first.seconds) / Double.log(last.n / first.n)
    let measured =
      "n to the \(StudyText.short(slope)) from \(Int(first.n)) to \(Int(last.n)), \(StudyText.short(last.seconds)) s at the end; \(times.count) of \(ends.count) runs ended by themselves"
    guard let power else {
      run.add(Claim(text, printed: "n^r, with r = n here", measured: measured, .notComparable))
      return
    }
    run.add(Claim(text, printed: "n^\(power)", measured: measured, holds: slope <= Double(power)))
  }
}

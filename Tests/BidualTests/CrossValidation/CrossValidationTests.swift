import Bidual
import Testing

@Suite struct CrossValidationTests {
  private func dataset(rows: Int = 30, weights: Bool = false) throws -> Dataset {
    var random = SeededGenerator(seed: 8)
    let design = Matrix(
      rows: rows, columns: 2, elements: (0..<(rows * 2)).map { _ in random.nextGaussian() })
    let targets = (0..<rows).map { abs(design[$0, 0]) - 0.5 * design[$0, 1] + 0.3 * random.nextGaussian() }
    return try Dataset(
      features: design, targets: targets,
      weights: weights ? (0..<rows).map { Double($0 % 3 + 1) } : nil)
  }

  private func validation(_ data: Dataset, repeats: Int = 1, threads: Int = 1) throws -> CrossValidation {
    CrossValidation(
      Training(bias: true, threads: threads), betas: .fractions(count: 6, smallest: 0.02),
      splits: try (0..<repeats).map { try Folds(4, rows: data.samples, seed: UInt64($0)) }, gap: 1e-3)
  }

  /// The mean, the standard error and the choices, by another road: each fold trained afresh at its β, squares by loops.
  @Test(arguments: [false, true]) func curvesAreThoseOfFoldsTrainedOneByOne(weights: Bool) throws {
    let data = try dataset(weights: weights)
    let validation = try validation(data)
    let grid = try validation.grid(data)
    let fits = try validation.fits(data, grid: grid)
    let curve = try validation.curve(.mse, of: fits, on: data, classes: nil, grid: grid)
    let all = data.weights ?? Array(repeating: 1, count: data.samples)
    let total = all.reduce(0, +)
    for (k, beta) in grid.enumerated() {
      var (errors, sizes): ([Double], [Double]) = ([], [])
      for fold in 0..<4 {
        let (seen, held) = (validation.splits[0].training(fold), validation.splits[0].heldOut(fold))
        let share = seen.reduce(0) { $0 + all[$1] } / total
        let model = try Training(beta: .value(beta * share), gap: 1e-6, bias: true)
          .fit(try data.selectingRows(seen)).model
        let predicted = model.predictions(data.features.selectingRows(held))
        let size = held.reduce(0) { $0 + all[$1] }
        sizes.append(size)
        errors.append(
          zip(held, predicted).reduce(0) {
            $0 + all[$1.0] * ($1.1 - data.targets[$1.0]) * ($1.1 - data.targets[$1.0])
          } / size)
      }
      let mean = zip(sizes, errors).reduce(0) { $0 + $1.0 * $1.1 } / sizes.reduce(0, +)
      let spread =
        zip(sizes, errors).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / sizes.reduce(0, +)
      let standardError = (spread / 3).squareRoot()
      let point = curve.points[k]
      // The folds' fits end at a gap of 10⁻³ of the objective.
      #expect(abs(point.mean - mean) <= 0.03 * mean, "\(point.mean) \(mean)")
      #expect(abs(point.standardError - standardError) <= 0.05 * mean)
      // To the last digits from the values of the folds.
      let own = zip(sizes, point.folds).reduce(0) { $0 + $1.0 * $1.1 } / sizes.reduce(0, +)
      #expect(abs(point.mean - own) <= 1e-13 * own)
    }
    let best = curve.points.map(\.mean).min()!
    #expect(curve.points[curve.best].mean == best)
    let bar = best + curve.points[curve.best].standardError
    #expect(curve.oneStandardError == curve.points.firstIndex { $0.mean <= bar })
    #expect(curve.oneStandardError <= curve.best)
  }

  /// Where more is better, one standard error reaches down, and still to the larger β.
  @Test func oneStandardErrorGoesToTheLargerBetaForScoresThatRise() throws {
    let data = try dataset()
    let validation = try validation(data)
    let grid = try validation.grid(data)
    let fits = try validation.fits(data, grid: grid)
    let curve = try validation.curve(.r2, of: fits, on: data, classes: nil, grid: grid)
    let best = curve.points.map(\.mean).max()!
    #expect(curve.points[curve.best].mean == best)
    let bar = best - curve.points[curve.best].standardError
    #expect(curve.oneStandardError == curve.points.firstIndex { $0.mean >= bar })
    #expect(curve.points[curve.oneStandardError].beta >= curve.points[curve.best].beta)
  }

  @Test func threadsAndPartsChangeNothing() throws {
    let data = try dataset()
    let one = try validation(data, repeats: 2)
    let two = try validation(data, repeats: 2, threads: 2)
    let grid = try one.grid(data)
    let whole = try one.fits(data, grid: grid)
    #expect(whole.count == 8)
    #expect(try two.fits(data, grid: grid) == whole)
    let odd = try one.fits(data, grid: grid, places: [1, 3, 5, 7])
    let even = try one.fits(data, grid: grid, places: [0, 2, 4, 6])
    let merged = try one.curve(.loss, of: odd + even, on: data, classes: nil, grid: grid)
    #expect(merged == (try one.curve(.loss, of: whole, on: data, classes: nil, grid: grid)))
    for wrong in [odd, odd + odd, whole + [whole[0]]] {
      #expect(throws: DataError.self) {
        try one.curve(.loss, of: wrong, on: data, classes: nil, grid: grid)
      }
    }
  }

  /// Each row is predicted by fits that have not seen it, and by all repeats alike.
  @Test func outOfFoldPredictionsAreMeansOverTheRepeats() throws {
    let data = try dataset()
    let validation = try validation(data, repeats: 2)
    let grid = try validation.grid(data)
    let fits = try validation.fits(data, grid: grid)
    let predictions = try validation.outOfFoldPredictions(fits, at: 3, outputs: 1)
    var sums = [Double](repeating: 0, count: data.samples)
    for fit in fits {
      let rows = validation.splits[fit.split].heldOut(fit.fold)
      for (row, prediction) in zip(rows, fit.points[3].predictions) { sums[row] += prediction / 2 }
    }
    for (a, b) in zip(predictions, sums) { #expect(abs(a - b) <= 1e-12 * (1 + abs(b))) }
  }

  /// What is fitted to data is fitted inside the folds: an outlier that is held out moves no mean and no scale.
  @Test func standardisingHappensInsideTheFolds() throws {
    let data = try dataset()
    var features = data.features
    features[0, 0] = 1e6
    let outlying = try Dataset(features: features, targets: data.targets)
    let folds = try Folds(given: (0..<30).map { $0 == 0 ? 1 : Double($0 % 2 + 2) })
    func fits(_ data: Dataset) throws -> FoldFit {
      let validation = CrossValidation(
        Training(standardize: true), betas: .values([1]), splits: [folds])
      return try validation.fits(data, grid: [1], places: [0])[0]
    }
    // The fold of the outlier alone: training is the same, so only its own prediction differs.
    #expect(try fits(data).points[0].objective == fits(outlying).points[0].objective)
  }

  @Test func everyKindOfTargetCanBeSplit() throws {
    let data = try dataset(rows: 24)
    let signs = try Dataset(features: data.features, targets: data.targets.map { $0 > 0.2 ? 1 : -1 })
    let two = ClassLabels(negative: "n", positive: "p")
    let three = ClassLabels(oneHot: ["a", "b", "c"])
    let oneHot = try Dataset(
      features: data.features,
      targets: data.targets.flatMap { y in (0..<3).map { $0 == (y < 0.1 ? 0 : y < 0.6 ? 1 : 2) ? 1.0 : 0 } },
      outputs: 3, targetName: "y")
    for (data, loss, classes, metric) in [
      (signs, HingeLoss() as any Loss, two as ClassLabels?, Metric.auc),
      (signs, LogisticLoss(), two, .brier), (oneHot, SoftmaxLoss(), three, .logLoss),
      (data, AbsoluteLoss(), nil, .mae),
    ] {
      let strata = Folds.strata(of: data, classes: classes)
      let validation = CrossValidation(
        Training(loss: loss, bias: true), betas: .fractions(count: 3, smallest: 0.1),
        splits: [try Folds(3, rows: 24, strata: strata, seed: 1)])
      let grid = try validation.grid(data)
      let fits = try validation.fits(data, classes: classes, grid: grid)
      let curve = try validation.curve(metric, of: fits, on: data, classes: classes, grid: grid)
      #expect(curve.points.allSatisfy { $0.mean.isFinite && $0.standardError >= 0 })
    }
  }

  @Test func aStopStillGivesEveryFoldItsPredictions() throws {
    let data = try dataset()
    let validation = try validation(data)
    let stop = StopSignal()
    stop.stop()
    let fits = try validation.fits(data, grid: [3, 2, 1], stop: stop)
    #expect(fits.allSatisfy { $0.points.count == 3 && $0.points[2].gap == 1 })
  }
}

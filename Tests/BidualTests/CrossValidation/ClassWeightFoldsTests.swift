import Bidual
import Testing

/// Balanced class weights inside folds, against folds that are weighed by loops and trained one by one.
@Suite struct ClassWeightFoldsTests {
  private static let classes = ClassLabels(negative: "no", positive: "yes")

  private func dataset() throws -> Dataset {
    var random = SeededGenerator(seed: 21)
    let rows = 33
    let design = Matrix(
      rows: rows, columns: 2, elements: (0..<(rows * 2)).map { _ in random.nextGaussian() })
    let targets = (0..<rows).map { abs(design[$0, 0]) + 0.4 * random.nextGaussian() > 1.2 ? 1.0 : -1 }
    return try Dataset(features: design, targets: targets, weights: (0..<rows).map { Double($0 % 3 + 1) })
  }

  /// What rows weigh where those of both classes among `seen` are to weigh alike.
  private func balanced(_ rows: [Int], asIn seen: [Int], _ data: Dataset) -> [Double] {
    let sums = [-1.0, 1].map { sign in
      seen.filter { data.targets[$0] == sign }.reduce(0) { $0 + data.weights![$1] }
    }
    return rows.map { data.weights![$0] * (sums[0] + sums[1]) / 2 / sums[data.targets[$0] > 0 ? 1 : 0] }
  }

  @Test func eachFoldIsBalancedByItsTrainingRows() throws {
    let data = try dataset()
    let training = Training(
      loss: LogisticLoss(), bias: true, standardize: true, classWeights: .balanced)
    // Neither stratified nor equal in weight: the balance is another one in each fold.
    let folds = try Folds(3, rows: data.samples, seed: 4)
    let validation = CrossValidation(training, betas: .values([1.5]), splits: [folds], gap: 1e-6)
    let grid = try validation.grid(data, classes: Self.classes)
    let fits = try validation.fits(data, classes: Self.classes, grid: grid)
    let curve = try validation.curve(.loss, of: fits, on: data, classes: Self.classes, grid: grid)
    for fold in 0..<3 {
      let (seen, held) = (folds.training(fold), folds.heldOut(fold))
      let weights = balanced(seen, asIn: seen, data)
      let byHand = try Dataset(
        features: data.features.selectingRows(seen), targets: seen.map { data.targets[$0] }, weights: weights)
      let share = weights.reduce(0, +) / data.weights!.reduce(0, +)
      let model = try Training(
        loss: LogisticLoss(), beta: .value(1.5 * share), gap: 1e-6, bias: true, standardize: true
      ).fit(byHand).model
      let predicted = model.predictions(data.features.selectingRows(held))
      for (a, b) in zip(predicted, fits[fold].points[0].predictions) { #expect(abs(a - b) <= 1e-2) }
      let shares = balanced(held, asIn: seen, data)
      let loss = zip(shares, zip(held, predicted)).reduce(0) {
        $0 + $1.0 * LogisticLoss().value($1.1.1, target: data.targets[$1.1.0])
      }
      #expect(abs(loss / shares.reduce(0, +) - curve.points[0].folds[fold]) <= 1e-2)
    }
  }

  /// The model of all rows has the numbers, and by them the problem that was trained.
  @Test func theModelPosesTheWeightedProblem() throws {
    let data = try dataset()
    let training = Training(
      loss: LogisticLoss(), beta: .value(1.5), gap: 1e-6, bias: true, classWeights: .balanced)
    let trained = try training.fit(data, classes: Self.classes)
    let problem = try trained.model.problem(on: data)
    let weights = balanced(Array(0..<data.samples), asIn: Array(0..<data.samples), data)
    for (a, b) in zip(problem.weights, weights) { #expect(abs(a - b) <= 1e-14 * b) }
    #expect(abs(problem.weights.reduce(0, +) - data.weights!.reduce(0, +)) <= 1e-11)
    #expect(abs(problem.objective(trained.model.network) - trained.certificate.objective) <= 1e-9)
    #expect(throws: DataError.self) { try training.fit(data) }
  }

  @Test func weightsAreReadAsTheyAreWritten() throws {
    for text in ["balanced", "no=2.0,yes=0.5", "a=b=3.0"] {
      #expect(try #require(ClassWeights(text)).description == text)
    }
    #expect(ClassWeights("a=b=3") == .given(["a=b": 3]))
    for text in ["", "fair", "a=", "a=x", "a=1,,b=2", "a=1,a=2"] { #expect(ClassWeights(text) == nil) }
  }
}

import BidualLinear
import BidualModels
import BidualProcesses

/// Chooses β by how networks that were trained without some rows predict these.
///
/// Losses are sums over rows. So that all fits are held as strongly as the one on all rows, a fold trains at β times the share of
/// the weight of its rows; tables and results speak of β for all rows. Folds are trained until the gap is small by local pricing, each along its own path
/// from the largest β down; nothing passes between folds.
public struct CrossValidation: Sendable {
  /// How to train; its β and its gap play no part.
  public var training: Training
  /// The values of β.
  public var betas: BetaGrid
  /// The folds, once or several times.
  public var splits: [Folds]
  /// The relative gap by local pricing with which a fit of a fold ends; by default 10⁻², far below what folds differ by.
  public var gap: Double

  /// Cross-validation with the given settings.
  public init(_ training: Training, betas: BetaGrid = .fractions(), splits: [Folds], gap: Double = 1e-2) {
    self.training = training
    self.gap = gap
    self.betas = betas
    self.splits = splits
  }

  /// The folds of all repeats, in the order in which `fits` numbers them.
  public var folds: [(split: Int, fold: Int)] {
    splits.indices.flatMap { split in (0..<splits[split].count).map { (split, $0) } }
  }

  /// The values of β for all rows, the largest first.
  ///
  /// - Throws: as `Training.fit`.
  public func grid(
    _ dataset: Dataset, classes: ClassLabels? = nil, stop: StopSignal = StopSignal()
  ) throws(DataError) -> [Double] {
    try training.check(.objective)
    return try BLAS.singleThreaded { () throws(DataError) in
      guard betas.isRelative else { return try betas.values(betaMax: 0) }
      let posed = try PosedPath(training, dataset, classes, stop: stop)
      return try betas.values(betaMax: posed.betaMax(stop: stop))
    }
  }

  /// Trains without each of some folds.
  ///
  /// - Parameters:
  ///   - grid: the values of β for all rows.
  ///   - places: which of `folds`; all if nil.
  ///   - source: what makes data sets of rows; the data set itself if nil.
  ///   - stop: ends the fits early; of a time limit each fold gets an equal share, and where it ends, later β are given the last network.
  ///   - kept: the folds that are done, which are not trained again, and where those of this run go; one that `stop` cut short is not kept.
  ///   - progress: called from any thread whenever a fold is done.
  /// - Returns: the fits, in the order of the places; the same whatever the number of threads, where no time limit cuts in.
  /// - Throws: as `Training.fit`; the message names the fold.
  public func fits(
    _ dataset: Dataset, classes: ClassLabels? = nil, grid: [Double], places: [Int]? = nil,
    source: (any FoldSource)? = nil, stop: StopSignal = StopSignal(), kept: KeptFits? = nil,
    progress: @Sendable () -> Void = {}
  ) throws(DataError) -> [FoldFit] {
    let folds = folds
    let places = places ?? Array(folds.indices)
    let source: any FoldSource = source ?? dataset
    let lanes = min(training.threads, max(1, places.count))
    let rounds = (places.count + lanes - 1) / lanes
    // Folds run side by side, one of them on this thread.
    let results = HelpingRanks.$group.withValue(nil) {
      BLAS.singleThreaded {
        concurrentMap(places.count, threads: lanes) { index, _ -> Result<FoldFit, DataError> in
          let share = stop.firstPart(1 / Double(rounds - index / lanes))
          let place = folds[places[index]]
          let result = Result { () throws(DataError) in
            if let done = kept?.fit(place) { return done }
            let fit = try fit(place, dataset, classes, grid, source, share)
            if !share.isRaised { kept?.take(fit, grid: grid) }
            return fit
          }.mapError { $0.located(in: "fold \(place.fold + 1)") }
          progress()
          return result
        }
      }
    }
    kept?.save(grid: grid)
    return try results.map { result throws(DataError) in try result.get() }
  }

  private func fit(
    _ place: (split: Int, fold: Int), _ dataset: Dataset, _ classes: ClassLabels?, _ grid: [Double],
    _ source: any FoldSource, _ stop: StopSignal
  ) throws(DataError) -> FoldFit {
    let folds = splits[place.split]
    let rows = folds.training(place.fold)
    let (seen, heldOut) = try source.split(training: rows, heldOut: folds.heldOut(place.fold))
    var training = training
    training.threads = 1
    training.gap = gap
    training.provesInTheEnd = false
    let share = try weight(of: rows, in: dataset, classes) / weight(of: nil, in: dataset, classes)
    var points: [FoldFit.Point] = []
    let posed = try PosedPath(training, seen, classes, stop: stop)
    try posed.run(grid.map { $0 * share }, proofs: .none, stop: stop) { _, result throws(DataError) in
      let predictions = result.model.predictions(heldOut.features, rowOffsets: heldOut.rowOffsets)
      guard predictions.allSatisfy(\.isFinite) else {
        throw DataError(
          .badData, "a prediction for a row held out overflows; check its features")
      }
      points.append(
        FoldFit.Point(
          predictions: predictions, objective: result.certificate.objective,
          gap: result.outcome.localGap ?? result.certificate.relativeGap,
          neurons: result.model.network.neurons))
    }
    // A path that a time limit cut short ends with its last network, whose gap at the other values is not known.
    if let last = points.last {
      points += Array(
        repeating: FoldFit.Point(
          predictions: last.predictions, objective: last.objective, gap: 1, neurons: last.neurons),
        count: grid.count - points.count)
    }
    return FoldFit(split: place.split, fold: place.fold, points: points)
  }

  /// What some rows weigh together, all if nil.
  private func weight(of rows: [Int]?, in dataset: Dataset, _ classes: ClassLabels?) throws(DataError)
    -> Double
  {
    let part = try rows.map { rows throws(DataError) in try dataset.selectingRows(rows) } ?? dataset
    return try weighed(part, as: part, classes).weights?.reduce(0, +) ?? Double(part.samples)
  }

  /// Samples that weigh by their classes, as the rows of training have it.
  private func weighed(_ samples: Dataset, as seen: Dataset, _ classes: ClassLabels?) throws(DataError)
    -> Dataset
  {
    guard let weights = try training.classWeights(of: seen, classes), let classes else { return samples }
    return try samples.weighing(classes, by: weights)
  }

  /// The curve of a metric over all folds.
  ///
  /// - Parameter fits: of all folds, in any order.
  /// - Throws: `DataError` of kind `badSettings` for a metric that is not for such targets, of kind `badData` where a fold is missing, stands twice, or
  ///   its rows don't define the metric.
  public func curve(
    _ metric: Metric, of fits: [FoldFit], on dataset: Dataset, classes: ClassLabels?, grid: [Double]
  ) throws(DataError) -> ValidationCurve {
    try metric.check(loss: training.loss, classes: classes)
    let ordered = try inOrder(fits)
    var values = [[Double]](repeating: [], count: grid.count)
    var weights: [Double] = []
    for fit in ordered {
      let rows = splits[fit.split].heldOut(fit.fold)
      let held = try weighed(
        dataset.selectingRows(rows), as: dataset.selectingRows(splits[fit.split].training(fit.fold)), classes)
      weights.append(held.weights?.reduce(0, +) ?? Double(rows.count))
      for (k, point) in fit.points.enumerated() {
        values[k].append(
          try metric.value(
            point.predictions, of: held, loss: training.loss, classes: classes,
            places: training.architecture.places))
      }
    }
    return ValidationCurve(
      metric, betas: grid, values: values, weights: weights, repeats: splits.count)
  }

  /// What the fits at one β predict for each row that they were trained without, as the mean over the repeats.
  ///
  /// - Throws: `DataError` of kind `badData` where a fold is missing or stands twice.
  public func outOfFoldPredictions(_ fits: [FoldFit], at place: Int, outputs: Int) throws(DataError)
    -> [Double]
  {
    var sums = [Double](repeating: 0, count: (splits.first?.assignment.count ?? 0) * outputs)
    for fit in try inOrder(fits) {
      for (index, row) in splits[fit.split].heldOut(fit.fold).enumerated() {
        for k in 0..<outputs {
          sums[row * outputs + k] += fit.points[place].predictions[index * outputs + k] / Double(splits.count)
        }
      }
    }
    return sums
  }

  private func inOrder(_ fits: [FoldFit]) throws(DataError) -> [FoldFit] {
    let ordered = fits.sorted { ($0.split, $0.fold) < ($1.split, $1.fold) }
    let expected = folds
    guard ordered.count == expected.count,
      zip(ordered, expected).allSatisfy({ $0.split == $1.split && $0.fold == $1.fold })
    else {
      throw DataError(
        .badData,
        "\(ordered.count) fits of \(expected.count) folds, each wanted once; give all parts, and each once")
    }
    return ordered
  }
}

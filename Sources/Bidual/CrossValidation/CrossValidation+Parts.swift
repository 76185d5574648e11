import BidualIO
import BidualModels

extension CrossValidation {
  /// What some folds of a cross-validation gave, to be joined with the others: on the same machine later, or from others.
  public struct Part: Codable, Sendable {
    /// The values of β for all rows.
    public let grid: [Double]
    /// The fits.
    public let fits: [FoldFit]

    /// A part from its fits.
    public init(grid: [Double], fits: [FoldFit]) {
      self.grid = grid
      self.fits = fits
    }
  }

  /// What parts must agree in: the data, the settings, the values of β and the folds.
  func subject(_ dataset: Dataset) -> CheckpointSubject {
    let folds = splits.map { $0.assignment.map(String.init).joined(separator: " ") }
    return CheckpointSubject(
      dataset,
      settings: training.settingsBesideBeta
        + [
          .init("gap", "\(gap)"), .init("values of beta", betas.description),
          .init("folds", Digest.text(of: Array(folds.joined(separator: ";").utf8)[...])),
        ])
  }

  /// Writes a part to a file, atomically.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  public func write(_ part: Part, on dataset: Dataset, seconds: Double, to path: String) throws(DataError) {
    try CheckpointFile(subject: subject(dataset), betaMax: nil, seconds: seconds, state: part).write(to: path)
  }

  /// Reads a part of this cross-validation.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`, which says in what the part is another's.
  public func part(path: String, on dataset: Dataset) throws(DataError) -> Part {
    let part = try CheckpointFile<Part>(path: path, of: subject(dataset), as: .foldsPart).state
    try check(part, path: path, on: dataset)
    return part
  }

  /// Refuses fits that are not of these folds.
  func check(_ part: Part, path: String, on dataset: Dataset) throws(DataError) {
    let c = dataset.outputs
    guard
      part.fits.allSatisfy({ fit in
        splits.indices.contains(fit.split) && (0..<splits[fit.split].count).contains(fit.fold)
          && fit.points.count == part.grid.count
          && fit.points.allSatisfy {
            $0.predictions.count == splits[fit.split].heldOut(fit.fold).count * c
              && $0.predictions.allSatisfy(\.isFinite)
          }
      })
    else {
      throw DataError(.badData, "\(path): the fits are not of these folds; make the part again")
    }
  }
}

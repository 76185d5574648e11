import ArgumentParser
import Bidual

/// Which rows are held out together.
struct FoldOptions: ParsableArguments {
  @Option(help: "The number of folds (default: 10).")
  var folds: Int?
  @Option(help: "How many times to split the rows anew.")
  var repeats = 1
  @Flag(
    inversion: .prefixedNo,
    help:
      "Spread the classes, or the numbers by their size, evenly over the folds (default: classes, but not numbers)."
  )
  var stratify: Bool?
  @Option(
    help: ArgumentHelp(
      "A column of numbers, or a NumPy array; rows of one number stay together.", valueName: "column|file.npy"
    ), completion: .file(extensions: ["npy"]))
  var groups: String?
  @Option(
    help: ArgumentHelp(
      "A column of numbers, or a NumPy array: the fold of each row.", valueName: "column|file.npy"),
    completion: .file(extensions: ["npy"]))
  var foldIds: String?

  func validate() throws {
    guard groups == nil || foldIds == nil else {
      throw ValidationError("give --groups or --fold-ids, not both")
    }
    if let folds, folds < 2 { throw ValidationError("--folds is \(folds); give at least 2") }
    guard (1...1000).contains(repeats) else {
      throw ValidationError("--repeats is \(repeats); give from 1 to 1000")
    }
    guard foldIds == nil || (folds == nil && repeats == 1 && stratify == nil) else {
      throw ValidationError("--fold-ids says what the folds are; leave out --folds, --repeats and --stratify")
    }
    guard groups == nil || stratify == nil else {
      throw ValidationError("--stratify doesn't go with --groups; leave it out")
    }
  }

  private var place: ColumnPlace? { (groups ?? foldIds).map { ColumnPlace($0) } }

  /// The columns of the data that say how to split, which are no features.
  var columns: [String] { if case .column(let name)? = place { [name] } else { [] } }

  /// The folds, once for each repeat.
  ///
  /// - Throws: `DataError`.
  func splits(of dataset: Dataset, in intake: Intake, classes: ClassLabels?, seed: UInt64) throws -> [Folds] {
    var numbers: [Double]?
    switch place {
    case .column(let name): numbers = try intake.numbers(name)
    case .file(let path): numbers = try intake.numbers(file: path)
    case nil: break
    }
    if let numbers, foldIds != nil { return [try Folds(given: numbers)] }
    let strata = stratify ?? (classes != nil) ? Folds.strata(of: dataset, classes: classes) : nil
    let count = folds ?? 10
    return try (0..<repeats).map { index in
      let seed = seed &+ UInt64(index)
      return if let numbers {
        try Folds(count, groups: numbers, seed: seed)
      } else {
        try Folds(count, rows: dataset.samples, strata: strata, seed: seed)
      }
    }
  }
}

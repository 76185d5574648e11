import Bidual

/// A model with its certificate and the data that it is about, to be checked by anybody.
struct StudyProof {
  /// The name of its files.
  let name: String
  let model: Model
  let certificate: Certificate
  let dataset: Dataset

  /// Whether the certificate is accepted, all of it computed anew from model and data.
  func isVerified(threads: Int) -> Bool {
    BLAS.singleThreaded {
      guard let problem = try? model.problem(on: dataset) else { return false }
      let certifier =
        certificate.restriction.map { try? Certifier(problem, restrictedTo: $0, threads: threads) }
        ?? Certifier(problem, threads: threads)
      return (try? certifier?.verify(certificate, of: model.sampleNetwork)) != nil
    }
  }

  /// The data as a table: the features, then the targets.
  var table: Table {
    get throws(DataError) {
      let (d, c) = (dataset.features.columns, dataset.outputs)
      let values = (0..<dataset.samples).flatMap { i in
        Array(dataset.features.row(i)) + dataset.targets[(i * c)..<((i + 1) * c)]
      }
      return try Table(
        names: dataset.featureNames
          + (c == dataset.targetNames.count ? dataset.targetNames : (0..<c).map { "y\($0)" }),
        values: Matrix(rows: dataset.samples, columns: d + c, elements: values))
    }
  }
}

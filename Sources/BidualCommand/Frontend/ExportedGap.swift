import Bidual

/// How far the network in an exported file is from optimal, by the proven bound of a certificate of the model that it was written of.
struct ExportedGap {
  private let model: Model
  private let dataset: Dataset
  private let certifier: Certifier
  private let proven: Certificate

  /// Proves the certificate's bound again, as `verify` does.
  ///
  /// - Throws: `DataError` where a file is bad or the bound is not of all networks, `VerificationFailure` where the certificate does not hold.
  init(of model: Model, on dataset: Dataset, certificate path: String) throws {
    let file = try CertificateFile(path: path)
    try file.checkSubject(model: model, dataset: dataset)
    guard file.certificate.scope == .global else {
      throw DataError(
        .badSettings,
        "\(path): the certificate's scope is '\(file.certificate.scope.rawValue)', and a rounded network may be outside of it; give a certificate of scope global"
      )
    }
    self.model = model
    self.dataset = dataset
    let certifier = Certifier(try model.problem(on: dataset), threads: ThreadCount.resolve(nil))
    proven = try BLAS.singleThreaded { try certifier.verify(file.certificate, of: model.sampleNetwork) }
    self.certifier = certifier
  }

  /// What to say of a file that holds this content.
  func lines(about content: Model) throws -> [String] {
    let objective = Certifier(try content.problem(on: dataset)).objective(of: content.sampleNetwork)
    let gap = certifier.relativeGap(objective: objective, lowerBound: proven.lowerBound)
    return [
      "the objective of the network in the file is \(objective), of the model \(proven.objective),",
      "and no \(Wording.networks(like: model)) has one below \(proven.lowerBound)",
      "(relative gap \(Figures.short(gap)), of the model \(Figures.short(proven.relativeGap)))",
    ]
  }
}

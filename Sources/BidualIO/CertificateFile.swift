import BidualArrangements
import BidualCertificates
import BidualModels
import BidualPolars

/// A certificate with the model and the data set that it speaks of, as a JSON file: format version 1, or 2 where
/// it lists the patterns to which it is restricted.
///
/// Its fingerprints are SHA-256; files of earlier versions, with FNV-1a, are read all the same.
public struct CertificateFile: Sendable {
  /// The certificate.
  public let certificate: Certificate
  private let document: Document

  /// The certificate of `model` on `dataset`.
  public init(_ certificate: Certificate, model: Model, dataset: Dataset) {
    self.certificate = certificate
    document = Document(certificate, model: model, dataset: dataset)
  }

  /// Reads a certificate.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  public init(path: String) throws(DataError) {
    document = try JSONDocument.read(Document.self, path: path, kind: "certificate")
    guard let scope = Certificate.Scope(rawValue: document.scope) else {
      throw DataError(
        .badData, "\(path): scope '\(document.scope)' is unknown; give a file that bidual wrote")
    }
    let restriction = try document.restriction?.restriction(path: path)
    do {
      certificate = try Certificate(
        objective: document.objective, lowerBound: document.lowerBound, scope: scope,
        dualPoint: document.dualPoint, polarBound: document.polarBound.value, dualScale: document.dualScale,
        restriction: restriction, reference: document.reference ?? 0)
    } catch {
      throw DataError(.badData, "\(path): \(error); give a file that bidual wrote")
    }
  }

  /// Writes the certificate to `path`, atomically.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  public func write(to path: String) throws(DataError) {
    try JSONDocument.write(document, to: path)
  }

  /// Whether the file speaks of this model and data set and has the numbers it was written with.
  ///
  /// This finds mix-ups and damage before a proof is begun; it proves nothing by itself.
  ///
  /// - Throws: `VerificationFailure` with the first thing that does not fit.
  public func checkSubject(model: Model, dataset: Dataset) throws(VerificationFailure) {
    guard document.format == Document.format,
      document.version == Document.version(isRestricted: document.restriction != nil)
    else {
      throw VerificationFailure(
        "the certificate says \(document.format) version \(document.version); this program reads \(Document.format) version 1, and 2 with a restriction"
      )
    }
    let method = Digest.Method(of: document.data)
    let expected = Document(certificate, model: model, dataset: dataset, fingerprints: method)
    guard document.data == expected.data else {
      throw VerificationFailure("the certificate is of another data set")
    }
    guard document.model == expected.model else {
      throw VerificationFailure("the certificate is of another model")
    }
    guard document == expected else {
      throw VerificationFailure("the certificate was altered: \(document.firstDifference(expected))")
    }
  }

  private struct Document: Codable, Equatable {
    static let format = "bidual-certificate"

    /// The format version that a certificate needs.
    static func version(isRestricted: Bool) -> Int { isRestricted ? 2 : 1 }

    var format = Document.format
    var version: Int
    var architecture: String
    var loss: String
    var beta: Double
    /// Only ℓ₁ is written; files without the field are of ℓ₂.
    var norm: String?
    var samples: Int
    var features: Int
    /// Only written where there are several.
    var outputs: Int?
    var scope: String
    var objective: Double
    var lowerBound: Double
    var relativeGap: Double
    /// Only written where the relative gap is measured by it.
    var reference: Double?
    var polarBound: PolarBoundField
    var dualScale: Double
    var dualPoint: [Double]
    var restriction: RestrictionDocument?
    /// Digests of the data, the model and all numbers of this file.
    var data: String
    var model: String
    var seal: String

    init(
      _ certificate: Certificate, model: Model, dataset: Dataset, fingerprints method: Digest.Method = .sha256
    ) {
      version = Document.version(isRestricted: certificate.restriction != nil)
      architecture = model.architecture.name
      loss = model.loss
      beta = model.beta
      norm = model.architecture.norm == .l2 ? nil : model.architecture.norm.rawValue
      samples = dataset.samples
      features = dataset.featureNames.count
      outputs = dataset.outputs == 1 ? nil : dataset.outputs
      scope = certificate.scope.rawValue
      objective = certificate.objective
      lowerBound = certificate.lowerBound
      relativeGap = certificate.relativeGap
      polarBound = PolarBoundField(value: certificate.polarBound)
      reference = certificate.isMeasuredByReference ? certificate.reference : nil
      dualScale = certificate.dualScale
      dualPoint = certificate.dualPoint
      restriction = certificate.restriction.map(RestrictionDocument.init)
      data = Digest(of: dataset, by: method).text
      self.model = Digest(of: model, by: method).text
      var digest = Digest(by: method)
      digest.add("bounds", [objective, lowerBound, relativeGap, certificate.polarBound, dualScale])
      digest.add("reference", reference)
      digest.add("dualPoint", dualPoint)
      digest.add("scope", scope)
      restriction?.add(to: &digest)
      digest.add("data", data)
      digest.add("model", self.model)
      seal = digest.text
    }

    /// Names the first field that differs from what it should be.
    func firstDifference(_ other: Document) -> String {
      let pairs: [(String, Bool)] = [
        ("architecture", architecture == other.architecture), ("loss", loss == other.loss),
        ("beta", beta == other.beta), ("norm", norm == other.norm), ("samples", samples == other.samples),
        ("features", features == other.features), ("outputs", outputs == other.outputs),
        ("relativeGap", relativeGap == other.relativeGap),
      ]
      let field = pairs.first { !$0.1 }?.0
      return field.map { "field '\($0)' does not fit the rest" }
        ?? "its numbers are not those it was sealed with"
    }
  }
}

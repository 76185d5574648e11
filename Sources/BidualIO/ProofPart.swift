import BidualCertificates
import BidualModels
import BidualPolars

/// What one share of a divided proof found, to be joined with the others: as a file of the format of checkpoints.
///
/// A file is taken at its word: what is joined of files is a claim, which `verify` proves again.
public struct ProofPart: Codable, Sendable, Equatable {
  /// Which share, from 1 on.
  public let index: Int
  /// How many shares there are.
  public let count: Int
  /// The dual point.
  public let dualPoint: [Double]
  /// A bound of its polar along the share's directions.
  public let polarBound: Double
  /// The fingerprint of what directions were divided by.
  private let division: String

  /// A part from the proof of a share.
  package init(_ share: SearchShare, _ proof: Certifier.ShareProof) {
    index = share.index + 1
    count = share.count
    dualPoint = proof.dualPoint
    polarBound = proof.polarBound
    var digest = Digest()
    digest.add("division", proof.division)
    division = digest.text
  }

  /// What parts must agree in beside what they say: the data and the model.
  private static func subject(_ model: Model, _ dataset: Dataset) -> CheckpointSubject {
    CheckpointSubject(dataset, settings: [.init("model", Digest(of: model).text)])
  }

  /// What runs of one search must agree in.
  package static func search(
    _ share: SearchShare, dualPoint: [Double], gap: Double, _ model: Model, _ dataset: Dataset
  ) -> CheckpointSubject {
    var digest = Digest()
    digest.add("dual point", dualPoint)
    return CheckpointSubject(
      dataset,
      settings: [
        .init("model", Digest(of: model).text), .init("part", "\(share.index + 1)/\(share.count)"),
        .init("dual point", digest.text), .init("gap", "\(gap)"),
      ])
  }

  /// Writes the part to a file, atomically.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  public func write(of model: Model, on dataset: Dataset, seconds: Double, to path: String) throws(DataError)
  {
    try CheckpointFile(
      subject: Self.subject(model, dataset), betaMax: nil, seconds: seconds, state: self
    ).write(to: path)
  }

  /// Reads a part of a proof about this model and data set.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`, which says in what the part is another's.
  public init(path: String, of model: Model, on dataset: Dataset) throws(DataError) {
    self = try CheckpointFile<ProofPart>(path: path, of: Self.subject(model, dataset), as: .proofPart).state
    guard count > 0, (1...count).contains(index), dualPoint.count == dataset.targets.count,
      dualPoint.allSatisfy(\.isFinite), polarBound >= 0
    else {
      throw DataError(.badData, "\(path): the part's numbers are no proof of these data; make it again")
    }
  }

  /// The dual point of parts that make up all directions, and the bound of its polar.
  ///
  /// - Throws: `DataError` of kind `badData`, which names the file that does not go with the others, or the parts that are missing.
  public static func joined(_ parts: [(path: String, part: ProofPart)]) throws(DataError) -> (
    dualPoint: [Double], polarBound: Double
  ) {
    guard let (first, whole) = parts.first else {
      throw DataError(.badData, "there are no parts to join; name their files")
    }
    var paths = [Int: String]()
    for (path, part) in parts {
      guard part.count == whole.count else {
        throw DataError(
          .badData,
          "\(path): this is part \(part.index) of \(part.count), but \(first) is one of \(whole.count); give parts of one division"
        )
      }
      if let other = paths[part.index] {
        throw DataError(
          .badData,
          "\(path): this is part \(part.index) of \(part.count) once more, as \(other) is; give each part once"
        )
      }
      guard part.dualPoint == whole.dualPoint else {
        throw DataError(
          .badData,
          "\(path): its dual point is another than that of \(first); make it again from the same certificate"
        )
      }
      guard part.division == whole.division else {
        throw DataError(
          .badData,
          "\(path): it divides the directions otherwise than \(first), for another gap or on a machine of other arithmetic; make all parts for one gap on machines of one kind"
        )
      }
      paths[part.index] = path
    }
    let missing = (1...whole.count).filter { paths[$0] == nil }
    guard missing.isEmpty else {
      let list = missing.map(String.init).joined(separator: ", ")
      throw DataError(
        .badData,
        "\(first): this is one of \(whole.count) parts, of which \(missing.count) lack\(missing.count == 1 ? "s" : "") here: \(list); make and give \(missing.count == 1 ? "it" : "them") too"
      )
    }
    return (whole.dualPoint, parts.reduce(0) { max($0, $1.part.polarBound) })
  }
}

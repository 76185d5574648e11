import Bidual

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder for models and certificates, made if it is not there.
struct OutputFolder {
  private let path: String

  /// - Throws: `DataError` of kind `cannotWrite` where there is no such folder and none can be made.
  init(_ path: String) throws(DataError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DataError(.cannotWrite, "\(path): the folder can't be made; check the path and its permissions")
    }
    try AtomicFile.check(path + "/model.json")
  }

  /// Writes the model and the certificate of a result by its number, with as many digits as the last one has.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  func write(_ result: Training.Result, of dataset: Dataset, number: Int, of count: Int) throws(DataError) {
    let digits = "\(number)"
    let name = String(repeating: "0", count: max(0, "\(count)".count - digits.count)) + digits
    try ModelFile.write(result.model, to: "\(path)/model-\(name).json")
    try CertificateFile(result.certificate, model: result.model, dataset: dataset)
      .write(to: "\(path)/certificate-\(name).json")
  }
}

import Bidual
import Foundation

/// A model and its certificate as `fit` wrote them, made once a setting.
enum Trained: String, CaseIterable {
  /// All columns and a bias, not standardised.
  case balloons
  /// Two columns, standardised, and a bias.
  case fertility

  /// The data it was trained on.
  var data: BundledData {
    switch self {
    case .balloons: .balloons
    case .fertility: .fertility
    }
  }

  /// The arguments of `fit` that made it, less where to write.
  var arguments: [String] {
    let settings =
      switch self {
      case .balloons: ["--bias", "--beta", "0.1"]
      case .fertility: ["--features", "age,hours_sitting", "--bias", "--standardize"]
      }
    return ["fit", data.file, "--target", "target", "--gap", "1e-6", "--quiet"] + settings
  }

  private struct Files {
    let model: [UInt8]
    let certificate: [UInt8]
  }

  private static let files = Dictionary(
    uniqueKeysWithValues: allCases.map { trained in
      (trained, Swift.Result<Files, any Error> { try trained.train() })
    })

  private func train() throws -> Files {
    let folder = try TemporaryFolder(data)
    _ = try Program.run(
      arguments + ["--output", "model.json", "--certificate", "certificate.json"], in: folder)
    return Files(model: try folder.read("model.json"), certificate: try folder.read("certificate.json"))
  }

  /// A fresh folder with the data, `model.json` and `certificate.json` in it.
  func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder(data)
    let files = try Self.files[self]!.get()
    try folder.write(files.model, to: "model.json")
    try folder.write(files.certificate, to: "certificate.json")
    return folder
  }

  /// The arguments of `verify` in such a folder.
  var verification: [String] { ["verify", "model.json", "certificate.json", data.file] }
}

import Bidual
import BidualIO
import Foundation

/// The folder that a study leaves, of the same shape for all of them.
package struct StudyFolder {
  private let path: String

  /// The folder of a study within another one, made if it is not there.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  package init(of study: any Study, in parent: String) throws(DataError) {
    path = "\(parent)/\(study.id)"
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/certificates", withIntermediateDirectories: true)
    } catch {
      throw DataError(
        .cannotWrite, "\(path): the folder can't be made; check the path and its permissions")
    }
    try AtomicFile.check(path + "/summary.md")
  }

  /// Writes settings, curves, ends, tables, claims, plots, certificates and a summary.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  package func write(_ run: StudyRun) throws {
    let summary = StudySummary(run: run)
    try write(try settings(of: run), "settings.json")
    if !run.curves.isEmpty {
      var rows = TextRows(CurvePoint.columns)
      for point in run.curves { rows.append(point.cells) }
      try write(rows.csv, "curves.csv")
    }
    if !run.finals.isEmpty {
      var rows = TextRows(FinalRow.columns)
      for row in run.finals { rows.append(row.cells(unit: run.unit)) }
      try write(rows.csv, "finals.csv")
    }
    for (name, rows) in run.tables { try write(rows.csv, "\(name).csv") }
    for (name, plot) in run.plots { try write(plot.svg(standsAlone: true), "\(name).svg") }
    var written: [(dataset: Dataset, path: String)] = []
    for proof in run.proofs {
      let name = "certificates/\(proof.name)"
      try ModelFile.write(proof.model, to: "\(path)/\(name)-model.json")
      try CertificateFile(proof.certificate, model: proof.model, dataset: proof.dataset)
        .write(to: "\(path)/\(name)-certificate.json")
      let data = "\(path)/\(name)-data.csv"
      if let twin = written.first(where: { $0.dataset == proof.dataset }), link(twin.path, data) { continue }
      try CSVWriter.write(try proof.table, to: data)
      written.append((proof.dataset, data))
    }
    try write(summary.claims.csv, "claims.csv")
    try write(summary.markdown, "summary.md")
  }

  /// Gives a file that is written a second name, since images of a panel are large; false where the disk knows no such thing.
  private func link(_ file: String, _ name: String) -> Bool {
    try? FileManager.default.removeItem(atPath: name)
    return (try? FileManager.default.linkItem(atPath: file, toPath: name)) != nil
  }

  private func write(_ text: String, _ name: String) throws(DataError) {
    try AtomicFile.write(text, to: "\(path)/\(name)")
  }

  private func settings(of run: StudyRun) throws -> String {
    struct Entry: Encodable {
      let value: String
      let origin: String
    }
    struct Document: Encodable {
      let study: String
      let scale: String
      let seed: UInt64
      let threads: Int
      let unitSeconds: Double
      let settings: [String: Entry]
      let files: [String: String]
    }
    var files: [String: String] = [:]
    for file in run.study.files {
      files[file] = Digest.text(of: try FileContents.read(path: run.path(file))[...])
    }
    let entries = run.study.settings.map { setting in
      let origin = run.overridden.contains(setting.key) ? "given" : setting.origin.rawValue
      return (setting.key, Entry(value: run.value(setting.key).text, origin: origin))
    }
    let document = Document(
      study: run.study.id, scale: run.scale.rawValue, seed: run.seed, threads: run.threads,
      unitSeconds: run.unit, settings: Dictionary(uniqueKeysWithValues: entries), files: files)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}

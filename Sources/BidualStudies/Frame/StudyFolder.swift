import Bidual
import BidualIO
import Foundation

/// The folder that a study leaves, of the same shape for all of them.
package struct StudyFolder {
  private let path: String
  private let version: String

  /// The folder of a study within another one, made if it is not there, as a version of the program writes it.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  package init(of study: any Study, in parent: String, version: String) throws(DataError) {
    path = "\(parent)/\(study.id)"
    self.version = version
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/certificates", withIntermediateDirectories: true)
    } catch {
      throw DataError(
        .cannotWrite, "\(path): the folder can't be made; check the path and its permissions")
    }
    try AtomicFile.check(path + "/summary.md")
  }

  /// Whether all of such a run lies here, so that there is no need of another one: with the same data and settings, but for threads, by
  /// the same version, and with nothing in it that breaks a promise.
  ///
  /// - Throws: `DataError` where a file of data can't be read.
  package func holds(_ run: StudyRun) throws -> Bool {
    guard let record = try? StudyRecord(text: FileContents.read(path: path + "/settings.json")) else {
      return false
    }
    return try record.isWhole && record.isAlike(StudyRecord(run, version: version))
  }

  /// Writes curves, ends, tables, claims, plots, certificates, a summary and at last settings, which say that the folder is whole.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  package func write(_ run: StudyRun) throws {
    let summary = StudySummary(run: run)
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
    var record = try StudyRecord(run, version: version)
    record.unitSeconds = run.unit
    try write(try record.text, "settings.json")
  }

  /// Gives a file that is written a second name, since images of a panel are large; false where the disk knows no such thing.
  private func link(_ file: String, _ name: String) -> Bool {
    try? FileManager.default.removeItem(atPath: name)
    return (try? FileManager.default.linkItem(atPath: file, toPath: name)) != nil
  }

  private func write(_ text: String, _ name: String) throws(DataError) {
    try AtomicFile.write(text, to: "\(path)/\(name)")
  }
}

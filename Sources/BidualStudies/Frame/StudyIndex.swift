import Bidual
import BidualIO

/// The verdicts of all studies that a folder holds, as one page.
package struct StudyIndex {
  private let folder: String

  /// The index of a folder with folders of studies in it.
  package init(of folder: String) { self.folder = folder }

  /// Writes the page as `README.md`.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`, or for claims that can't be read again.
  package func write() throws(DataError) {
    var rows = TextRows(["study", "claim", "paper", "measured", "verdict"])
    for study in Studies.all {
      for claim in try claims(of: study) {
        rows.append(["[\(study.id)](\(study.id)/summary.md)"] + claim.cells)
      }
    }
    let text = """
      # The papers and what was measured

      Each line is a claim of a paper, or what its figure shows, with what `bidual reproduce` measured; verdicts are computed.

      \(rows.markdown)
      """
    try AtomicFile.write(text, to: "\(folder)/README.md")
  }

  /// A claim as it lies in a study's folder.
  package struct Claim {
    /// What is claimed, printed and measured, and the verdict.
    fileprivate let cells: [String]

    package var text: String { cells[0] }
    package var verdict: String { cells[3] }
  }

  /// The claims that lie in a study's folder.
  ///
  /// - Throws: `DataError` for claims that can't be read again.
  package func claims(of study: any Study) throws(DataError) -> [Claim] {
    let path = "\(folder)/\(study.id)/claims.csv"
    guard AtomicFile.exists(path) else { return [] }
    let names = ["claim", "paper_value", "measured", "verdict"]
    let table: RawTable
    do {
      table = try CSVReader(columns: names).rawTable(
        bytes: try FileContents.read(path: path), texts: names, missingValues: [])
    } catch {
      throw error.kind == .badData ? error.located(in: path) : error
    }
    let columns = table.columns.map { column in
      if case .texts(let texts) = column { texts.map { $0 ?? "" } } else { [String]() }
    }
    return (0..<table.rows).map { row in Claim(cells: columns.map { $0[row] }) }
  }
}

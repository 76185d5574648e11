import Foundation

/// The data files that stand beside the tests. The last column of each is called `target`.
enum BundledData: String, CaseIterable {
  case balloons
  case acuteInflammation = "acute_inflammation"
  case fertility
  case breastTissue = "breast_tissue"

  /// The name of the file.
  var file: String { "\(rawValue).csv" }

  /// The content of the file.
  var text: String {
    get throws {
      let folder = Bundle.module.bundleURL.appendingPathComponent("Data")
      return try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
  }

  /// The content as a table.
  var table: NaiveTable { get throws { NaiveTable(try text) } }
}

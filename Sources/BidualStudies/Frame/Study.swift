/// A figure or table of a paper that one command makes anew, beside what is proven about it.
package protocol Study: Sendable {
  /// What it is called on the command line, such as `w25-fig1`.
  var id: String { get }
  /// What it shows.
  var title: String { get }
  /// The theorems and programs that it exercises.
  var system: String { get }
  /// What it depends on.
  var settings: [StudySetting] { get }
  /// The files that the folder of data must hold.
  var files: [String] { get }
  /// What a reader should know about the paper's figure.
  var remark: String { get }

  /// Runs it and tells `run` what was found.
  ///
  /// - Throws: `DataError` for files that are missing or damaged.
  func run(_ run: StudyRun) throws
}

extension Study {
  package var files: [String] { [] }
}

import Bidual
import BidualIO
import Foundation

/// What a run of a study was made of, as `settings.json` in its folder says.
struct StudyRecord: Codable {
  private struct Entry: Codable, Equatable {
    let value: String
    let origin: String
  }

  private let study: String
  private let version: String
  private let scale: String
  private let seed: UInt64
  private let threads: Int
  private let settings: [String: Entry]
  /// Digests of the files of data.
  private let files: [String: String]
  /// Seconds of the unit of time, where it was measured.
  var unitSeconds: Double?
  /// Claims of our own that do not hold.
  private let brokenPromises: Int

  /// The record of a run as it is now.
  ///
  /// - Throws: `DataError` where a file of data can't be read.
  init(_ run: StudyRun, version: String) throws(DataError) {
    var files: [String: String] = [:]
    for file in run.study.files {
      files[file] = Digest.text(of: try FileContents.read(path: run.path(file))[...])
    }
    let entries = run.study.settings.map { setting in
      let origin = run.overridden.contains(setting.key) ? "given" : setting.origin.rawValue
      return (setting.key, Entry(value: run.value(setting.key).text, origin: origin))
    }
    study = run.study.id
    self.version = version
    scale = run.scale.rawValue
    seed = run.seed
    threads = run.threads
    settings = Dictionary(uniqueKeysWithValues: entries)
    self.files = files
    brokenPromises = run.claims.count { $0.isPromise && $0.verdict == .doesNotHold }
  }

  /// A record from the bytes of its file.
  init(text: [UInt8]) throws { self = try JSONDecoder().decode(StudyRecord.self, from: Data(text)) }

  /// The file's text.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// Whether it is of a run that kept what it promised.
  var isWhole: Bool { brokenPromises == 0 }

  /// Whether another record is of the same run, on however many threads.
  func isAlike(_ other: StudyRecord) -> Bool {
    study == other.study && version == other.version && scale == other.scale && seed == other.seed
      && settings == other.settings && files == other.files
  }
}

import Bidual
import BidualPlots

/// One run of a study: its settings, and what it found.
package final class StudyRun {
  package let study: any Study
  package let scale: StudyScale
  /// The seed of the first trial.
  package let seed: UInt64
  package let threads: Int
  /// The memory that the process may hold, if that is limited.
  let memory: MemoryLimit?
  /// The folder of data files.
  private let folder: String
  private let values: [String: StudyValue]
  /// Which settings the user has set.
  let overridden: Set<String>
  private let progress: (String) -> Void

  private(set) var curves: [CurvePoint] = []
  private(set) var finals: [FinalRow] = []
  private(set) var tables: [(name: String, rows: TextRows)] = []
  private(set) var plots: [(name: String, plot: Plot)] = []
  package private(set) var claims: [Claim] = []
  private(set) var proofs: [StudyProof] = []
  /// Seconds of the unit of time.
  private(set) lazy var unit = TimeUnit().seconds

  /// A run of `study` that has not begun.
  ///
  /// - Parameters:
  ///   - changes: values for settings, in place of the study's own.
  ///   - memory: a limit, which the study's runs hear.
  ///   - progress: called with a line now and then.
  /// - Throws: `DataError` of kind `badSettings` for settings that the study does not have, or values that are none;
  ///   of kind `missingInput` where files are missing.
  package init(
    _ study: any Study, scale: StudyScale, changes: [(key: String, text: String)] = [], seed: UInt64 = 0,
    threads: Int = 1, memory: MemoryLimit? = nil, folder: String,
    progress: @escaping (String) -> Void = { _ in }
  ) throws(DataError) {
    var values = Dictionary(uniqueKeysWithValues: study.settings.map { ($0.key, $0.value(at: scale)) })
    for (key, text) in changes {
      guard let old = values[key] else {
        throw DataError(
          .badSettings,
          "\(study.id) has no setting '\(key)'; it has \(study.settings.map(\.key).joined(separator: ", "))")
      }
      guard let new = old.reading(text) else {
        throw DataError(
          .badSettings, "\(study.id): '\(text)' is no value for \(key); give something like \(old.text)")
      }
      values[key] = new
    }
    let missing = study.missingFiles(in: folder)
    guard missing.isEmpty else {
      throw DataError(
        .missingInput,
        "\(study.id): the folder \(folder) lacks \(missing.joined(separator: ", ")); give the folder that holds them"
      )
    }
    self.study = study
    self.scale = scale
    self.seed = seed
    self.threads = threads
    self.memory = memory
    self.folder = folder
    self.values = values
    overridden = Set(changes.map(\.key))
    self.progress = progress
  }

  /// The value of a setting.
  func value(_ key: String) -> StudyValue {
    guard let value = values[key] else { preconditionFailure("\(study.id) declares no setting \(key)") }
    return value
  }

  func number(_ key: String) -> Double {
    guard case .number(let number) = value(key) else { preconditionFailure("\(key) is no number") }
    return number
  }

  /// A setting that counts something; at least 1.
  func count(_ key: String) -> Int { Self.count(number(key)) }

  func numbers(_ key: String) -> [Double] {
    guard case .numbers(let numbers) = value(key) else { preconditionFailure("\(key) is no list") }
    return numbers
  }

  func counts(_ key: String) -> [Int] { numbers(key).map(Self.count) }

  private static func count(_ number: Double) -> Int { Int(min(max(number, 1), 1e9)) }

  func word(_ key: String) -> String {
    guard case .word(let word) = value(key) else { preconditionFailure("\(key) is no word") }
    return word
  }

  /// The path of one of the study's files.
  func path(_ file: String) -> String { "\(folder)/\(file)" }

  /// A run of another study as a part of this one, at the same scale, which has ended.
  ///
  /// - Throws: as `Study.run`.
  func part(_ study: any Study) throws -> StudyRun {
    let part = try StudyRun(
      study, scale: scale, seed: seed, threads: threads, memory: memory, folder: folder, progress: progress)
    try study.run(part)
    return part
  }

  func note(_ line: String) { progress("\(study.id): \(line)") }

  func add(_ point: CurvePoint) { curves.append(point) }

  func add(_ row: FinalRow) {
    finals.append(row)
    note(
      "\(row.panel.isEmpty ? "" : row.panel + ", ")\(row.method)\(row.seed.map { ", seed \($0)" } ?? ""): \(row.objective)"
    )
  }

  func add(_ name: String, _ rows: TextRows) { tables.append((name, rows)) }

  func add(_ name: String, _ plot: Plot) { plots.append((name, plot)) }

  func add(_ claim: Claim) { claims.append(claim) }

  func add(_ proof: StudyProof) { proofs.append(proof) }

  /// Runs the study and adds what every study must show.
  ///
  /// - Throws: as `Study.run`, and `StudyOverMemory`.
  package func complete() throws {
    try study.run(self)
    try checkMemory()
    add(noRunBelowABound.promised)
    if !proofs.isEmpty { add(everyProofIsVerified.promised) }
  }
}

extension Study {
  /// The files that a folder lacks.
  package func missingFiles(in folder: String) -> [String] {
    files.filter { !AtomicFile.exists("\(folder)/\($0)") }
  }
}

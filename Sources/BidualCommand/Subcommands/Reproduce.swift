import ArgumentParser
import Bidual
import BidualStudies

/// `bidual reproduce`: figures and tables of the papers.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a figure or table of the papers anew, beside what is proven about it.",
    discussion: """
      Each study leaves a folder: settings with their origin, curves, where each run ended, claims of the paper with \
      verdicts, plots, and certificates that 'bidual verify' checks; README.md beside it gathers the verdicts. --list names the studies. A study whose data are \
      not in --data exits with 66 and names the files; with 'all' it is left out and named. Exit code 2 says that --memory-limit \
      broke one off.
      """)

  @Argument(help: ArgumentHelp("The study, such as w25-fig1, or all.", valueName: "study"))
  var id: String?
  @Flag(help: "Print the studies and whether their data are there, and run none.")
  var list = false
  @Option(
    help: ArgumentHelp("The folder that holds data files.", valueName: "folder"), completion: .directory)
  var data = "."
  @Option(
    help: ArgumentHelp("The folder to write to, one folder a study in it.", valueName: "folder"),
    completion: .directory)
  var out = "reproduced"
  @Option(help: "How much to run: quick, paper or full.")
  var scale: StudyScale = .quick
  @Option(
    help: ArgumentHelp("Trials of each random method, in place of the study's own number.", valueName: "n"))
  var seeds: Int?
  @Option(help: "The seed of the first trial.")
  var seed: UInt64 = 0
  @Option(help: "Threads (default: one a processor).")
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "Break a study off once the process holds so much memory, such as 500M or 4G, and leave it unwritten.",
      valueName: "size"))
  var memoryLimit: MemorySize?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting of the study, such as beta=1e-4; may stand several times.", valueName: "key=value"))
  var changes: [String] = []
  @Flag(help: "Leave out studies whose folders hold all that this run would make.")
  var resume = false
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false
  @Flag(help: "No progress on standard error.")
  var quiet = false

  struct Report: Encodable {
    struct Verdict: Encodable {
      let claim: String
      let verdict: String
    }
    let study: String
    let folder: String
    let claims: [Verdict]
  }

  func validate() throws {
    guard list != (id != nil) else { throw ValidationError("give a study, or --list to see which there are") }
    try ThreadCount.check(threads)
    if let seeds, seeds < 1 { throw ValidationError("--seeds is \(seeds); give at least 1") }
    for change in changes where !change.dropFirst().contains("=") {
      throw ValidationError("--set '\(change)' has no name and value; give something like beta=1e-4")
    }
  }

  func run() throws {
    if list { return printList() }
    try reportingErrors {
      var reports: [Report] = []
      var hasBrokenPromise = false
      var isWhole = true
      for study in try chosen() {
        guard let run = try reproduce(study) else {
          isWhole = false
          continue
        }
        let claims = try StudyIndex(of: out).claims(of: study)
        let report = Report(
          study: study.id, folder: "\(out)/\(study.id)",
          claims: claims.map { Report.Verdict(claim: $0.text, verdict: $0.verdict) })
        reports.append(report)
        if run.claims.contains(where: { $0.isPromise && $0.verdict == .doesNotHold }) {
          hasBrokenPromise = true
        }
        guard !json else { continue }
        Console.print("\(report.study): \(report.folder)/summary.md")
        for claim in report.claims { Console.print("  \(claim.verdict): \(claim.claim)") }
      }
      if json { try JSONReport.print(reports) }
      guard !hasBrokenPromise else {
        Console.note("bidual: a proof does not stand; see the claims above")
        throw ExitCode.failure
      }
      guard isWhole else { throw ExitCode.notToTolerance }
    }
  }

  private func printList() {
    let names = TextTable.lines(Studies.all.map { [$0.id, $0.title] })
    for (study, name) in zip(Studies.all, names) {
      let missing = study.missingFiles(in: data)
      Console.print(missing.isEmpty ? name : "\(name)  lacks \(missing.joined(separator: ", "))")
    }
  }

  /// The studies that were asked for; of all those whose files are there.
  private func chosen() throws(DataError) -> [any Study] {
    guard id == "all" else {
      guard let id, let study = Studies.named(id) else {
        throw DataError(
          .badSettings, "there is no study '\(id ?? "")'; 'bidual reproduce --list' names all there are")
      }
      return [study]
    }
    guard changes.isEmpty else {
      throw DataError(.badSettings, "--set goes with one study, since settings differ; leave it out")
    }
    return Studies.all.filter { study in
      let missing = study.missingFiles(in: data)
      guard !missing.isEmpty else { return true }
      Console.note("\(study.id): left out, the folder \(data) lacks \(missing.joined(separator: ", "))")
      return false
    }
  }

  /// Runs a study and writes its folder, unless that is whole already; the run then found nothing new. Nil for one that the limit on
  /// memory broke off.
  private func reproduce(_ study: any Study) throws -> StudyRun? {
    var changes = changes.map { change in
      let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (key: String(parts[0]), text: String(parts[1]))
    }
    if let seeds {
      if study.settings.contains(where: { $0.key == "trials" }) {
        changes.append(("trials", "\(seeds)"))
      } else if id != "all" {
        throw DataError(.badSettings, "\(study.id) has no trials to count; leave out --seeds")
      }
    }
    let run = try StudyRun(
      study, scale: scale, changes: changes, seed: seed, threads: ThreadCount.resolve(threads),
      memory: memoryLimit?.limit,
      folder: data
    ) { [quiet] line in if !quiet { Console.note(line) } }
    let folder = try StudyFolder(of: study, in: out, version: BidualCommand.configuration.version)
    if resume, try folder.holds(run) {
      if !quiet { Console.note("\(study.id): its folder is whole, left as it is") }
      return run
    }
    do {
      try run.complete()
    } catch is StudyOverMemory {
      Console.note(
        "\(study.id): broken off at the limit on memory, and not written; give it more by --memory-limit")
      return nil
    }
    try folder.write(run)
    try StudyIndex(of: out).write()
    return run
  }
}

extension StudyScale: ExpressibleByArgument {}

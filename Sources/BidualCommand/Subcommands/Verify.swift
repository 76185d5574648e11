import ArgumentParser
import BidualCertificates
import BidualIO
import BidualLinear
import BidualModels

/// `bidual verify`: re-checks a certificate from data, model and certificate alone.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Re-check a certificate from the data, the model and the certificate alone.",
    discussion: """
      Everything is computed again: the objective from the weights, the lower bound from the dual point, and \
      a new proof of its polar over its scope. No solver takes part. Exit code 3 if anything does not hold; \
      2 if the proof was stopped, by a limit or an interrupt, before it had an answer.
      """)

  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String
  @Argument(help: "Its certificate.", completion: .file(extensions: ["json"]))
  var certificate: String
  @OptionGroup var data: DataOptions
  @OptionGroup var files: ColumnFileOptions
  @Option(
    help: ArgumentHelp(
      "Prove along the first R principal directions, as fit --rank does, and charge for the others; by default along all.",
      valueName: "R"))
  var rank: Int?
  @Option(
    help: ArgumentHelp("Stop the proof after so many seconds, unverified.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(
    help: ArgumentHelp(
      "Stop the proof, unverified, once the process holds so much memory, such as 500M or 4G.",
      valueName: "size"))
  var memoryLimit: MemorySize?
  @Option(help: "Threads (default: one a processor).")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  struct Report: Encodable {
    let verified: Bool
    let objective: Double
    let lowerBound: Double
    /// Left out where the bound says nothing about the network.
    let relativeGap: Double?
    let scope: String
    let restriction: RestrictionReport?
    let problem: ProblemReport
  }

  func validate() throws {
    try PositiveOption.check(("--time-limit", timeLimit))
    try ThreadCount.check(threads)
    if let rank, rank < 1 { throw ValidationError("--rank is \(rank); give at least 1") }
  }

  func run() throws {
    try reportingErrors {
      let stop = StopSignal(
        timeLimit: timeLimit.map { .seconds(min($0, Fit.longestWait)) }, memory: memoryLimit?.limit)
      let interrupts = Interrupts(raising: stop, outcome: "without an answer")
      let model = try ModelFile.read(path: model)
      let file = try CertificateFile(path: certificate)
      let dataset = try data.dataset(for: model, in: files)
      try file.checkSubject(model: model, dataset: dataset)
      let whole = try model.problem(on: dataset)
      let problem = try rank.map { try whole.truncated(toRank: $0) } ?? whole
      let certifier = try certifier(for: file.certificate, of: problem)
      let proven = try withExtendedLifetime(interrupts) {
        try BLAS.singleThreaded {
          try certifier.verify(
            file.certificate, of: model.sampleNetwork,
            effort: Certifier.Effort(isCancelled: { stop.isRaised }))
        }
      }
      let standing = certifier.standing(of: model.sampleNetwork, under: proven)
      let isAbout = standing?.keepsToPatterns ?? true
      let report = Report(
        verified: true, objective: proven.objective, lowerBound: proven.lowerBound,
        relativeGap: isAbout ? proven.relativeGap : nil, scope: proven.scope.rawValue,
        restriction: standing.map(RestrictionReport.init), problem: ProblemReport(model, problem))
      if json {
        try JSONReport.print(report)
      } else {
        let networks = Wording.networks(like: model, restriction: proven.restriction)
        Console.print("verified: the network's objective is \(proven.objective),")
        Console.print("and no \(networks) has one below \(standing?.lowerBound ?? proven.lowerBound)")
        if let standing, !standing.keepsToPatterns {
          Console.print("(\(Wording.silence(about: standing)))")
        } else {
          Console.print("(relative gap \(Figures.short(proven.relativeGap)))")
        }
        Console.print(report.problem.line)
      }
    }
  }

  /// The check that a certificate asks for: over all networks, or over those of the patterns that it lists.
  private func certifier(for certificate: Certificate, of problem: TrainingProblem) throws -> Certifier {
    guard let restriction = certificate.restriction else {
      return Certifier(problem, threads: ThreadCount.resolve(threads)).alongAllDirections
    }
    return try Certifier(problem, restrictedTo: restriction, threads: ThreadCount.resolve(threads))
  }
}

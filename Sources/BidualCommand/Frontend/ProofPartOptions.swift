import ArgumentParser

/// How a proof is divided among runs that do not talk to one another.
struct ProofPartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Prove a share of the bound only, of one dual point, and write it to --output for --merge.",
      valueName: "I/N"))
  var part: Share?
  @Option(help: "Where to write the part.", completion: .file(extensions: ["json"]))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "The certificate, such as one of a fit that ran out of time, whose dual point --part or --checkpoint proves (default: the dual point of the network's own residuals).",
      valueName: "certificate.json"), completion: .file(extensions: ["json"]))
  var dualPoint: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Join all parts of a proof.", valueName: "part.json"),
    completion: .file(extensions: ["json"]))
  var merge: [String] = []
  @Option(
    help: "Where to write the certificate of --merge or --checkpoint (JSON), for verify.",
    completion: .file(extensions: ["json"]))
  var certificate: String?

  func validate() throws {
    guard part == nil || merge.isEmpty else { throw ValidationError("give --part or --merge, not both") }
    guard part == nil || output != nil else {
      throw ValidationError("--part needs --output: name the part's file")
    }
    guard part != nil || output == nil else {
      throw ValidationError("--output is of a part; give --part with it")
    }
  }

  /// Refuses what needs a proof of one dual point, in parts or whole, or all of it.
  func check(isKept: Bool) throws {
    guard !isKept || merge.isEmpty else {
      throw ValidationError("--merge proves nothing that could be kept; leave out --checkpoint")
    }
    guard part != nil || isKept || dualPoint == nil else {
      throw ValidationError(
        "--dual-point is of a proof of that point alone; give --part or --checkpoint with it")
    }
    guard !merge.isEmpty || isKept && part == nil || certificate == nil else {
      throw ValidationError("--certificate is that of a whole proof; give --merge or --checkpoint with it")
    }
  }
}

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
      "The certificate, such as one of a fit that ran out of time, whose dual point the parts prove (default: the dual point of the network's own residuals).",
      valueName: "certificate.json"), completion: .file(extensions: ["json"]))
  var dualPoint: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Join all parts of a proof.", valueName: "part.json"),
    completion: .file(extensions: ["json"]))
  var merge: [String] = []
  @Option(
    help: "Where to write the certificate of the parts (JSON), for verify.",
    completion: .file(extensions: ["json"]))
  var certificate: String?

  func validate() throws {
    guard part == nil || merge.isEmpty else { throw ValidationError("give --part or --merge, not both") }
    guard part == nil || output != nil else {
      throw ValidationError("--part needs --output: name the part's file")
    }
    guard part != nil || output == nil && dualPoint == nil else {
      throw ValidationError("--output and --dual-point are of a part; give --part with them")
    }
    guard certificate == nil || !merge.isEmpty else {
      throw ValidationError("--certificate is that of parts; give --merge with it")
    }
  }
}

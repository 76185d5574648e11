import Testing

/// `certify --part` and `--merge` as a user meets them.
@Suite struct ProofPartTests {
  private func prove(_ part: String, _ trained: Trained, in folder: TemporaryFolder, to output: String) throws
    -> Program.Run
  {
    try Program.run(
      [
        "certify", "model.json", trained.data.file, "--part", part, "--output", output, "--dual-point",
        "certificate.json", "--gap", "1e-5",
      ], in: folder)
  }

  private func merge(_ parts: [String], _ trained: Trained, in folder: TemporaryFolder, _ more: [String] = [])
    throws -> Program.Run
  {
    try Program.run(
      ["certify", "model.json", trained.data.file, "--gap", "1e-5", "--merge"] + parts + more, in: folder)
  }

  @Test(arguments: Trained.allCases, 1...3) func partsMakeACertificate(trained: Trained, count: Int) throws {
    let folder = try trained.folder()
    for index in 1...count {
      let run = try prove("\(index)/\(count)", trained, in: folder, to: "part\(index).json")
      expectStatus(0, run)
      #expect(run.text.hasPrefix("part \(index) of \(count): the dual point's polar is at most "))
    }
    let run = try merge(
      (1...count).reversed().map { "part\($0).json" }, trained, in: folder,
      ["--certificate", "merged.json", "--json"])
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let objective = try #require(report["objective"]?.double)
    let lower = try #require(report["lowerBound"]?.double)
    #expect(lower <= objective && objective - lower <= 1e-5 * objective)
    #expect(report["parts"]?.double == Double(count))
    let whole = try JSONValue(try folder.read("certificate.json"))
    #expect(whole["objective"]?.double == objective)
    let verified = try Program.run(
      ["verify", "model.json", "merged.json", trained.data.file, "--json"], in: folder)
    expectStatus(0, verified)
    #expect(try JSONValue(verified.output)["lowerBound"]?.double == lower)
    // The same parts, made again, are the same bytes but for the seconds that they took.
    let bytes = try folder.read("merged.json")
    expectStatus(0, try prove("1/\(count)", trained, in: folder, to: "part1.json"))
    expectStatus(
      0,
      try merge((1...count).map { "part\($0).json" }, trained, in: folder, ["--certificate", "again.json"]))
    #expect(try folder.read("again.json") == bytes)
  }

  @Test func partsThatDoNotGoTogetherAreRefused() throws {
    let trained = Trained.balloons
    let folder = try trained.folder()
    for part in ["1/2", "2/2", "1/3"] {
      let name = "part" + part.filter(\.isNumber) + ".json"
      expectStatus(0, try prove(part, trained, in: folder, to: name))
    }
    let own = try Program.run(
      ["certify", "model.json", trained.data.file, "--part", "2/2", "--output", "own.json", "--gap", "0.5"],
      in: folder)
    #expect(own.status == 0 || own.status == 2, "\(own.errors)")
    for (parts, message) in [
      (["part12.json"], "part12.json: this is one of 2 parts, of which 1 lacks here: 2"),
      (["part12.json", "part12.json"], "part12.json: this is part 1 of 2 once more, as part12.json is"),
      (["part12.json", "part13.json"], "part13.json: this is part 1 of 3, but part12.json is one of 2"),
      (["part12.json", "own.json"], "own.json: its dual point is another than that of part12.json"),
      (["part12.json", "model.json"], "model.json: not a part of a proof: field 'seal' is missing; give"),
    ] {
      let run = try merge(parts, trained, in: folder)
      expectStatus(65, run, "\(parts)")
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    expectStatus(66, try merge(["none.json"], trained, in: folder))
    try folder.write(
      String(decoding: try folder.read(trained.data.file), as: UTF8.self) + "0,0,0,0,1\n", to: "longer.csv")
    let data = try Program.run(
      ["certify", "model.json", "longer.csv", "--merge", "part12.json", "part22.json"], in: folder)
    expectStatus(65, data)
    #expect(
      data.errors.contains("part12.json: the part of a proof is of another run: other data"), "\(data.errors)"
    )
    expectStatus(
      0,
      try Program.run(
        [
          "fit", trained.data.file, "--target", "target", "--bias", "--beta", "0.2", "--quiet", "--output",
          "other.json",
        ],
        in: folder))
    let model = try Program.run(
      ["certify", "other.json", trained.data.file, "--merge", "part12.json", "part22.json"], in: folder)
    expectStatus(65, model)
    #expect(
      model.errors.contains("part12.json: the part of a proof is of another run: model"), "\(model.errors)")
  }

  @Test func anAlteredPartIsRefused() throws {
    let trained = Trained.balloons
    let folder = try trained.folder()
    expectStatus(0, try prove("1/1", trained, in: folder, to: "part.json"))
    let text = String(decoding: try folder.read("part.json"), as: UTF8.self)
    let forged = text.replacing(/"polarBound":[0-9.e+-]+/, with: #""polarBound":1e-3"#)
    try folder.write(forged, to: "part.json")
    let run = try merge(["part.json"], trained, in: folder, ["--certificate", "merged.json"])
    expectStatus(65, run)
    #expect(run.errors.contains("part.json: the part of a proof was damaged or altered"), "\(run.errors)")
  }

  private static let longer = [
    "certify", "model.json", "breast_tissue.csv", "--dual-point", "certificate.json", "--threads", "1",
    "--quiet", "--gap", "1e-4",
  ]
  private static let kept = ["--checkpoint", "run.json", "--checkpoint-interval", "0", "--resume"]

  /// A model whose proof takes a second, with a certificate that is less tight.
  private func folderOfLongerProof() throws -> TemporaryFolder {
    let folder = try TemporaryFolder(.breastTissue)
    expectStatus(
      0,
      try Program.run(
        [
          "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--beta-ratio", "0.05",
          "--gap", "1e-2", "--quiet", "--output", "model.json", "--certificate", "certificate.json",
        ], in: folder))
    return folder
  }

  /// What a part says, less the seconds that it took.
  private func content(_ part: String, in folder: TemporaryFolder) throws -> JSONValue? {
    try JSONValue(try folder.read(part))["checkpoint"]?["state"]
  }

  @Test func killedProofsGoOnToTheSamePart() throws {
    let folder = try folderOfLongerProof()
    let arguments = Self.longer + ["--part", "1/2"]
    let straight = try Program.run(arguments + ["--output", "straight.json"], in: folder)
    for seconds in [0, 0.05, 0.1] {
      try Program.kill(
        arguments + ["--output", "resumed.json"] + Self.kept, in: folder, after: seconds, of: "run.json")
    }
    let resumed = try Program.run(arguments + ["--output", "resumed.json"] + Self.kept, in: folder)
    #expect(resumed.status == straight.status && resumed.output == straight.output, "\(resumed.errors)")
    #expect(!resumed.errors.contains("afresh"), "\(resumed.errors)")
    let part = try content("straight.json", in: folder)
    #expect(try part != nil && content("resumed.json", in: folder) == part)
    // Nothing is left to do.
    let again = try Program.run(arguments + ["--output", "again.json"] + Self.kept, in: folder)
    #expect(try again.status == straight.status && content("again.json", in: folder) == part)
    for (change, difference) in [
      (["--gap", "1e-3"], "gap 0.001 here but 0.0001 there"),
      (["--part", "2/2"], "part 2/2 here but 1/2 there"),
    ] {
      let run = try Program.run(arguments + ["--output", "other.json"] + Self.kept + change, in: folder)
      expectStatus(65, run)
      #expect(
        run.errors.contains("run.json: the checkpoint is of another run: \(difference)"), "\(run.errors)")
    }
    // A part is not the search for it.
    let part2 = try Program.run(
      arguments + ["--output", "x.json"] + ["--checkpoint", "straight.json", "--resume"], in: folder)
    expectStatus(65, part2)
  }

  /// Without parts a kept proof is that of part 1/1, and its certificate that of the merge.
  @Test func wholeProofsAreKept() throws {
    let folder = try folderOfLongerProof()
    expectStatus(
      0, try Program.run(Self.longer + ["--part", "1/1", "--output", "part.json"], in: folder))
    let merge = ["certify", "model.json", "breast_tissue.csv", "--merge", "part.json"]
    let merged = try Program.run(merge + ["--certificate", "merged.json", "--json"], in: folder)
    for seconds in [0, 0.05, 0.1] {
      try Program.kill(Self.longer + Self.kept, in: folder, after: seconds, of: "run.json")
    }
    let whole = try Program.run(
      Self.longer + Self.kept + ["--certificate", "whole.json", "--json"], in: folder)
    #expect(whole.status == merged.status && whole.output == merged.output, "\(whole.errors)")
    #expect(try folder.read("whole.json") == folder.read("merged.json"))
    let stopped = try Program.run(
      Self.longer + ["--checkpoint", "other.json", "--memory-limit", "1M"], in: folder)
    expectStatus(2, stopped)
    #expect(stopped.errors.contains("was stopped before it began"))
  }

  /// Damage behind the seal is found, whatever it is.
  @Test func aKeptProofIsCheckedAsItIsRead() throws {
    let folder = try folderOfLongerProof()
    let arguments =
      Self.longer + ["--part", "1/1", "--time-limit", "0.2", "--output", "part.json"] + Self.kept
    _ = try Program.run(arguments, in: folder)
    let text = String(decoding: try folder.read("run.json"), as: UTF8.self)
    try folder.write(text.replacing(/"axes":[0-9]+/, with: #""axes":3"#), to: "run.json")
    let run = try Program.run(arguments, in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("run.json: the checkpoint was damaged or altered"), "\(run.errors)")
  }

  /// Proofs of low rank, which are by cones, go on too.
  @Test func proofsByConesGoOn() throws {
    let trained = Trained.fertility
    let folder = try trained.folder()
    let prove = [
      "certify", "model.json", trained.data.file, "--part", "1/1", "--gap", "1e-7", "--threads", "1",
    ]
    let straight = try Program.run(prove + ["--output", "straight.json"], in: folder)
    for seconds in [0, 0.02] {
      try Program.kill(
        prove + ["--output", "part.json"] + Self.kept, in: folder, after: seconds, of: "run.json")
    }
    let resumed = try Program.run(prove + ["--output", "part.json"] + Self.kept, in: folder)
    #expect(resumed.status == straight.status && resumed.output == straight.output, "\(resumed.errors)")
    let part = try content("straight.json", in: folder)
    #expect(try part != nil && content("part.json", in: folder) == part)
  }

  @Test func anArchitectureWithoutASearchIsRefused() throws {
    let folder = try TemporaryFolder(.fertility)
    expectStatus(
      0,
      try Program.run(
        [
          "fit", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--architecture",
          "linear", "--quiet", "--output", "model.json",
        ], in: folder))
    let run = try Program.run(
      ["certify", "model.json", "fertility.csv", "--part", "1/2", "--output", "part.json"], in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("is no search over directions that could be divided"), "\(run.errors)")
  }

  @Test(arguments: [
    (["--part", "3/2", "--output", "p"], "The value '3/2' is invalid for '--part <I/N>'"),
    (["--part", "1/2"], "--part needs --output"),
    (["--part", "1/2", "--output", "p", "--merge", "q"], "give --part or --merge, not both"),
    (["--output", "p"], "--output is of a part"),
    (["--output", "p", "--checkpoint", "c"], "--output is of a part"),
    (["--dual-point", "c"], "--dual-point is of a proof of that point alone"),
    (["--certificate", "c"], "--certificate is that of a whole proof"),
    (["--part", "1/2", "--output", "p", "--certificate", "c"], "--certificate is that of a whole proof"),
    (["--merge", "p", "--beta", "1"], "leave out --beta"),
    (["--merge", "p", "--checkpoint", "c"], "--merge proves nothing that could be kept"),
    (["--checkpoint", "c", "--beta", "1"], "leave out --beta"),
    (["--part", "1/2", "--output", "p", "--json"], "a part has no report as yet"),
  ]) func commandLinesThatAreWrong(arguments: [String], message: String) throws {
    let folder = try Trained.balloons.folder()
    let run = try Program.run(["certify", "model.json", Trained.balloons.data.file] + arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}

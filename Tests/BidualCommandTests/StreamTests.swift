import Testing

/// What goes to which stream, and streams that break.
@Suite struct StreamTests {
  static let fit = ["fit", "balloons.csv", "--target", "target"]

  @Test(arguments: [[], ["--quiet"]])
  func resultsGoToStandardOutputAlone(more: [String]) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(Self.fit + more, in: folder)
    expectStatus(0, run)
    // No terminal, so no progress, with or without --quiet.
    #expect(run.errors == "")
    let number = #/[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/#
    let lines = run.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try #require(lines.count == 6)
    #expect(lines[0].wholeMatch(of: try Regex("objective     [0-9.]+")) != nil, "\(lines[0])")
    #expect(lines[1].wholeMatch(of: try Regex("lower bound   [0-9.]+")) != nil, "\(lines[1])")
    #expect(lines[2].hasPrefix("relative gap  ") && lines[2].dropFirst(14).wholeMatch(of: number) != nil)
    let lowerBound = lines[1].dropFirst(14)
    #expect(
      lines[3] == "certified: no two-layer ReLU network of any width has an objective below \(lowerBound)")
    #expect(
      lines[4].wholeMatch(
        of: try Regex(
          "[0-9]+ neurons for 16 samples of rank 4; beta 0.888819, beta_max 8.88819; [0-9]+ rounds in [0-9.e-]+ s"
        )) != nil, "\(lines[4])")
    #expect(lines[5] == "")
    #expect(try folder.names == ["balloons.csv"])
  }

  @Test func verificationIsPutInWords() throws {
    let folder = try Trained.balloons.folder()
    let run = try Program.run(Trained.balloons.verification, in: folder)
    expectStatus(0, run)
    #expect(run.errors == "")
    let certificate = try JSONValue(try folder.read("certificate.json"))
    let objective = try #require(certificate["objective"]?.double)
    let lowerBound = try #require(certificate["lowerBound"]?.double)
    #expect(
      run.text.hasPrefix(
        """
        verified: the network's objective is \(objective),
        and no two-layer ReLU network of any width has one below \(lowerBound)
        (relative gap 
        """), "\(run.text)")
    #expect(
      run.text.hasSuffix(")\nloss squared; beta 0.1; norm l2; no offset; inputs with a bias\n"), "\(run.text)"
    )
    let json = try JSONValue(try Program.run(Trained.balloons.verification + ["--json"], in: folder).output)
    #expect(json.fieldNames == ["verified", "objective", "lowerBound", "relativeGap", "scope", "problem"])
    #expect(json["verified"] == .flag(true))
    for field in ["objective", "lowerBound", "relativeGap", "scope"] {
      #expect(json[field] == certificate[field], "\(field)")
    }
  }

  /// What is proven is proven of a problem, and all of it is named, to the last digit.
  @Test(arguments: [
    (
      [
        "--beta", "0.30000000000000004", "--loss", "huber", "--threshold", "0.7", "--intercept",
        "--standardize",
      ],
      "loss huber (threshold 0.7); beta 0.30000000000000004; norm l2; a free offset; inputs standardised",
      #"{"architecture":"two-layer","beta":0.30000000000000004,"intercept":true,"loss":"huber","lossParameter":0.7,"norm":"l2","preprocessing":{"bias":false,"standardize":true}}"#
    ),
    (
      ["--beta", "0.2", "--loss", "quantile", "--norm", "l1", "--weights", "yellow", "--bias"],
      "loss quantile (level 0.5); beta 0.2; norm l1; no offset; samples weighted by 'yellow'; inputs with a bias",
      #"{"architecture":"two-layer","beta":0.2,"intercept":false,"loss":"quantile","lossParameter":0.5,"norm":"l1","preprocessing":{"bias":true,"standardize":false},"weights":"yellow"}"#
    ),
    (
      ["--beta", "0.2", "--architecture", "linear", "--whiten", "zca"],
      "loss squared; beta 0.2; norm l2; no offset; inputs whitened by zca",
      #"{"architecture":"linear","beta":0.2,"intercept":false,"loss":"squared","norm":"l2","preprocessing":{"bias":false,"standardize":false,"whiten":"zca"}}"#
    ),
  ]) func verificationNamesTheProblem(settings: [String], line: String, problem: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let files = ["--quiet", "--output", "m.json", "--certificate", "c.json"]
    _ = try Program.run(Self.fit + settings + files, in: folder)
    let words = try Program.run(["verify", "m.json", "c.json", "balloons.csv"], in: folder)
    expectStatus(0, words)
    #expect(words.text.hasSuffix("\n\(line)\n"), "\(words.text)")
    let json = try Program.run(["verify", "m.json", "c.json", "balloons.csv", "--json"], in: folder)
    #expect(try JSONValue(json.output)["problem"] == JSONValue(Array(problem.utf8)))
  }

  /// Of interpolation the tolerance is part of the statement.
  @Test func verificationNamesTheToleranceOfInterpolation() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n-1,0.3\n0.5,1\n2,-0.7\n", to: "d.csv")
    let fit = try Program.run(
      [
        "fit", "d.csv", "--target", "y", "--bias", "--interpolate", "--gap", "1e-3", "--quiet", "--output",
        "m.json", "--certificate", "c.json",
      ], in: folder)
    expectStatus(0, fit)
    let tolerance = try #require(try JSONValue(try folder.read("m.json"))["lossParameter"]?.double)
    let words = try Program.run(["verify", "m.json", "c.json", "d.csv"], in: folder)
    expectStatus(0, words)
    #expect(words.text.contains(" that comes within \(tolerance) of every target has one below "))
    #expect(words.text.contains("\nloss interpolation (tolerance \(tolerance)); "), "\(words.text)")
    let json = try JSONValue(
      try Program.run(["verify", "m.json", "c.json", "d.csv", "--json"], in: folder).output)
    #expect(json["problem"]?["interpolationTolerance"]?.double == tolerance)
    #expect(json["problem"]?["lossParameter"] == nil)
  }

  @Test func jsonSaysNothingWhereTheRunFails() throws {
    let folder = try Trained.balloons.folder()
    try folder.write("yellow,large,stretch,adult,target\n1,2,3,4,x\n", to: "balloons.csv")
    for arguments in [Self.fit, Trained.balloons.verification] {
      let run = try Program.run(arguments + ["--json"], in: folder)
      expectStatus(65, run)
      #expect(run.text == "")
      #expect(
        run.errors
          == "bidual: balloons.csv: row 1, column 'target': \"x\" is not a number; drop the row or replace the value\n"
      )
    }
  }

  @Test func logHasAnObjectALine() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      Self.fit + ["--bias", "--beta", "0.1", "--gap", "1e-6", "--json", "--log", "log.jsonl"], in: folder)
    expectStatus(0, run)
    let text = String(decoding: try folder.read("log.jsonl"), as: UTF8.self)
    #expect(text.hasSuffix("}\n"))
    let lines = try text.split(separator: "\n").map { try JSONValue(Array($0.utf8)) }
    let report = try JSONValue(run.output)
    // A proof tells of itself while its round is under way.
    let rounds = try lines.map { try #require($0["iteration"]?.double) }
    #expect(rounds == rounds.sorted() && Set(rounds) == Set((1...Int(rounds.last ?? 1)).map(Double.init)))
    #expect(report["iterations"] == .integer(Int(rounds.last ?? 0)))
    for line in lines {
      #expect(
        line.fieldNames.subtracting(["secondsLeft", "localGap"]) == [
          "iteration", "workingSet", "objective", "lowerBound", "relativeGap", "nodes", "seconds",
        ])
      #expect(line["secondsLeft"]?.double ?? 0 >= 0)
      let objective = try #require(line["objective"]?.double)
      let lowerBound = try #require(line["lowerBound"]?.double)
      #expect(lowerBound <= objective)
      #expect(objective >= (try #require(report["lowerBound"]?.double)))
      #expect(lowerBound <= (try #require(report["objective"]?.double)))
    }
    let gaps = try lines.map { try #require($0["relativeGap"]?.double) }
    #expect(gaps == gaps.sorted(by: >))
  }

  /// The data come from standard input, with names and without.
  @Test func dataMayComeFromStandardInput() throws {
    let folder = try TemporaryFolder(.balloons)
    let named = try folder.read("balloons.csv")
    let bare = Array(named[(named.firstIndex(of: UInt8(ascii: "\n"))! + 1)...])
    for (input, target, more) in [(named, "target", []), (bare, "c4", ["--no-header"])] {
      let fit = try Program.run(
        ["fit", "-", "--target", target, "--output", "model.json", "--certificate", "cert.json"] + more,
        in: folder, input: input)
      expectStatus(0, fit)
      let model = try NaiveModel(try folder.read("model.json"))
      #expect(model.target == target)
      #expect(
        model.features
          == (more.isEmpty ? ["yellow", "large", "stretch", "adult"] : ["c0", "c1", "c2", "c3"]))
      expectStatus(
        0, try Program.run(["verify", "model.json", "cert.json", "-"] + more, in: folder, input: input))
      let predicted = try Program.run(["predict", "model.json", "-"] + more, in: folder, input: input)
      expectStatus(0, predicted)
      #expect(predicted.text.hasPrefix("\(target)\n"))
      let counted = try Program.run(
        ["arrange", "-", "--target", target] + more, in: folder, input: input)
      expectStatus(0, counted)
    }
    let empty = try Program.run(["fit", "-", "--target", "target"], in: folder)
    expectStatus(65, empty)
    #expect(
      empty.errors == "bidual: -: the file is empty; give a line of column names and rows of numbers\n")
  }

  @Test func headMayCutPredictionsShort() throws {
    let folder = try Trained.balloons.folder()
    let rows = String(repeating: "1,0,1,0\n", count: 50_000)
    try folder.write("yellow,large,stretch,adult\n" + rows, to: "many.csv")
    let run = try Program.shell(
      "{ \"$BIDUAL\" predict model.json many.csv; echo \"status $?\" >&2; } | head -n 1", in: folder)
    #expect(run.text == "target\n")
    #expect(run.errors == "status 0\n")
  }

  @Test func filesAreWrittenThoughNobodyReads() throws {
    let folder = try TemporaryFolder(.balloons)
    let line = Self.fit.joined(separator: " ") + " --output model.json --certificate cert.json"
    let run = try Program.shell(
      "{ sleep 0.3; \"$BIDUAL\" \(line); echo \"status $?\" >&2; } | true", in: folder)
    #expect(run.errors == "status 0\n")
    #expect(try folder.names == ["balloons.csv", "model.json", "cert.json"])
  }

  /// The remark on an interrupt has no reader; the files are written all the same.
  @Test func interruptIsHeededThoughNobodyReads() throws {
    let folder = try TemporaryFolder(.breastTissue)
    let line = UnfinishedTests.longJob.joined(separator: " ")
    let run = try Program.shell(
      """
      { "$BIDUAL" \(line) --log log.jsonl 2>&3 & child=$!
        while [ ! -e log.jsonl ]; do sleep 0.02; done
        sleep 0.3; kill -TERM $child; wait $child; echo "status $?" >&2; } 3>&1 >out.json | true
      """, in: folder)
    #expect(run.errors == "status 2\n")
    #expect(try folder.names.isSuperset(of: ["model.json", "certificate.json"]))
  }
}

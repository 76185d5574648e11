import Testing

/// Model and certificate files that are none, where one is asked for.
@Suite struct BadModelTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let text: String
    /// What is wrong with it.
    let reason: String
  }

  static let cases = [
    Case(testDescription: "empty", text: "", reason: "the document is not valid JSON"),
    Case(testDescription: "CSV", text: "a,b\n1,2\n", reason: "the document is not valid JSON"),
    Case(
      testDescription: "truncated", text: "{\n  \"architecture\" : \"two-layer\",\n  \"beta\" : 0.",
      reason: "the document is not valid JSON"),
    Case(testDescription: "list", text: "[1, 2]\n", reason: "the document has the wrong type"),
    Case(
      testDescription: "JSON of another kind", text: "{\"objective\": 1}", reason: "field 'format' is missing"
    ),
    Case(testDescription: "null", text: "null", reason: "the document is null"),
  ]

  @Test(arguments: cases)
  func fileThatIsNoneIsRefused(_ example: Case) throws {
    let folder = try Trained.balloons.folder()
    try folder.write(example.text, to: "bad.json")
    let before = try folder.names
    for (kind, arguments) in [
      ("model", ["predict", "bad.json", "balloons.csv", "--output", "out.csv"]),
      ("model", ["verify", "bad.json", "certificate.json", "balloons.csv"]),
      ("certificate", ["verify", "model.json", "bad.json", "balloons.csv"]),
    ] {
      let run = try Program.run(arguments, in: folder)
      expectStatus(65, run)
      #expect(
        run.errors
          == "bidual: bad.json: not a \(kind): \(example.reason); give a file that bidual wrote\n")
      #expect(run.text == "")
      #expect(try folder.names == before)
    }
  }

  /// Files cut anywhere are refused.
  @Test(arguments: Trained.allCases, ["model.json", "certificate.json"])
  func truncatedFileIsRefused(_ trained: Trained, file: String) throws {
    let folder = try trained.folder()
    let whole = try folder.read(file)
    for eighth in 0..<8 {
      try folder.write(Array(whole.prefix(whole.count * eighth / 8)), to: file)
      let run = try Program.run(trained.verification, in: folder)
      expectStatus(65, run)
      let kind = file == "model.json" ? "model" : "certificate"
      #expect(
        run.errors
          == "bidual: \(file): not a \(kind): the document is not valid JSON; give a file that bidual wrote\n"
      )
    }
  }

  @Test func filesInEachOthersPlaceAreRefused() throws {
    let folder = try Trained.balloons.folder()
    let asModel = try Program.run(["predict", "certificate.json", "balloons.csv"], in: folder)
    expectStatus(65, asModel)
    #expect(
      asModel.errors
        == "bidual: certificate.json: not a model: field 'features' has the wrong type; give a file that bidual wrote\n"
    )
    let asCertificate = try Program.run(["verify", "model.json", "model.json", "balloons.csv"], in: folder)
    expectStatus(65, asCertificate)
    #expect(
      asCertificate.errors
        == "bidual: model.json: not a certificate: field 'samples' is missing; give a file that bidual wrote\n"
    )
  }

  @Test(arguments: [
    ("format", JSONValue.text("other"), "the file says other version 1; "),
    ("version", .integer(2), "the file says bidual-model version 2; "),
    ("architecture", .text("deep"), "the architecture 'deep' is unknown; "),
    ("output", .array([]), "the layers do not fit: 8 neurons for 5 inputs, 0 output weights; "),
    ("hidden", .array([]), "the layers do not fit: 0 neurons for 5 inputs, 8 output weights; "),
    ("bias", .flag(false), "the layers do not fit: 8 neurons for 4 inputs, 8 output weights; "),
    ("beta", .integer(0), "the model's beta is 0.0, not a positive number; "),
    ("beta", .integer(-1), "the model's beta is -1.0, not a positive number; "),
  ])
  func modelThatContradictsItselfIsRefused(field: String, value: JSONValue, message: String) throws {
    let folder = try Trained.balloons.folder()
    let original = try JSONValue(try folder.read("model.json"))
    // The number of neurons is the trainer's affair.
    let neurons = try #require(original["output"]).count
    let model = original.replacing([.field(field)], by: value)
    try folder.write(try model.bytes, to: "model.json")
    let run = try Program.run(["predict", "model.json", "balloons.csv"], in: folder)
    expectStatus(65, run)
    let expected = message.replacing("8 ", with: "\(neurons) ")
    #expect(run.errors.hasPrefix("bidual: model.json: \(expected)"), "\(run.errors)")
    #expect(run.text == "")
  }

  /// One of two values for a field: this decoder would take the first, most other readers the last.
  @Test(arguments: [
    ("model", "\"beta\" : ", "\"beta\" : 7,\n", "beta"),
    ("model", "\"beta\" : ", "\"\\u0062et\\u0061\" : 7, \"note\" : [{\"beta\" : \"\\\"\"}],\n", "beta"),
    ("model", "\"means\" : ", "\"scales\" : [1, 1],\n", "scales"),
    ("certificate", "\"polarBound\" : ", "\"polarBound\" : 1e9, \"\\\\\" : 0,\n", "polarBound"),
    ("certificate", "\"seal\" : ", "\"seal\" : {},\n", "seal"),
  ])
  func fieldThatStandsTwiceIsRefused(kind: String, place: String, addition: String, field: String) throws {
    let folder = try Trained.fertility.folder()
    let file = "\(kind).json"
    var text = String(decoding: try folder.read(file), as: UTF8.self)
    let start = try #require(text.firstRange(of: place)).lowerBound
    text.insert(contentsOf: addition, at: start)
    try folder.write(text, to: file)
    // The line of the second place: `scales` stands after `means`.
    let second = field == "scales" ? try #require(text.ranges(of: "\"scales\"").last).lowerBound : start
    let line =
      text[..<second].count { $0 == "\n" } + (field == "scales" ? 1 : 2)
    let run = try Program.run(Trained.fertility.verification, in: folder)
    expectStatus(65, run)
    #expect(
      run.errors
        == "bidual: \(file): not a \(kind): line \(line): field '\(field)' stands twice in one object; give a file that bidual wrote\n"
    )
    #expect(run.text == "")
  }

  /// Equal keys in different objects are no trouble, nor are colons, commas and braces inside texts.
  @Test func fieldsOfDifferentObjectsMayShareTheirNames() throws {
    let folder = try Trained.balloons.folder()
    var text = String(decoding: try folder.read("model.json"), as: UTF8.self)
    text.insert(
      contentsOf: "\"note\" : [{\"a\" : 1}, {\"a\" : 1, \"b\" : \", \\\"a\\\" : {\"}, [\"a\", \"a\"]], ",
      at: try #require(text.firstIndex(of: "\"")))
    try folder.write(text, to: "model.json")
    expectStatus(0, try Program.run(["predict", "model.json", "balloons.csv"], in: folder))
  }

  /// Neither nesting without end nor an encoding in which fields could hide.
  @Test func strangeDocumentsAreRefused() throws {
    let folder = try Trained.balloons.folder()
    for open in ["[", "{\"a\":", "[{\"a\":"] {
      try folder.write(String(repeating: open, count: 1_000_000), to: "deep.json")
      let run = try Program.run(["predict", "deep.json", "balloons.csv"], in: folder)
      expectStatus(65, run)
      #expect(run.errors.hasPrefix("bidual: deep.json: not a model: "))
    }
    let text = String(decoding: try folder.read("model.json"), as: UTF8.self)
    try folder.write(
      [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, to: "wide.json")
    let wide = try Program.run(["predict", "wide.json", "balloons.csv"], in: folder)
    expectStatus(65, wide)
    #expect(
      wide.errors
        == "bidual: wide.json: not a model: it is not text in UTF-8; give a file that bidual wrote\n")
  }
}

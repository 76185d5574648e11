import Foundation
import Testing

/// Data that can't be learnt from: exact message, exit code, and nothing written.
@Suite struct BadDataTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let message: String
    var arguments: [String]

    init(_ name: String, _ text: String, _ message: String, arguments: [String] = []) {
      self.init(name, bytes: Array(text.utf8), message, arguments: arguments)
    }

    init(_ name: String, bytes: [UInt8], _ message: String, arguments: [String] = []) {
      testDescription = name
      self.bytes = bytes
      self.message = message
      self.arguments = arguments
    }
  }

  static let cases = [
    Case("empty file", "", "the file is empty; give a line of column names and rows of numbers"),
    Case(
      "header only", "a,b,target\n",
      "there is a line of column names but no row of data; add at least one, or pass --no-header if the line is data"
    ),
    Case(
      "short row", "a,b,target\n1,2,3\n1,2\n",
      "row 2: 2 cells, but the header names 3; fill in the missing cells or drop the row"),
    Case(
      "long row", "a,b,target\n1,2,3,4\n1,2,3\n",
      "row 1: 4 cells, but the header names 3; delete the surplus or drop the row"),
    Case(
      "text in a number column", "a,b,target\n1,n/a,3\n1,2,4\n",
      "row 1, column 'b': \"n/a\" is not a number; drop the row or replace the value, or take the column's values as categories by --categories"
    ),
    Case(
      "empty cell", "a,b,target\n1,2,3\n1,,4\n",
      "row 2, column 'b': the cell is empty; drop the row, fill in a value, or choose what to do by --missing"
    ),
    Case(
      "nan", "a,b,target\n1,nan,3\n1,2,4\n",
      "row 1, column 'b': \"nan\" is not a finite number; drop the row or replace the value"),
    Case(
      "inf in the target", "a,b,target\n1,2,3\n1,2,-inf\n",
      "row 2, column 'target': \"-inf\" is not a finite number; drop the row or replace the value"),
    Case(
      "too large", "a,b,target\n1e999,2,3\n1,2,4\n",
      "row 1, column 'a': \"1e999\" is too large for a double; drop the row or replace the value"),
    Case(
      "missing target", "a,b,targett\n1,2,3\n1,2,4\n",
      "there is no column 'target'; did you mean 'targett'? the columns are 'a', 'b', 'targett'"),
    Case(
      "missing target beside listed features", "a,b,c\n1,2,3\n1,2,4\n",
      "there is no column 'target'; the columns are 'a', 'b', 'c'", arguments: ["--features", "a"]),
    Case(
      "missing feature", "a,b,target\n1,2,3\n1,2,4\n",
      "there is no column 'c'; did you mean 'a'? the columns are 'a', 'b', 'target'",
      arguments: ["--features", "a,c"]),
    Case(
      "feature listed twice", "a,b,target\n1,2,3\n1,2,4\n", "column 'a' is listed twice; list it once",
      arguments: ["--features", "a,a"]),
    Case(
      "no feature", "target\n1\n2\n", "no feature column beside the target 'target'; give at least one"),
    Case(
      "duplicate names", "a,a,target\n1,2,3\n1,2,4\n",
      "column name 'a' stands twice (columns 1 and 2); rename one of the two"),
    Case(
      "constant target", "a,b,target\n1,2,3\n2,2,3\n",
      "column 'target' is 3.0 in every row: there is nothing to learn; check --target"),
    Case("single row", "a,b,target\n1,2,3\n", "one row only; give at least two samples"),
    Case(
      "all features zero", "a,b,target\n0,0,3\n0,-0.0,4\n",
      "every feature is zero in every row: there is nothing to learn from; check --features"),
    Case(
      "header of numbers", "1,2,3\n1,2,4\n",
      "the first line holds numbers where the column names are expected; pass --no-header, or add a line of names"
    ),
    Case(
      "semicolons in the rows alone", "a,b,target\n1;2;3\n4;5;6\n",
      "row 1: 1 cell, but the header names 3; fill in the missing cells or drop the row"),
    Case(
      "binary garbage", bytes: (0..<4096).map { UInt8(truncatingIfNeeded: 255 - $0 * 7) },
      "line 1: byte 0xFF at place 1 of the file is not text; save the data as CSV in UTF-8"),
    Case(
      "a NUL", bytes: Array("a,b,target\n1,".utf8) + [0] + Array(",3\n".utf8),
      "line 2: byte 0x00 at place 14 of the file is not text; save the data as CSV in UTF-8"),
    Case(
      "a row of a million cells", "a,b,target\n" + String(repeating: "1,", count: 999_999) + "1\n",
      "row 1: 1000000 cells, but the header names 3; delete the surplus or drop the row"),
    Case(
      "a name of a million characters", String(repeating: "x", count: 1_000_000) + ",b\n1,2\n2,3\n",
      "there is no column 'target'; the columns are '\(String(repeating: "x", count: 40))…', 'b'"),
  ]

  @Test(arguments: cases)
  func badDataAreRefused(_ example: Case) throws {
    let folder = try TemporaryFolder()
    try folder.write(example.bytes, to: "data.csv")
    let run = try Program.run(
      [
        "fit", "data.csv", "--target", "target", "--output", "model.json", "--certificate", "cert.json",
        "--log", "log.jsonl",
      ] + example.arguments, in: folder)
    expectStatus(65, run)
    #expect(run.errors == "bidual: data.csv: \(example.message)\n")
    #expect(run.text == "")
    #expect(try folder.names == ["data.csv"])
    #expect(run.duration < .seconds(10))
  }

  @Test func targetAmongTheFeaturesIsRefused() throws {
    let folder = try TemporaryFolder(.balloons)
    for subcommand in ["fit", "arrange"] {
      let run = try Program.run(
        [subcommand, "balloons.csv", "--target", "large", "--features", "yellow,large"], in: folder)
      expectStatus(65, run)
      #expect(
        run.errors == "bidual: column 'large' is the target and a feature at once; drop it from --features\n")
      #expect(run.text == "")
    }
  }

  @Test(arguments: [("--beta", "1e200"), ("--beta", "1e-200"), ("--beta-ratio", "1e200")])
  func extremeBetaIsRefused(option: String, value: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", option, value, "--output", "model.json"], in: folder)
    expectStatus(65, run)
    #expect(run.errors.hasPrefix("bidual: beta is "))
    #expect(run.errors.hasSuffix("; give a number between 1e-100 and 1e100\n"))
    #expect(try folder.names == ["balloons.csv"])
  }

  @Test func wideDataAreReadFast() throws {
    let folder = try TemporaryFolder()
    let count = 200_000
    let lines = [
      (0..<count).map { "x\($0)" } + ["target"], Array(repeating: "1", count: count) + ["2"],
      Array(repeating: "2", count: count) + ["3"],
    ]
    try folder.write(lines.map { $0.joined(separator: ",") + "\n" }.joined(), to: "data.csv")
    let run = try Program.run(["fit", "data.csv", "--target", "target", "--json"], in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["features"] == .integer(count))
    #expect(run.duration < .seconds(10))
  }

  static let readers = [
    ["fit", "@", "--target", "target", "--output", "new.json"],
    ["verify", "model.json", "certificate.json", "@"], ["verify", "@", "certificate.json", "balloons.csv"],
    ["verify", "model.json", "@", "balloons.csv"], ["predict", "model.json", "@", "--output", "new.csv"],
    ["predict", "@", "balloons.csv", "--output", "new.csv"], ["arrange", "@", "--target", "target"],
  ]

  /// A file that is not there, a path through a file, and a folder, in the place of each input.
  @Test(
    arguments: readers,
    [
      ("nowhere.csv", "there is no such file or folder; check the path"),
      ("balloons.csv/inside", "a part of the path is a file, not a folder; check the path"),
      (".", "it is a folder; name a file inside it"),
    ])
  func inputThatCanNotBeReadIsNamed(arguments: [String], input: (path: String, reason: String)) throws {
    let folder = try Trained.balloons.folder()
    let before = try folder.names
    let run = try Program.run(arguments.map { $0 == "@" ? input.path : $0 }, in: folder)
    expectStatus(66, run)
    #expect(run.errors == "bidual: can't read '\(input.path)': \(input.reason)\n")
    #expect(run.text == "")
    #expect(try folder.names == before)
  }

  @Test(.enabled(if: getuid() != 0, "the superuser may read every file"), arguments: readers)
  func closedInputIsNamed(arguments: [String]) throws {
    let folder = try Trained.balloons.folder()
    try folder.write("", to: "closed")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.file("closed"))
    let run = try Program.run(arguments.map { $0 == "@" ? "closed" : $0 }, in: folder)
    expectStatus(66, run)
    #expect(
      run.errors
        == "bidual: can't read 'closed': permission denied; change the permissions or choose another path\n")
  }
}

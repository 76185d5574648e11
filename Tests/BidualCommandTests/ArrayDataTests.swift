import Bidual
import Foundation
import Testing

/// NumPy arrays in place of CSV files: the same models, the same certificates, and exact messages.
@Suite struct ArrayDataTests {
  private static let samples = 24

  /// The same samples as arrays (x.npy of shape (24, 2, 2), y.npy, w.npy) and as table.csv.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let n = Self.samples
    var rows: [[Double]] = []
    var targets: [Double] = []
    var weights: [Double] = []
    for i in 0..<n {
      let places: [Int] = (0..<4).map { 159 * i + 37 * $0 }
      rows.append(places.map { Double($0 % 23) - 9 })
      targets.append(Double(i * i % 5))
      weights.append(Double(i % 3 + 1))
    }
    func write(_ name: String, _ shape: [Int], _ elements: [Double]) throws {
      try NPYWriter.write(NPYArray(shape: shape, elements: elements), to: folder.file(name))
    }
    try write("x.npy", [n, 2, 2], Array(rows.joined()))
    try write("y.npy", [n], targets)
    try write("w.npy", [n], weights)
    try write("xy.npy", [n, 5], (0..<n).flatMap { rows[$0] + [targets[$0]] })
    var text = "c0,c1,c2,c3,target,weights\n"
    for i in 0..<n {
      let cells = rows[i] + [targets[i], weights[i]]
      text += cells.map { "\(Int($0))" }.joined(separator: ",") + "\n"
    }
    try folder.write(text, to: "table.csv")
    return folder
  }

  private static let losses = [["--beta", "3"], ["--loss", "logistic", "--positive", "4", "--beta", "3"]]

  @Test(arguments: losses)
  func arraysAndTablesGiveTheSameBytes(settings: [String]) throws {
    let folder = try folder()
    let common = settings + ["--bias", "--standardize", "--quiet"]
    let files = ["--output", "a.json", "--certificate", "ac.json"]
    let array = try Program.run(
      ["fit", "x.npy", "--target", "y.npy", "--weights", "w.npy"] + common + files, in: folder)
    expectStatus(0, array)
    let table = try Program.run(
      ["fit", "table.csv", "--target", "target", "--weights", "weights"] + common
        + ["--output", "t.json", "--certificate", "tc.json"], in: folder)
    expectStatus(0, table)
    #expect(try folder.read("a.json") == folder.read("t.json"))
    #expect(try folder.read("ac.json") == folder.read("tc.json"))

    // Each of the two kinds of data serves a model made from the other.
    let columns = ["--target", "y.npy", "--weights", "w.npy"]
    for data in [["x.npy"] + columns, ["table.csv"]] {
      expectStatus(0, try Program.run(["verify", "a.json", "ac.json"] + data, in: folder))
      if settings.count < 4 {
        expectStatus(0, try Program.run(["certify", "a.json", "--quiet"] + data, in: folder))
      }
    }
    let predictions = try Program.run(["predict", "a.json", "x.npy"], in: folder)
    expectStatus(0, predictions)
    #expect(predictions.output == (try Program.run(["predict", "t.json", "table.csv"], in: folder).output))
    let scores = try [["x.npy"] + columns, ["table.csv"]].map {
      try Program.run(["predict", "a.json", "--score", "--json"] + $0, in: folder).text
    }
    #expect(scores[0] == scores[1] && !scores[0].isEmpty)
  }

  /// `arrays.npz` was written by NumPy: X of shape (24, 2, 2), target and weights of the same samples.
  @Test(arguments: losses)
  func archivesAndTablesGiveTheSameBytes(settings: [String]) throws {
    let folder = try folder()
    let archive = Bundle.module.bundleURL.appendingPathComponent("Data/arrays.npz")
    try folder.write([UInt8](Data(contentsOf: archive)), to: "arrays.npz")
    let common = settings + ["--target", "target", "--weights", "weights", "--bias", "--quiet"]
    for (data, name) in [("arrays.npz", "a"), ("table.csv", "t")] {
      let files = ["--output", "\(name).json", "--certificate", "\(name)c.json"]
      expectStatus(0, try Program.run(["fit", data] + common + files, in: folder))
    }
    #expect(try folder.read("a.json") == folder.read("t.json"))
    #expect(try folder.read("ac.json") == folder.read("tc.json"))
    expectStatus(0, try Program.run(["verify", "a.json", "ac.json", "arrays.npz"], in: folder))
    let piped = try Program.shell("cat arrays.npz | \"$BIDUAL\" predict a.json -", in: folder)
    expectStatus(0, piped)
    #expect(piped.output == (try Program.run(["predict", "a.json", "table.csv"], in: folder).output))
    let missing = try Program.run(["fit", "arrays.npz", "--target", "y", "--output", "m.json"], in: folder)
    expectStatus(65, missing)
    #expect(
      missing.errors
        == "bidual: arrays.npz: there is no column 'y'; the columns are 'c0', 'c1', 'c2', 'c3', 'target', 'weights'\n"
    )
  }

  @Test func aColumnOfTheArrayIsATargetToo() throws {
    let folder = try folder()
    let settings = ["--loss", "hinge", "--positive", "4", "--beta", "3", "--quiet", "--output", "m.json"]
    expectStatus(0, try Program.run(["fit", "xy.npy", "--target", "c4"] + settings, in: folder))
    let array = try JSONValue(folder.read("m.json"))
    expectStatus(
      0, try Program.run(["fit", "x.npy", "--target", "y.npy"] + settings, in: folder))
    let file = try JSONValue(folder.read("m.json"))
    #expect(array["target"] == .text("c4") && file["target"] == .text("target"))
    #expect(array["hidden"] == file["hidden"])
    #expect(file["classes"]?["positive"] == .text("4"))
    #expect(file["classes"]?["negative"] == .text("not 4"))
  }

  @Test func featuresAreChosenByName() throws {
    let folder = try folder()
    for (data, target) in [("x.npy", "y.npy"), ("table.csv", "target")] {
      let run = try Program.run(
        [
          "fit", data, "--target", target, "--features", "c3,c1", "--beta", "3", "--quiet", "--output",
          "\(target).json",
        ], in: folder)
      expectStatus(0, run)
    }
    #expect(try folder.read("y.npy.json") == folder.read("target.json"))
  }

  @Test func comparesAndArranges() throws {
    let folder = try folder()
    let compare = try Program.run(
      [
        "compare", "x.npy", "--target", "y.npy", "--features", "c0,c1", "--methods", "exact", "--json",
        "--beta", "3", "--test", "x.npy", "--test-target", "y.npy",
      ], in: folder)
    expectStatus(0, compare)
    #expect(compare.text.contains("\"score\""))
    let counts = try [("x.npy", "y.npy"), ("table.csv", "target")].map { data, target in
      try Program.run(
        ["arrange", data, "--target", target, "--features", "c0,c1"], in: folder
      ).text
    }
    #expect(counts[0] == counts[1] && !counts[0].isEmpty)
  }

  @Test func standardInputHoldsAnArray() throws {
    let folder = try folder()
    expectStatus(
      0,
      try Program.run(
        ["fit", "x.npy", "--target", "y.npy", "--beta", "3", "--quiet", "--output", "m.json"], in: folder))
    let named = try Program.run(["predict", "m.json", "x.npy"], in: folder)
    expectStatus(0, named)
    let redirected = try Program.run(["predict", "m.json", "-"], in: folder, input: folder.read("x.npy"))
    let piped = try Program.shell("cat x.npy | $BIDUAL predict m.json -", in: folder)
    #expect(redirected.output == named.output && piped.output == named.output)
  }

  @Test func badArrays() throws {
    let folder = try folder()
    let whole = try folder.read("x.npy")
    func header(_ descriptor: String, _ shape: String) -> [UInt8] { Self.header(descriptor, shape) }
    try folder.write(Array(whole.dropLast(5)), to: "cut.npy")
    try folder.write("c0,target\n1,2\n3,4\n", to: "text.npy")
    try folder.write(header("|O", "(2,)") + [1, 2], to: "object.npy")
    try folder.write(header(">f8", "(1,)") + whole.suffix(8), to: "big.npy")
    try folder.write(header("<f8", "(0, 4)"), to: "empty.npy")
    try folder.write(header("<f8", "(1,)") + [0, 0, 0, 0, 0, 0, 0xF0, 0x7F], to: "inf.npy")
    try folder.write(header("|u1", "(23,)") + Array(repeating: 1, count: 23), to: "short.npy")
    try folder.write(header("|u1", "(24, 1)") + Array(repeating: 1, count: 24), to: "square.npy")
    let cases: [(data: String, target: String, status: Int32, message: String)] = [
      (
        "cut.npy", "y.npy", 65,
        "cut.npy: the NumPy file is cut short: its header promises 768 bytes of data, but it holds 763; copy or save it again"
      ),
      ("text.npy", "y.npy", 65, "text.npy: the file is not a NumPy array; save it with numpy.save"),
      (
        "object.npy", "y.npy", 65,
        "object.npy: element type '|O' is not supported; convert the array with astype('<f8') before saving"
      ),
      (
        "big.npy", "y.npy", 65,
        "big.npy: element type '>f8' is not supported; convert the array with astype('<f8') before saving"
      ),
      (
        "empty.npy", "y.npy", 65,
        "empty.npy: the array is empty (shape (0, 4)); give at least one entry along each axis"
      ),
      (
        "inf.npy", "y.npy", 65,
        "inf.npy: row 1, column 'c0': inf is not a finite number; drop the row or replace the value"
      ),
      ("x.npy", "short.npy", 65, "short.npy: 23 numbers for the 24 rows of the data; give one number a row"),
      (
        "x.npy", "square.npy", 65,
        "square.npy: the array has 2 axes; give one with a single axis, one number a row"
      ),
      (
        "x.npy", "target", 65,
        "x.npy: there is no column 'target'; the columns are 'c0', 'c1', 'c2', 'c3'"
      ),
      ("x.npy", "z.npy", 66, "can't read 'z.npy': there is no such file or folder; check the path"),
      ("z.npy", "y.npy", 66, "can't read 'z.npy': there is no such file or folder; check the path"),
      (
        "table.csv", "y.npy", 65,
        "y.npy: the data have a column 'target' of their own; leave it out with --features, or rename it"
      ),
    ]
    for (data, target, status, message) in cases {
      let run = try Program.run(["fit", data, "--target", target, "--output", "m.json"], in: folder)
      expectStatus(status, run, data)
      #expect(run.errors == "bidual: \(message)\n")
      #expect(run.text == "")
    }
    #expect(try !folder.names.contains("m.json"))
    // A model whose target stood in a file of its own needs one again.
    let settings = ["--target", "y.npy", "--beta", "3", "--quiet", "--output", "m.json"]
    expectStatus(0, try Program.run(["fit", "x.npy"] + settings, in: folder))
    let forgotten = try Program.run(["certify", "m.json", "x.npy"], in: folder)
    expectStatus(65, forgotten)
    #expect(
      forgotten.errors
        == "bidual: x.npy: there is no column 'target': an array has the columns c0 to c3; name one of these, or give a target or weights in a NumPy file of their own\n"
    )
    let usage = try Program.run(["fit", "x.npy", "--target", "y.npy", "--output", "y.npy"], in: folder)
    expectStatus(64, usage)
    #expect(usage.errors.hasPrefix("Error: --output and --target name the same file; give two\n"))
  }

  /// A pipe holds what comes, not what the header says of it: nothing is made on its word.
  @Test(arguments: ["False", "True"]) func wideHeaderOfAPipe(order: String) throws {
    let folder = try folder()
    try folder.write(Self.header("<f8", "(1, 1099511627776)", order) + [1, 2, 3], to: "wide.npy")
    try folder.write(Self.header("<f8", "(4, 70000)", order) + [1, 2, 3], to: "long.npy")
    let learn = ["--target", "c0", "--quiet"]
    let model = ["--target", "y.npy", "--beta", "3", "--quiet", "--output", "m.json"]
    expectStatus(0, try Program.run(["fit", "x.npy"] + model, in: folder))
    let commands = [
      ["fit", "-"] + learn, ["fit", "-", "--features", "c1,c5"] + learn,
      ["fit", "-", "--loss", "logistic"] + learn,
      ["fit", "-", "--loss", "logistic", "--features", "c7"] + learn,
      ["fit", "-", "--target", "y.npy", "--weights", "w.npy", "--quiet"],
      ["compare", "-", "--target", "c1099511627775"], ["arrange", "-", "--target", "c0"],
      ["predict", "m.json", "-"], ["certify", "m.json", "-", "--target", "y.npy", "--quiet"],
    ]
    for file in ["wide.npy", "long.npy"] {
      for command in commands where file == "wide.npy" || !command.contains("c1099511627775") {
        let run = try Program.shell(
          "cat \(file) | \"$BIDUAL\" \(command.joined(separator: " "))", in: folder)
        expectStatus(65, run, "\(file) \(command)")
        // The whole of it would not go into memory, or does not come.
        #expect(
          run.errors.hasPrefix("bidual: -: the NumPy file") && run.errors.contains("header promises"),
          "\(run.errors)")
      }
    }
  }

  /// Columns of an array are found by number, exactly as they would be by name.
  @Test func columnsOfAWideRowComeFromAPipeToo() throws {
    let folder = try folder()
    let width = 70_000
    var entries = [Double](repeating: 0, count: 3 * width)
    for (row, values) in [[1.0, 2, 5], [3, 4, 6], [2, 2, 4]].enumerated() {
      for (column, value) in zip([1, 69_999, 12], values) { entries[row * width + column] = value }
    }
    try NPYWriter.write(NPYArray(shape: [3, width], elements: entries), to: folder.file("wide.npy"))
    try folder.write("c69999,c1,c12\n2,1,5\n4,3,6\n2,2,4\n", to: "narrow.csv")
    let settings = ["--target", "c12", "--features", "c69999,c1", "--beta", "0.1", "--quiet", "--output"]
    let arguments = (["fit", "-"] + settings).joined(separator: " ")
    expectStatus(0, try Program.shell("cat wide.npy | \"$BIDUAL\" \(arguments) piped.json", in: folder))
    expectStatus(0, try Program.run(["fit", "wide.npy"] + settings + ["file.json"], in: folder))
    expectStatus(0, try Program.run(["fit", "narrow.csv"] + settings + ["text.json"], in: folder))
    #expect(try folder.read("piped.json") == folder.read("text.json"))
    #expect(try folder.read("file.json") == folder.read("text.json"))
    for name in ["c70000", "c01", "c", "d1", "c-1", "c+1", "C1", "c99999999999999999999"] {
      let run = try Program.run(
        ["fit", "wide.npy", "--target", "c0", "--features", name], in: folder)
      expectStatus(65, run, name)
      #expect(run.errors.contains("there is no column '\(name)': an array has the columns c0 to c69999"))
    }
    let twice = try Program.run(
      ["fit", "wide.npy", "--target", "c0", "--features", "c3,c3"], in: folder)
    expectStatus(65, twice)
    #expect(twice.errors == "bidual: wide.npy: column 'c3' is listed twice; list it once\n")
  }

  /// A file with a hole may be longer than any memory: it is refused in words.
  @Test func holesAreNotTakenForMemory() throws {
    let folder = try folder()
    for (name, head) in [
      ("hole.npy", Self.header("<f8", "(1, 4398046511104)")), ("hole.csv", []), ("hole.json", []),
    ] as [(String, [UInt8])] {
      try folder.write(head, to: name)
      let size = head.count + 8 * 4_398_046_511_104
      let made = try Program.shell("truncate -s \(size) \(name)", in: folder)
      // Some file systems know no files of that length.
      guard made.status == 0 else { continue }
      let arguments = name == "hole.json" ? ["predict", name, "x.npy"] : ["fit", name, "--target", "c0"]
      let run = try Program.run(arguments, in: folder)
      #expect(run.status == 65 || run.status == 66, "\(name): \(run.errors)")
      #expect(run.errors.contains("this machine's memory"), "\(run.errors)")
      let few = ["fit", name, "--target", "c0", "--features", "c1"]
      if name == "hole.npy" { expectStatus(65, try Program.run(few, in: folder)) }
    }
  }

  /// The head of a NumPy file.
  private static func header(_ descriptor: String, _ shape: String, _ isFortran: String = "False") -> [UInt8]
  {
    let text = Array("{'descr': '\(descriptor)', 'fortran_order': \(isFortran), 'shape': \(shape)}".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text
  }
}

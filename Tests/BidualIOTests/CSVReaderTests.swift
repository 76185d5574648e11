import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct CSVReaderTests {
  private func table(_ text: String, hasHeader: Bool = true, columns: [String]? = nil) throws -> Table {
    try CSVReader(hasHeader: hasHeader, columns: columns).table(bytes: Array(text.utf8))
  }

  private static let plain = Matrix([[1, 2], [3, 4]])

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r",
    "a,b\n1,2\n3,4\n\n \n\t\r\n",
    "\u{FEFF}a,b\n1,2\n3,4\n", " a ,\tb\n 1 , 2\n3\t,4 \n", "\"a\",\"b\"\n\"1\",2\n3, \"4\" \n",
    "a,b\n+1.0,2e0\n.3e1,40E-1\n", "\u{FEFF}\"a\",b\n1.,2\n0.03e+2,00004\n",
  ])
  func readsEveryDialect(text: String) throws {
    let table = try table(text)
    #expect(table.names == ["a", "b"])
    #expect(table.values == Self.plain)
  }

  @Test func keepsQuotedNamesWhole() throws {
    let table = try table("\"a \"\"x\"\", b\",\"c\nd\",\" e \",g\"h\n1,2,3,4\n")
    #expect(table.names == ["a \"x\", b", "c\nd", " e ", "g\"h"])
    #expect(table.values == Matrix([[1, 2, 3, 4]]))
  }

  @Test func numbersColumnsWithoutHeader() throws {
    let table = try table("1,2\n3,4\n", hasHeader: false)
    #expect(table.names == ["c0", "c1"])
    #expect(table.values == Self.plain)
  }

  @Test func quotedNumbersAreNames() throws {
    #expect(try table("\"1\",\"2\"\n1,2\n3,4\n").names == ["1", "2"])
  }

  @Test func readsOnlyWantedColumns() throws {
    let table = try table("id,x,y,note\nu1,1,2,\nu2,3,4,\"a, b\nc\"\n", columns: ["y", "x"])
    #expect(table.names == ["y", "x"])
    #expect(table.values == Matrix([[2, 1], [4, 3]]))
  }

  @Test(arguments: [
    ("", "the file is empty; give a line of column names and rows of numbers"),
    ("\u{FEFF} \r\n\n", "the file is empty; give a line of column names and rows of numbers"),
    (
      "a,b\n",
      "there is a line of column names but no row of data; add at least one, or pass the argument 'hasHeader: false' if the line is data"
    ),
    ("a,b\n1\n", "row 1: 1 cell, but the header names 2; fill in the missing cells or drop the row"),
    ("a,b\n1,2\n1,2,x\n", "row 2: 3 cells, but the header names 2; delete the surplus or drop the row"),
    (
      "a,b\n1,\n",
      "row 1, column 'b': the cell is empty; drop the row, fill in a value, or choose what to do by the argument 'missing'"
    ),
    (
      "a,b\n1,\"\"\n",
      "row 1, column 'b': the cell is empty; drop the row, fill in a value, or choose what to do by the argument 'missing'"
    ),
    ("a,b\n1,2\n\n3,4\n", "line 3 is blank; delete it, or fill in its cells"),
    ("a\n1\n\n3\n", "line 3 is blank; delete it, or fill in its cells"),
    ("\na,b\n1,2\n", "line 1 is blank; delete it"),
    ("a,age\n1,n/a\n", "row 1, column 'age': \"n/a\" is not a number; drop the row or replace the value"),
    ("a,b\n1,2\n0x1F,2\n", "row 2, column 'a': \"0x1F\" is not a number; drop the row or replace the value"),
    ("a,b\n1,NaN\n", "row 1, column 'b': \"NaN\" is not a finite number; drop the row or replace the value"),
    (
      "a,b\n-inf,2\n", "row 1, column 'a': \"-inf\" is not a finite number; drop the row or replace the value"
    ),
    (
      "a,b\n1,1e999\n",
      "row 1, column 'b': \"1e999\" is too large for a double; drop the row or replace the value"
    ),
    ("a,b,a\n1,2,3\n", "column name 'a' stands twice (columns 1 and 3); rename one of the two"),
    ("a,,c\n1,2,3\n", "column 2 has no name; name every column"),
    ("a,b,\n1,2,\n", "column 3 has no name; name every column"),
    (
      "1,2\n3,4\n",
      "the first line holds numbers where the column names are expected; pass the argument 'hasHeader: false', or add a line of names"
    ),
    ("a,b\n1,\"2\n3,4\n", "row 1, column 'b': a quote opens here and is never closed; close it"),
    ("a,\"b\n1,2\n", "line 1, column 2: a quote opens here and is never closed; close it"),
    (
      "a,b\n1,\"2\"3\n",
      "row 1, column 'b': text follows the closing quote; double every quote inside a quoted cell"
    ),
    (
      "a,\"b\"c\n1,2\n",
      "line 1, column 2: text follows the closing quote; double every quote inside a quoted cell"
    ),
    (
      "a,b\n1,2;3\n",
      "row 1, column 'b': \"2;3\" is not a number; part the cells by one kind of separator only"
    ),
    (
      "a,b\n\"1\n\",2\n",
      "row 1, column 'a': \"1\\n\" is not a number; drop the row or replace the value"
    ),
  ])
  func namesWhatIsWrong(text: String, message: String) {
    expectError(.badData, message) { try table(text) }
  }

  @Test func namesTheLineWhereItDiffers() {
    expectError(
      .badData, "row 2 (line 4), column 'x': \"?\" is not a number; drop the row or replace the value"
    ) { try table("n,x\n\"p\nq\",1\nr,?\n", columns: ["x"]) }
  }

  @Test func headerTakenForData() {
    expectError(
      .badData,
      "row 1, column 'c0': \"a\" is not a number; leave out the argument 'hasHeader: false' if the first line names the columns"
    ) { try table("a,b\n1,2\n", hasHeader: false) }
    expectError(
      .badData, "row 2: 1 cell, but the first row has 2; fill in the missing cells or drop the row"
    ) { try table("1,2\n3\n", hasHeader: false) }
  }

  @Test func wantedColumnsMustBeThere() {
    expectError(
      .badData, "there is no column 'hight'; did you mean 'height'? the columns are 'age', 'height'"
    ) { try table("age,height\n1,2\n", columns: ["hight"]) }
    expectError(.badData, "column 'age' is listed twice; list it once") {
      try table("age,height\n1,2\n", columns: ["age", "age"])
    }
  }

  @Test func binaryContentIsRefused() {
    let advice = "is not text; save the data as CSV in UTF-8"
    expectError(.badData, "line 2: byte 0x00 at place 6 of the file \(advice)") {
      try CSVReader().table(bytes: Array("a,b\n1\0,2".utf8))
    }
    // UTF-16, overlong, surrogate, beyond U+10FFFF, cut short, lone continuation.
    for bad: [UInt8] in [
      [0xFF, 0xFE, 0x61], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
      [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xE2, 0x82, 0x41], [0xF5, 0x80, 0x80, 0x80],
    ] {
      let digits = String(bad[0], radix: 16, uppercase: true)
      expectError(.badData, "line 3: byte 0x\(digits) at place 5 of the file \(advice)") {
        try CSVReader().table(bytes: Array("a\r\n\r".utf8) + bad)
      }
    }
  }

  @Test func acceptsAllOfUnicode() throws {
    #expect(try table("größe,身長,😀,\u{10FFFF}\u{D7FF}\n1,2,3,4\n").names[2] == "😀")
  }

  @Test func longAndOddCellsAreShortened() {
    let long = String(repeating: "x", count: 1 << 20)
    expectError(
      .badData,
      "row 1, column 'a': \"\(String(repeating: "x", count: 40))…\" is not a number; drop the row or replace the value"
    ) { try table("a\n\(long)\n") }
    expectError(
      .badData,
      "row 1, column 'a': \"\\u{1B}[31m\\u{202E}q\" is not a number; drop the row or replace the value"
    ) { try table("a\n\u{1B}[31m\u{202E}q\n") }
  }

  @Test func aMillionColumns() throws {
    let clock = ContinuousClock()
    let row = String(repeating: "1,", count: 999_999) + "1"
    let time = try clock.measure {
      let wide = try table("\(row)\n\(row)\n", hasHeader: false)
      #expect(wide.values.columns == 1_000_000)
      expectError(
        .badData,
        "row 1: 1000000 cells, but the header names 2; delete the surplus or drop the row"
      ) { try table("a,b\n\(row)\n") }
      expectError(
        .badData,
        "there is no column 'z'; the columns are 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', … (1000000 in all)"
      ) { try table("\(row)\n", hasHeader: false, columns: ["z"]) }
    }
    #expect(time < .seconds(20))
  }

  @Test func readsAMillionNumbersQuickly() throws {
    var random = SeededGenerator(seed: 1)
    let values = (0..<1_000_000).map { _ in Double.random(in: -1...1, using: &random) }
    let written = CSVWriter.bytes(try Table(values: Matrix(rows: 50_000, columns: 20, elements: values)))
    let clock = ContinuousClock()
    var read: Table?
    let time = try clock.measure { read = try CSVReader().table(bytes: written) }
    #expect(read?.values.elements == values)
    #expect(time < .seconds(3))
  }
}

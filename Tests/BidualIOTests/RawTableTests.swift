import BidualIO
import BidualLinear
import BidualModels
import Testing

/// CSV files whose cells may be numbers, texts or missing.
@Suite struct RawTableTests {
  private func raw(_ text: String, texts: [String] = [], dialect: CSVDialect = CSVDialect()) throws
    -> RawTable
  {
    try CSVReader(dialect: dialect).rawTable(bytes: Array(text.utf8), texts: texts)
  }

  private func numbers(_ table: RawTable, _ name: String) throws -> [Double?] {
    guard case .numbers(let numbers) = try table.column(name) else { return [] }
    return numbers.map { $0.isNaN ? nil : $0 }
  }

  private func texts(_ table: RawTable, _ name: String) throws -> [String?] {
    guard case .texts(let texts) = try table.column(name) else { return [] }
    return texts
  }

  @Test func cellsAreNumbersTextsOrMissing() throws {
    let table = try raw("x,city,z,code\n1,Oslo,,7\nNA,,NA,8\n-2.5e1,\"Berg, en\",null,NA\n", texts: ["code"])
    #expect(table.rows == 3)
    #expect(try numbers(table, "x") == [1, nil, -25])
    #expect(try texts(table, "city") == ["Oslo", nil, "Berg, en"])
    #expect(try numbers(table, "z") == [nil, nil, nil])
    #expect(try texts(table, "code") == ["7", "8", nil])
    #expect(try table.wholeRows(in: ["x", "city"]) == [0, 2])
  }

  /// Missing cells before the first text, between texts and after them stay where they are.
  @Test func textsKeepTheirRows() throws {
    let table = try raw("a\nNA\nNA\nu\nNA\nv\nNA\n")
    #expect(try texts(table, "a") == [nil, nil, "u", nil, "v", nil])
  }

  @Test(arguments: [
    ("a,b\n1,2\nx,3\n", "row 2, column 'a': \"x\" is not a number"),
    ("a,b\nx,2\n1,3\n", "row 1, column 'a': \"x\" is not a number"),
    ("a,b\n1,2\nnan,3\n", "row 2, column 'a': \"nan\" is not a finite number"),
    ("a,b\n1,2\n1e999,3\n", "row 2, column 'a': \"1e999\" is too large for a double"),
    ("a,b\n1\n", "row 1: 1 cell, but the header names 2"), ("a,b\n\n1,2\n", "line 2 is blank"),
    ("a,b\n1,\"2\n", "row 1, column 'b': a quote opens here and is never closed"),
  ])
  func textAmongNumbersIsToldFromColumnsOfText(text: String, message: String) {
    let error = #expect(throws: DataError.self) { try raw(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func separatorsAreFoundInTheFirstLine() throws {
    for (separator, name) in [(",", CSVDialect.Separator.comma), (";", .semicolon), ("\t", .tab)] {
      let text = ["x", "\"y,;\t\""].joined(separator: separator) + "\n1\(separator)2\n"
      for choice in [CSVDialect.Separator.automatic, name] {
        let table = try raw(text, dialect: CSVDialect(separator: choice))
        #expect(table.names == ["x", "y,;\t"])
        #expect(try numbers(table, "x") == [1])
        #expect(
          try CSVReader(dialect: CSVDialect(separator: choice)).table(bytes: Array(text.utf8)).values
            == Matrix([[1, 2]]))
      }
    }
  }

  @Test(arguments: ["0,5", "-12,25e-2", "1234567890123456789,123456789", ",5", "7"])
  func decimalCommasReadAsPoints(number: String) throws {
    let dialect = CSVDialect(hasDecimalComma: true)
    let expected = Double(number.replacing(",", with: "."))
    let table = try CSVReader(dialect: dialect).table(bytes: Array("x;y\n\(number);1\n".utf8))
    #expect(table.values[0, 0] == expected)
    #expect(try numbers(raw("x;y\n\(number);NA\n", dialect: dialect), "x") == [expected])
  }

  /// Where every cell is a number both ways of reading agree to the bit.
  @Test func rawNumbersAreThoseOfThePlainReader() throws {
    var random = SeededGenerator(seed: 3)
    let text =
      "a,b,c\n"
      + (0..<50).map { _ in
        (0..<3).map { _ in "\(Double.random(in: -1e3...1e3, using: &random))" }.joined(separator: ",") + "\n"
      }.joined()
    let plain = try CSVReader().table(bytes: Array(text.utf8))
    let table = try raw(text)
    for (place, name) in plain.names.enumerated() {
      #expect(try numbers(table, name) == plain.values.column(place))
    }
  }

  @Test func ignoredColumnsMayHoldAnything() throws {
    var reader = CSVReader()
    reader.ignored = ["note"]
    let bytes = Array("x,note,y\n1,7,2\n3,what,4\n".utf8)
    #expect(try reader.table(bytes: bytes) == Table(names: ["x", "y"], values: Matrix([[1, 2], [3, 4]])))
    #expect(try reader.rawTable(bytes: bytes).names == ["x", "y"])
    reader.ignored = ["nothing"]
    #expect(throws: DataError.self) { try reader.table(bytes: bytes) }
  }
}

import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct CSVRoundTripTests {
  @Test func writesShortestForms() throws {
    let table = try Table(
      names: ["x", "a,b", "say \"hi\"", "2020", " "],
      values: Matrix([
        [1, -0.0, 0.1, 1e16, .leastNonzeroMagnitude], [1.5, 1e-7, 123456.789, -2, 1.7976931348623157e308],
      ]))
    let text = String(decoding: CSVWriter.bytes(table), as: UTF8.self)
    #expect(
      text == """
        x,"a,b","say ""hi""\","2020"," "
        1.0,-0.0,0.1,1e+16,5e-324
        1.5,1e-07,123456.789,-2.0,1.7976931348623157e+308

        """)
  }

  @Test func randomTablesComeBackBitForBit() throws {
    var random = SeededGenerator(seed: 2)
    let letters: [Character] = [
      "a", "Z", "7", " ", ",", "\"", "\n", "\r", ";", "é", "😀", "-", ".", "\u{FEFF}",
    ]
    for _ in 0..<300 {
      let rows = Int.random(in: 1...8, using: &random)
      let columns = Int.random(in: 1...6, using: &random)
      // The first letter keeps the names apart.
      let names = (0..<columns).map { index in
        "\(index)"
          + String(
            (0..<Int.random(in: 0...5, using: &random)).map { _ in letters.randomElement(using: &random)! })
      }
      let values = (0..<rows * columns).map { _ in random.finiteDouble() }
      let table = try Table(names: names, values: Matrix(rows: rows, columns: columns, elements: values))
      let back = try CSVReader().table(bytes: CSVWriter.bytes(table))
      #expect(back.names == names)
      #expect(bits(back.values.elements) == bits(values))
    }
  }

  @Test func goesThroughAFile() throws {
    let folder = try TemporaryFolder()
    let table = try Table(names: ["x", "y"], values: Matrix([[0.1, 2], [3, 1e-300]]))
    try CSVWriter.write(table, to: folder.file("t.csv"))
    #expect(try CSVReader().table(path: folder.file("t.csv")) == table)
    try AtomicFile.write("x\n?\n", to: folder.file("t.csv"))
    expectError(
      .badData,
      "\(folder.file("t.csv")): row 1, column 'x': \"?\" is not a number; drop the row or replace the value"
    ) { try CSVReader().table(path: folder.file("t.csv")) }
  }

  @Test func mutatedFilesNeverTrap() throws {
    var random = SeededGenerator(seed: 3)
    let source = Array(
      "id,\"x, 1\",y\r\nu,1.5e3,-.25\n\"v \"\"w\"\"\n\",+7,12345678901234567890\nz,0,1e-5\n".utf8)
    let spice = Array("\",\n\r;.e+-0 \t\u{0}\u{FF}9".utf8)
    for round in 0..<20_000 {
      var bytes = source
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = spice.randomElement(using: &random)!
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.insert(spice.randomElement(using: &random)!, at: place)
        case 3: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      let columns = round % 3 == 0 ? nil : ["y", "x, 1"]
      do throws(DataError) {
        let table = try CSVReader(hasHeader: round % 5 != 0, columns: columns).table(bytes: bytes)
        #expect(!table.values.elements.contains { !$0.isFinite })
      } catch {
        #expect(error.kind == .badData)
      }
    }
  }
}

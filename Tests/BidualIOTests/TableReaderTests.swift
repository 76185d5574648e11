import BidualLinear
import BidualModels
import Foundation
import Testing

@testable import BidualIO

@Suite struct TableReaderTests {
  private func table(
    _ bytes: [UInt8], _ reader: TableReader = TableReader(), name: String = "data"
  ) throws -> Table {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    do {
      return try reader.table(path: folder.file(name))
    } catch {
      // The folder's name is not known beforehand.
      throw DataError(error.kind, error.description.replacingOccurrences(of: folder.path + "/", with: ""))
    }
  }

  @Test func contentDecidesTheKind() throws {
    let matrix = Matrix([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])
    let names = ["c0", "c1", "c2", "c3", "c4", "c5"]
    for name in ["data", "data.csv", "data.npy"] {
      #expect(try table(NumPyFiles.cubeFortran, name: name) == Table(names: names, values: matrix))
    }
    let csv = Array("a,b\n1,2\n".utf8)
    #expect(try table(csv) == Table(names: ["a", "b"], values: Matrix([[1, 2]])))
    #expect(try table(csv, TableReader(columns: ["b"])) == Table(names: ["b"], values: Matrix([[2]])))
    expectError(.badData, "a.npy: the file is not a NumPy array; save it with numpy.save") {
      try table(csv, name: "a.npy")
    }
    expectError(
      .badData, "data: the file is empty; give a line of column names and rows of numbers"
    ) { try table([]) }
  }

  @Test func aVectorIsOneColumn() throws {
    #expect(try table(NumPyFiles.int8) == Table(values: Matrix([[-128], [0], [127]])))
    expectError(.badData, "data: the array is a single number; give an array with one row a sample") {
      try table(NumPyFiles.scalar)
    }
  }

  /// Blocks end inside rows, and in the last row, for these sizes.
  @Test(arguments: [(7, 3), (65_536, 1), (1000, 131), (3, 70_000)])
  func blocksMeetAsOneArray(rows: Int, width: Int) throws {
    let elements = (0..<(rows * width)).map { Double($0 % 8191) - 0.5 }
    let bytes = NPYWriter.bytes(try NPYArray(shape: [rows, width], elements: elements))
    #expect(try table(bytes).values.elements == elements)
    let chosen = [width - 1, 0, width / 2].reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
    let names = chosen.map { "c\($0)" }
    let expected = Matrix(rows: rows, columns: width, elements: elements).selectingColumns(chosen)
    #expect(try table(bytes, TableReader(columns: names)) == Table(names: names, values: expected))
    // The transpose in Fortran order has the same bytes.
    let header = Array("{'descr': '<f8', 'fortran_order': True, 'shape': (\(width), \(rows))}".utf8)
    let fortran =
      NPYHeader.magic + [1, 0, UInt8(header.count), 0] + header + bytes.suffix(8 * elements.count)
    let transposed = Matrix(rows: rows, columns: width, elements: elements).transposed
    if rows <= 1000 { #expect(try table(fortran).values == transposed) }
  }

  @Test func pipesAreReadWithoutTrustInTheirHeaders() throws {
    let folder = try TemporaryFolder()
    func piped(_ bytes: [UInt8]) throws -> Table {
      let path = folder.file("pipe\(UInt64.random(in: .min ... .max))")
      try #require(mkfifo(path, 0o600) == 0)
      let writer = Thread {
        if let handle = FileHandle(forWritingAtPath: path) {
          try? handle.write(contentsOf: Data(bytes))
          try? handle.close()
        }
      }
      writer.start()
      do {
        return try TableReader().table(path: path)
      } catch {
        throw DataError(error.kind, error.description.replacingOccurrences(of: path, with: "pipe"))
      }
    }
    for bytes in [NumPyFiles.float64, NumPyFiles.cubeFortran, NumPyFiles.uint8] {
      #expect(try piped(bytes) == table(bytes))
    }
    expectError(
      .badData,
      "pipe: the NumPy file is cut short: its header promises 48 bytes of data, but it holds 47; copy or save it again"
    ) { try piped(NumPyFiles.float64.dropLast()) }
    expectError(
      .badData,
      "pipe: the NumPy file's header promises 24 bytes of data, but more follow; save one array a file"
    ) { try piped(NumPyFiles.float32Fortran + [0]) }
    let huge = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 10000000000)}".utf8)
    expectError(
      .badData,
      "pipe: the NumPy file's header promises 10000000000000000 numbers to hold, which take 80 PB, more than this machine's memory; save fewer rows or columns"
    ) { try piped(NPYHeader.magic + [1, 0, UInt8(huge.count), 0] + huge) }
  }

  /// Another process shortens the file between its header and its data.
  @Test func aFileThatShrinksIsCutShort() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.npy")
    for isFortranOrder in [false, true] {
      let bytes = isFortranOrder ? NumPyFiles.cubeFortran : NumPyFiles.float64
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let stream = try FileStream(path: path)
      let header = try NPYHeader(stream)
      let elements = try NPYElements(header, stream)
      try #require(truncate(path, off_t(header.dataStart + 3)) == 0)
      expectError(
        .badData,
        "the NumPy file is cut short: its header promises \(header.dataSize) bytes of data, but it holds 3; copy or save it again"
      ) { try elements.all() }
    }
  }

  @Test func onlyWantedColumnsMustBeFinite() throws {
    #expect(try table(NumPyFiles.nan, TableReader(columns: ["c1"])).values == Matrix([[2], [4]]))
    expectError(
      .badData,
      "data: row 2, column 'c0': nan is not a finite number; drop the row or replace the value"
    ) { try table(NumPyFiles.nan) }
  }

  @Test func missingColumns() {
    let remedy = "name one of these, or give a target or weights in a NumPy file of their own"
    expectError(
      .badData, "data: there is no column 'age': an array has the columns c0 to c2; \(remedy)"
    ) { try table(NumPyFiles.float64, TableReader(columns: ["c0", "age"])) }
    expectError(.badData, "data: there is no column 'c1': an array has one column, c0; \(remedy)") {
      try table(NumPyFiles.int8, TableReader(labelColumn: "c1"))
    }
    expectError(.badData, "data: column 'c0' is listed twice; list it once") {
      try table(NumPyFiles.float64, TableReader(columns: ["c0", "c0"]))
    }
  }

  @Test func numbersReadAsLabels() throws {
    let array = try NPYArray(shape: [4, 2], elements: [3, 9, -1, 8, 0.5, 7, 1e6, 6])
    let read = try table(NPYWriter.bytes(array), TableReader(labelColumn: "c0"))
    #expect(read.labels == ["3", "-1", "0.5", "1000000"])
    #expect(read.values == Matrix([[9], [8], [7], [6]]))
    #expect(read.names == ["c1"])
    expectError(
      .badData,
      "data: row 1, column 'c0': 1.8446744073709552e+19 is too large to tell classes apart; number the classes from 0"
    ) { try table(NumPyFiles.uint64, TableReader(labelColumn: "c0")) }
  }

  @Test func columnsJoinFromFilesOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    func write(_ name: String, _ shape: [Int], _ elements: [Double]) throws -> String {
      try NPYWriter.write(NPYArray(shape: shape, elements: elements), to: folder.file(name))
      return folder.file(name)
    }
    let table = try Table(values: Matrix([[1, 2], [3, 4], [5, 6]]))
    let targets = try write("y.npy", [3], [7, 3, 7])
    let weights = try write("w.npy", [3], [1, 0, 2])
    let joined = try table.joining(targets, named: "target").joining(weights, named: "weights")
    #expect(
      try joined.dataset(target: "target", weights: "weights")
        == Dataset(features: table.values, targets: [7, 3, 7], weights: [1, 0, 2]))
    let labelled = try table.joining(targets, named: "target", asLabels: true)
    let classes = ClassLabels(negative: "3", positive: "7")
    #expect(try labelled.dataset(target: "target", classes: classes).targets == [1, -1, 1])

    let square = try write("square.npy", [3, 1], [1, 2, 3])
    expectError(
      .badData, "\(square): the array has 2 axes; give one with a single axis, one number a row"
    ) { try table.joining(square, named: "target") }
    let short = try write("short.npy", [2], [1, 2])
    expectError(
      .badData, "\(short): 2 numbers for the 3 rows of the data; give one number a row"
    ) { try table.joining(short, named: "target") }
    expectError(
      .badData,
      "\(targets): the data have a column 'c0' of their own; leave it out with the argument 'features', or rename it"
    ) { try table.joining(targets, named: "c0") }
  }

  @Test func placesOfColumns() {
    #expect(ColumnPlace("price") == .column("price"))
    #expect(ColumnPlace("dir/y.npy") == .file("dir/y.npy"))
    #expect(ColumnPlace("price").name(inRole: "target") == "price")
    #expect(ColumnPlace("dir/y.npy").name(inRole: "target") == "target")
  }

  /// Where nothing is left out, the samples share the storage that the file was read into.
  @Test func samplesShareTheStorageOfTheTable() throws {
    let table = try Table(values: Matrix(rows: 100, columns: 50))
    let dataset = try Table(names: table.names, values: table.values)
      .selecting(columns: table.names)
    let first = table.values.elements.withUnsafeBufferPointer { $0.baseAddress }
    #expect(dataset.values.elements.withUnsafeBufferPointer { $0.baseAddress } == first)
  }
}

import BidualDamage
import BidualLinear
import BidualModels
import Foundation
import Testing

@testable import BidualIO

/// Archives of NumPy arrays.
@Suite struct NPZTests {
  private static let table = Matrix([[1, 2, 7, 1], [3, 4, 8, 0], [5, 6, 10, 2]])

  private func read(_ bytes: [UInt8], _ reader: TableReader = TableReader()) throws -> Table {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("data.npz")))
    do {
      return try reader.table(path: folder.file("data.npz"))
    } catch {
      // The folder's name is not known beforehand.
      throw DataError(error.kind, error.description.replacingOccurrences(of: folder.path + "/", with: ""))
    }
  }

  /// An archive of arrays, stored.
  private func archive(_ arrays: [(name: String, bytes: [UInt8])], flags: UInt8 = 0, method: UInt8 = 0)
    -> [UInt8]
  {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in arrays {
      let common =
        [flags, 0, method, 0, 0, 0, 0, 0] + number(Int(Inflate.checksum(bytes)), 4)
        + number(bytes.count, 4) + number(bytes.count, 4) + number(name.utf8.count, 2) + [0, 0]
      directory += number(0x0201_4B50, 4) + [20, 0, 20, 0] + common + number(0, 10) + number(file.count, 4)
      directory += Array(name.utf8)
      file += ZipArchive.magic + [20, 0] + common + Array(name.utf8) + bytes
    }
    let end = number(0x0605_4B50, 4) + number(0, 4) + number(arrays.count, 2) + number(arrays.count, 2)
    return file + directory + end + number(directory.count, 4) + number(file.count, 4) + [0, 0]
  }

  private func array(_ shape: [Int], _ elements: [Double]) throws -> [UInt8] {
    NPYWriter.bytes(try NPYArray(shape: shape, elements: elements))
  }

  @Test func aMatrixAndVectorsAreColumns() throws {
    #expect(
      try read(NPZFiles.stored) == Table(names: ["c0", "c1", "y", "w"], values: Self.table))
    for bytes in [NPZFiles.deflated, NPZFiles.large] {
      var reader = TableReader()
      reader.ignored = bytes == NPZFiles.deflated ? ["note", "seed", "ids"] : []
      #expect(
        try read(bytes, reader)
          == Table(names: ["c0", "c1", "y"], values: Self.table.selectingColumns([0, 1, 2])))
    }
  }

  /// What is not asked for is not read.
  @Test func columnsAreFoundByName() throws {
    let some = try read(NPZFiles.deflated, TableReader(columns: ["y", "c1"]))
    #expect(some == (try Table(names: ["y", "c1"], values: Matrix([[7, 2], [8, 4], [10, 6]]))))
    let labelled = try read(NPZFiles.stored, TableReader(columns: ["c1"], labelColumn: "y"))
    #expect(labelled.labels == ["7", "8", "10"] && labelled.names == ["c1"])
    var reader = TableReader()
    reader.ignored = ["c0", "w"]
    #expect(try read(NPZFiles.stored, reader).names == ["c1", "y"])
    reader.ignored = ["X"]
    #expect(try read(NPZFiles.stored, reader).names == ["y", "w"])
    let cube = try array([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try read(archive([("a.npy", cube)])).values == Matrix([[0, 1, 2, 3], [4, 5, 6, 7]]))
  }

  @Test func missingCellsAreNumbersThatAreNone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("data")
    let bytes = archive([("X.npy", NumPyFiles.nan), ("y.npy", try array([2], [3, 4]))])
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let content = try TableReader().content(
      path: path, raw: RawReading(texts: ["y"], missingValues: [], isForced: true))
    guard case .raw(let table, _) = content else {
      Issue.record("a raw table was asked for")
      return
    }
    #expect(try table.column("c0").missing == 1)
    #expect(try table.column("y") == .texts(["3", "4"]))
  }

  @Test func whatIsWrongIsSaid() throws {
    let x = try array([3, 2], [1, 2, 3, 4, 5, 6])
    let y = try array([2], [1, 2])
    var damaged = NPZFiles.deflated
    damaged[100] ^= 0xFF
    for (bytes, reader, message) in [
      (
        archive([("X.npy", x), ("y.npy", y)]), TableReader(),
        "member 'y' has 2 rows, but 'X' has 3; save arrays of one length"
      ),
      (
        archive([("X.npy", x), ("Z.npy", x)]), TableReader(),
        "members 'X' and 'Z' are both matrices; save that of the features alone, and targets and weights as vectors (ravel)"
      ),
      (
        archive([("X.npy", x), ("c1.npy", y)]), TableReader(),
        "member 'c1' has the name of a column of the matrix 'X'; save it by another name"
      ),
      (
        archive([("X.npy", x), ("X.npy", x)]), TableReader(),
        "member 'X.npy' stands twice in the archive; save each array once"
      ),
      (
        archive([("X.npy", x)], flags: 1), TableReader(),
        "member 'X': it is encrypted; save the archive without a password"
      ),
      (
        archive([("X.npy", x)], method: 12), TableReader(),
        "member 'X': it is compressed by method 12, not by deflate; save it with numpy.savez or numpy.savez_compressed"
      ),
      (
        archive([("a.txt", x)]), TableReader(),
        "the archive holds no NumPy array (a member NAME.npy); save it with numpy.savez"
      ),
      (
        damaged, TableReader(columns: ["c0"]),
        "member 'X': its bytes in the archive are damaged; copy or save the archive again"
      ),
      (
        NPZFiles.stored.dropLast(30), TableReader(),
        "the archive is cut short: its directory is not at its end; copy or save it again"
      ),
      (
        Array("c0,y".utf8), TableReader(),
        "the file is not an archive of NumPy arrays; save it with numpy.savez"
      ),
      (
        NPZFiles.deflated, TableReader(columns: ["ids"]),
        "member 'ids': element type '|O' is not supported; convert the array with astype('<f8') before saving"
      ),
      (
        NPZFiles.deflated, TableReader(columns: ["seed"]),
        "member 'seed' is a single number; save one number a row"
      ),
      (
        NPZFiles.stored, TableReader(columns: ["c2"]),
        "there is no column 'c2'; the archive holds the arrays 'y', 'w', 'X': name a vector, or a column c0, c1, … of the matrix"
      ),
      (NPZFiles.stored, TableReader(columns: ["y", "y"]), "column 'y' is listed twice; list it once"),
      (
        archive([("X.npy", x.dropLast())]), TableReader(),
        "member 'X': it is not as long as its header promises; copy or save the archive again"
      ),
      (
        archive([("y.npy", y.dropLast())]), TableReader(),
        "member 'y': the NumPy file is cut short: its header promises 16 bytes of data, but it holds 15; copy or save it again"
      ),
    ] as [([UInt8], TableReader, String)] {
      expectError(.badData, "data.npz: \(message)") { try read(bytes, reader) }
    }
    var reader = TableReader()
    reader.ignored = ["ids", "note"]
    expectError(
      .badData,
      "data.npz: member 'seed' is a single number, not a column; leave it out with the argument 'ignored'"
    ) { try read(NPZFiles.deflated, reader) }
  }

  /// Nothing is made on the directory's word alone.
  @Test func sizesThatCannotBeTrueAreRefused() throws {
    var bytes = archive([("y.npy", try array([2], [1, 2]))], method: 8)
    let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    for place in (entry + 24)..<(entry + 28) { bytes[place] = 0xF0 }
    expectError(
      .badData, "data.npz: member 'y': its bytes in the archive are damaged; copy or save the archive again"
    ) { try read(bytes) }
  }

  /// Bytes flipped, lost and doubled end in a table or an error that says so, never in a trap.
  @Test func damagedBytesAreNoDanger() throws {
    let files = [NPZFiles.stored, NPZFiles.deflated, NPZFiles.large]
    var random = SeededGenerator(seed: 13)
    var refused = 0
    for round in 0..<10_000 {
      let bytes = ByteDamage.damaged(files[round % files.count], using: &random)
      do throws(DataError) {
        let reader = TableReader(columns: round % 2 == 0 ? nil : ["c1", "y"])
        _ = try NPZTable.table(FileStream(bytes: bytes), for: reader)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 3000 && refused < 10_000)
  }
}

import BidualDamage
import BidualLinear
import BidualModels
import Foundation
import Testing

@testable import BidualIO

/// Files compressed by gzip.
@Suite struct GunzipTests {
  /// Three rows of a, b and y, in two members.
  static let compressed = Array(
    Data(
      base64Encoded:
        "H4sIAAAAAAACA0vUSdKp5DLUMdIx5gIAmp7AVgwAAAAfiwgAAAAAAAIDM9Ex1THjMtex0DE04AIAyBsdaQ0AAAA="
    )!)
  private static let text = "a,b,y\n1,2,3\n4,5,6\n7,8,10\n"

  @Test func membersAreOneText() throws {
    #expect(String(decoding: try Gunzip.expanded(Self.compressed), as: UTF8.self) == Self.text)
    // As tapes are filled up.
    #expect(try Gunzip.expanded(Self.compressed + [0, 0, 0]).count == Self.text.utf8.count)
  }

  @Test func tablesAreReadThrough() throws {
    let path = NSTemporaryDirectory() + "bidual-\(UInt64.random(in: 0 ... .max)).csv.gz"
    try Data(Self.compressed).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let table = try TableReader().table(path: path)
    #expect(
      table == (try Table(names: ["a", "b", "y"], values: Matrix([[1, 2, 3], [4, 5, 6], [7, 8, 10]]))))
    try Data(Self.compressed.dropLast(9)).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DataError.self) { try TableReader().table(path: path) }
    #expect(error?.description == "\(path): the gzip data are cut short; copy the file again")
  }

  @Test func whatIsWrongIsSaid() {
    var damaged = Self.compressed
    damaged[14] ^= 0xFF
    for (bytes, message) in [
      (Array(Self.compressed.prefix(5)), "cut short"), (Self.compressed + [7], "something else follows"),
      (damaged, "damaged"), (Gunzip.magic + [9, 9, 9, 9], "damaged"), ([], "cut short"),
    ] {
      let error = #expect(throws: DataError.self) { try Gunzip.expanded(bytes) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test func damagedBytesAreNoDanger() {
    var random = SeededGenerator(seed: 5)
    var refused = 0
    for _ in 0..<10_000 {
      let bytes = ByteDamage.damaged(Self.compressed, using: &random)
      if (try? Gunzip.expanded(bytes)) == nil { refused += 1 }
    }
    #expect(refused > 8000)
  }
}

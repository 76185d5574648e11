import Testing

@testable import BidualIO

@Suite struct SHA256Tests {
  private func hash(_ pieces: some Sequence<[UInt8]>) -> String {
    var hash = SHA256()
    for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
    return hash.text
  }

  /// The examples that NIST published with FIPS 180-4.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func publishedVectors(text: String, expected: String) {
    #expect(hash([Array(text.utf8)]) == expected)
  }

  @Test func aMillionLetters() {
    #expect(
      hash([[UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)])
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// However the bytes come, and wherever the padding falls.
  @Test(arguments: 0...130) func piecesAreOneStream(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
    let whole = hash([bytes])
    for size in [1, 3, 8, 63, 64, 65] {
      let pieces = stride(from: 0, to: count, by: size).map { Array(bytes[$0..<min($0 + size, count)]) }
      #expect(hash(pieces) == whole)
    }
  }

  /// Asked in the middle, it goes on as if it had not been.
  @Test func readingLeavesItAsItIs() {
    var hash = SHA256()
    Array("ab".utf8).withUnsafeBytes { hash.update($0) }
    #expect(hash.text == hash.text)
    Array("c".utf8).withUnsafeBytes { hash.update($0) }
    #expect(hash.text == self.hash([Array("abc".utf8)]))
  }
}

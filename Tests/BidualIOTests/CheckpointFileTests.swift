import BidualIO
import BidualLinear
import BidualModels
import Testing

@Suite struct CheckpointFileTests {
  private struct State: Codable, Sendable, Equatable {
    var numbers: [Double]
    var name: String
  }

  private static let dataset = try! Dataset(features: Matrix([[1, 2], [3, 4]]), targets: [1, 0])
  private static let subject = CheckpointSubject(
    dataset, settings: [.init("loss", "squared"), .init("seed", "0")])
  private static let checkpoint = CheckpointFile(
    subject: subject, betaMax: 0.1 + 0.2, seconds: 12.5,
    state: State(
      numbers: [
        -0.0, .pi, 1 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, 1e22,
        0x1p53 + 2,
      ],
      name: #"a "format":"b","version":2}"#))

  private func read(_ path: String, of subject: CheckpointSubject = subject) throws(DataError)
    -> CheckpointFile<State>
  {
    try CheckpointFile(path: path, of: subject)
  }

  @Test func comesBackToTheBit() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c.json")
    try Self.checkpoint.write(to: path)
    let back = try read(path)
    #expect(bits(back.state.numbers) == bits(Self.checkpoint.state.numbers))
    #expect(back.state.name == Self.checkpoint.state.name)
    #expect(back.betaMax == 0.1 + 0.2 && back.seconds == 12.5)
    #expect(try folder.names == ["c.json"])
    let bytes = try FileContents.read(path: path)
    try back.write(to: path)
    #expect(try FileContents.read(path: path) == bytes)
  }

  /// Every proper beginning is refused, and so is every change of a digit or a letter.
  @Test func damageIsFound() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c.json")
    try Self.checkpoint.write(to: path)
    let bytes = try FileContents.read(path: path)
    // Without its line's end it is still whole.
    for count in 0..<(bytes.count - 1) {
      try AtomicFile.write(Array(bytes[..<count]), to: path)
      #expect(throws: DataError.self, "\(count) bytes") { _ = try read(path) }
    }
    for place in bytes.indices.dropLast() {
      var altered = bytes
      altered[place] = altered[place] == UInt8(ascii: "7") ? UInt8(ascii: "3") : UInt8(ascii: "7")
      try AtomicFile.write(altered, to: path)
      do {
        _ = try read(path)
        Issue.record("byte \(place) altered")
      } catch {
        #expect(error.kind == .badData)
      }
    }
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c.json")
    for text in ["", "{}", "[1]", "\u{0}\u{1}", #"{"format":"bidual-model","version":1}"#] {
      try AtomicFile.write(text, to: path)
      #expect(throws: DataError.self, "\(text)") { _ = try read(path) }
    }
    try AtomicFile.write(
      #"{"checkpoint":{},"format":"bidual-checkpoint","seal":"00","version":1}"#, to: path)
    expectError(
      .badData,
      "\(path): the file says bidual-checkpoint version 1; this program goes on from bidual-checkpoint version 5: start afresh"
    ) { try read(path) }
    #expect(throws: DataError.self) { _ = try read(folder.file("missing.json")) }
  }

  @Test func namesWhatDiffers() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c.json")
    try Self.checkpoint.write(to: path)
    let other = try Dataset(features: Matrix([[1, 2], [3, 5]]), targets: [1, 0])
    let cases: [(CheckpointSubject, String)] = [
      (.init(other, settings: [.init("loss", "squared"), .init("seed", "0")]), "other data"),
      (
        .init(Self.dataset, settings: [.init("loss", "squared"), .init("seed", "1")]),
        "seed 1 here but 0 there"
      ),
      (
        .init(other, settings: [.init("loss", "hinge"), .init("width", "3")]),
        "other data, loss hinge here but squared there, width 3 here but unset there, seed unset here but 0 there"
      ),
    ]
    for (subject, differences) in cases {
      expectError(
        .badData,
        "\(path): the checkpoint is of another run: \(differences); give what it was made with, or start afresh"
      ) { try read(path, of: subject) }
    }
  }

  /// A second seal or body would be read by others.
  @Test func fieldsThatStandTwiceAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("c.json")
    try Self.checkpoint.write(to: path)
    let text = String(decoding: try FileContents.read(path: path), as: UTF8.self)
    let body = try #require(text.firstRange(of: #","format""#)).lowerBound
    for (addition, field, place) in [
      (#","seal":"0""#, "seal", body), (#","\u0063heckpoint":{}"#, "checkpoint", body),
    ] {
      var altered = text
      altered.insert(contentsOf: addition, at: place)
      try AtomicFile.write(altered, to: path)
      expectError(
        .badData,
        "\(path): not a checkpoint: line 1: field '\(field)' stands twice in one object; give a file that bidual wrote"
      ) { _ = try read(path) }
    }
  }
}

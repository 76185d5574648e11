import BidualModels

/// The state of a run with what the run is about, as a JSON file on one line, format version 5.
///
/// The file is sealed by a fingerprint of its bytes: damage is found before a state is taken up.
package struct CheckpointFile<State: Codable & Sendable>: Sendable {
  /// What the run is about.
  package let subject: CheckpointSubject
  /// β_max of the data, where the run needed it.
  package let betaMax: Double?
  /// Seconds that the run took so far.
  package let seconds: Double
  /// The state.
  package let state: State

  /// A checkpoint from its parts.
  package init(subject: CheckpointSubject, betaMax: Double?, seconds: Double, state: State) {
    self.subject = subject
    self.betaMax = betaMax
    self.seconds = seconds
    self.state = state
  }

  /// Writes the checkpoint to `path`, atomically: a reader finds this one or the one before, whole.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  /// - Complexity: O(bytes).
  package func write(to path: String) throws(DataError) {
    let body = try JSONDocument.compactBytes(
      Body(subject: subject, betaMax: betaMax, seconds: seconds, state: state))
    let tail =
      #","format":"\#(Layout.format)","seal":"\#(Digest.text(of: body[...]))","version":\#(Layout.version)}"#
    try AtomicFile.write(Layout.head + body + Array(tail.utf8) + [UInt8(ascii: "\n")], to: path)
  }

  /// Reads a checkpoint of a run about `subject`.
  ///
  /// - Parameter role: what the file should be.
  /// - Throws: `DataError` of kind `missingInput`; or `badData` for files that are no checkpoints, of another
  ///   version or damaged, and for checkpoints of other data or settings, all of which it names.
  /// - Complexity: O(bytes).
  package init(path: String, of subject: CheckpointSubject, as role: CheckpointRole = .checkpoint)
    throws(DataError)
  {
    let bytes = try FileContents.read(path: path)
    func decoded<Part: Decodable>(_ type: Part.Type) throws(DataError) -> Part {
      try JSONDocument.decode(type, from: bytes, path: path, kind: role.noun)
    }
    let label = try decoded(Label.self)
    guard label.format == Layout.format, label.version == Layout.version else {
      throw DataError(
        .badData,
        "\(path): the file says \(label.format) version \(label.version); this program goes on from \(Layout.format) version \(Layout.version): \(role.remedy)"
      )
    }
    guard let body = Layout.body(bytes), label.seal == Digest.text(of: body) else {
      throw DataError(.badData, "\(path): the \(role.noun) was damaged or altered; \(role.remedy)")
    }
    let other = try decoded(Document<Subject>.self).checkpoint.subject
    guard subject.isLike(other) else {
      throw DataError(
        .badData, "\(path): not a \(role.noun), but of other work; give a file that was made for this")
    }
    let differences = subject.differences(from: other)
    guard differences.isEmpty else {
      throw DataError(
        .badData,
        "\(path): the \(role.noun) is of another run: \(differences.joined(separator: ", ")); give what it was made with, or \(role.remedy)"
      )
    }
    let content = try decoded(Document<Body>.self).checkpoint
    guard content.betaMax?.isFinite ?? true, content.seconds.isFinite, content.seconds >= 0 else {
      throw DataError(.badData, "\(path): a number in the \(role.noun) is out of range; \(role.remedy)")
    }
    self.init(
      subject: subject, betaMax: content.betaMax, seconds: content.seconds, state: content.state)
  }

  private struct Body: Codable {
    var subject: CheckpointSubject
    var betaMax: Double?
    var seconds: Double
    var state: State
  }

  private struct Subject: Decodable {
    var subject: CheckpointSubject
  }

  private struct Document<Content: Decodable>: Decodable {
    var checkpoint: Content
  }

  private struct Label: Decodable {
    var format: String
    var version: Int
    var seal: String
  }
}

/// The bytes of a checkpoint file around its body.
private enum Layout {
  static let format = "bidual-checkpoint"
  static let version = 5
  static let head = Array(#"{"checkpoint":"#.utf8)
  private static let tail = Array(#","format":"#.utf8)

  /// The bytes that are sealed: from the head to the last start of a tail.
  static func body(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard bytes.starts(with: head), bytes.count >= head.count + tail.count else { return nil }
    for start in stride(from: bytes.count - tail.count, through: max(head.count, bytes.count - 200), by: -1)
    where bytes[start..<(start + tail.count)].elementsEqual(tail) {
      return bytes[head.count..<start]
    }
    return nil
  }
}

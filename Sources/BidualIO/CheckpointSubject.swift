import BidualModels

/// What a run is about: its data and the settings that shape it. A run goes on only from a checkpoint that
/// agrees in all of them.
package struct CheckpointSubject: Codable, Sendable, Equatable {
  /// A setting by its name.
  package struct Setting: Codable, Sendable, Equatable {
    /// The name.
    package let name: String
    /// The value, as text.
    package let value: String

    /// A setting by its name.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private let data: String
  private let settings: [Setting]

  /// The subject of a run on `dataset`.
  package init(_ dataset: Dataset, settings: [Setting]) {
    data = Digest(of: dataset).text
    self.settings = settings
  }

  /// A fingerprint of data and settings.
  package var fingerprint: String {
    var digest = Digest()
    digest.add("data", data)
    for setting in settings { digest.add(setting.name, setting.value) }
    return digest.text
  }

  /// Whether another subject has any setting of the same name, as those of one kind of work do.
  func isLike(_ other: CheckpointSubject) -> Bool {
    settings.isEmpty || settings.contains { mine in other.settings.contains { $0.name == mine.name } }
  }

  /// What differs from the subject of another run, in words.
  func differences(from other: CheckpointSubject) -> [String] {
    let mine = Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let theirs = Dictionary(
      other.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    var names = settings.map(\.name)
    names += other.settings.map(\.name).filter { mine[$0] == nil }
    return (data == other.data ? [] : ["other data"])
      + names.filter { mine[$0] != theirs[$0] }.map {
        "\($0) \(mine[$0] ?? "unset") here but \(theirs[$0] ?? "unset") there"
      }
  }
}

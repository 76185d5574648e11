/// One number, list or word that a study depends on, and where it comes from.
package struct StudySetting: Sendable {
  /// Where a value comes from.
  package enum Origin: String, Sendable {
    /// The paper says it.
    case stated
    /// The paper is silent; this is what fits the numbers that it prints.
    case proposed
    /// The paper says something that the data or the machine do not allow.
    case substituted
  }

  /// Its name on the command line.
  package let key: String
  package let origin: Origin
  /// What it is.
  package let summary: String
  private let values: [StudyScale: StudyValue]

  /// A setting with the value of the paper, and others where the scale asks for them.
  init(
    _ key: String, _ origin: Origin, _ summary: String, _ value: StudyValue, quick: StudyValue? = nil,
    full: StudyValue? = nil
  ) {
    self.key = key
    self.origin = origin
    self.summary = summary
    values = [.quick: quick ?? value, .paper: value, .full: full ?? value]
  }

  /// Its value at a scale.
  package func value(at scale: StudyScale) -> StudyValue {
    guard let value = values[scale] else { preconditionFailure("a setting has a value at every scale") }
    return value
  }
}

/// How much of a study is run.
package enum StudyScale: String, Sendable, CaseIterable {
  /// In under a minute on two cores.
  case quick
  /// As the paper says, or as near as the data at hand allow.
  case paper
  /// With data of the user's own, without our caps.
  case full
}

/// What is wrong with data, settings or a file that the user handed over: the object, the place and a remedy.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of trouble; the command maps each kind to its exit code.
  public enum Kind: Sendable, Equatable {
    /// The input was read, but its content can't be used.
    case badData
    /// What was asked for makes no run, whatever the data: a number out of range, or settings that do not go together.
    case badSettings
    /// The input is not there or can't be read.
    case missingInput
    /// The output can't be written.
    case cannotWrite
  }

  /// A setting that a remedy speaks of, by the argument of the library that takes it.
  ///
  /// A program whose users know the setting by another name gives that to `message(naming:)`.
  public enum Setting: String, Sendable, Equatable {
    /// That the first line of a file holds data.
    case noHeader = "hasHeader: false"
    /// The columns to learn from.
    case features
    /// The column to learn.
    case target
    /// The class to tell from the rest.
    case positive
    /// What becomes of missing cells.
    case missing
    /// The columns to leave out.
    case ignore = "ignored"
    /// The columns whose values are categories.
    case categories
  }

  /// The kind of trouble.
  public let kind: Kind
  private var beginning: String
  private let setting: Setting?
  private let end: String

  /// The whole message: object and place, what is wrong, and what to do about it.
  public var description: String { message { "the argument '\($0.rawValue)'" } }

  /// An error with its message, such as
  /// `row 17, column 'age': "n/a" is not a number; drop the row or replace the value`; a setting in it parts the words
  /// before from those behind.
  public init(_ kind: Kind, _ beginning: String, _ setting: Setting? = nil, _ end: String = "") {
    self.kind = kind
    self.beginning = beginning
    self.setting = setting
    self.end = end
  }

  /// The whole message, a setting in it called what its reader calls it.
  public func message(naming name: (Setting) -> String) -> String {
    beginning + (setting.map(name) ?? "") + end
  }

  /// The error with the place before its message, such as the path of a file whose content is bad.
  public func located(in place: String) -> DataError {
    var located = self
    located.beginning = "\(place): \(beginning)"
    return located
  }
}

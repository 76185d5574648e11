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

  /// The kind of trouble.
  public let kind: Kind
  /// The whole message: object and place, what is wrong, and what to do about it.
  public let description: String

  /// An error with its message, such as
  /// `row 17, column 'age': "n/a" is not a number; drop the row or replace the value`.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

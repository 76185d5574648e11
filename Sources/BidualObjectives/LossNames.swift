/// The losses that files and the command line know by name.
public enum LossNames {
  /// All names, in the order of the command's help.
  public static let all = ["squared"]

  /// The loss of a name, or nil.
  public static func loss(_ name: String) -> (any Loss)? {
    switch name {
    case "squared": SquaredLoss()
    default: nil
    }
  }
}

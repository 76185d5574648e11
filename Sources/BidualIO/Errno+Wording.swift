import SystemPackage

/// What the system answered to a failed file operation, put as a reason and a remedy.
extension Errno {
  /// What is wrong, ready to follow "…: ".
  package var reason: String {
    switch self {
    case .noSuchFileOrDirectory: "there is no such file or folder"
    case .notDirectory: "a part of the path is a file, not a folder"
    case .isDirectory: "it is a folder"
    case .permissionDenied, .notPermitted: "permission denied"
    case .noSpace, .diskQuotaExceeded: "the disk is full"
    case .fileTooLarge: "the file would be larger than the system allows"
    case .readOnlyFileSystem: "the disk is read-only"
    case .fileNameTooLong: "the name is too long"
    case .tooManySymbolicLinkLevels: "its symbolic links lead in a circle"
    default: description
    }
  }

  /// What to do about it.
  package var remedy: String {
    switch self {
    case .noSuchFileOrDirectory, .notDirectory, .fileNameTooLong, .tooManySymbolicLinkLevels:
      "check the path"
    case .isDirectory: "name a file inside it"
    case .permissionDenied, .notPermitted: "change the permissions or choose another path"
    case .noSpace, .diskQuotaExceeded, .fileTooLarge: "free some space or choose another path"
    case .readOnlyFileSystem: "choose another path"
    default: "check the path and the disk"
    }
  }

  /// Makes calls of the system and passes on what they fail with.
  static func typed<Value>(_ calls: () throws -> Value) throws(Errno) -> Value {
    do { return try calls() } catch {
      guard let error = error as? Errno else {
        preconditionFailure("the system fails with error numbers: \(error)")
      }
      throw error
    }
  }
}

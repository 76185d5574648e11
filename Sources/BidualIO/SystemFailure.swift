#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system answered to a failed file operation, put as a reason and a remedy.
package struct SystemFailure {
  /// The error number of the failed call.
  let code: Int32

  /// The failure of the call just made.
  static var last: SystemFailure { SystemFailure(code: errno) }

  /// What is wrong, ready to follow "…: ".
  var reason: String {
    switch code {
    case ENOENT: "there is no such file or folder"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case EISDIR: "it is a folder"
    case EACCES, EPERM: "permission denied"
    case ENOSPC, EDQUOT: "the disk is full"
    case EFBIG: "the file would be larger than the system allows"
    case EROFS: "the disk is read-only"
    case ENAMETOOLONG: "the name is too long"
    case ELOOP: "its symbolic links lead in a circle"
    default: String(cString: strerror(code))
    }
  }

  /// What to do about it.
  var remedy: String {
    switch code {
    case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: "check the path"
    case EISDIR: "name a file inside it"
    case EACCES, EPERM: "change the permissions or choose another path"
    case ENOSPC, EDQUOT, EFBIG: "free some space or choose another path"
    case EROFS: "choose another path"
    default: "check the path and the disk"
    }
  }
}

import Foundation

/// A fresh folder that is deleted together with its object.
final class TemporaryFolder {
  let path: String

  /// A folder with copies of the named bundled data files in it.
  init(_ bundled: BundledData...) throws {
    path =
      FileManager.default.temporaryDirectory.path
      + "/BidualCommandTests-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for data in bundled { try write(data.text, to: data.file) }
  }

  /// A new folder at a path.
  init(at path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of all files in the folder, hidden ones included.
  var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: path)) }
  }

  /// The bytes of a file in the folder.
  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// Puts bytes into a file in the folder.
  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  /// Puts text into a file in the folder.
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }
}

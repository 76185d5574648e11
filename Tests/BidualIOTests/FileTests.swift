import BidualIO
import BidualModels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func bytesComeBack() throws {
    for count in [0, 1, 65_535, 65_536, 65_537, 1_000_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write(bytes, to: folder.file("data"))
      #expect(try FileContents.read(path: folder.file("data")) == bytes)
    }
    try AtomicFile.write("größe\n", to: folder.file("data"))
    #expect(try FileContents.read(path: folder.file("data")) == Array("größe\n".utf8))
    #expect(try folder.names == ["data"])
  }

  @Test func readsPipes() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    try #require(write(ends[1], "abc", 3) == 3)
    close(ends[1])
    #expect(try FileContents.read(path: "/dev/fd/\(ends[0])") == Array("abc".utf8))
  }

  @Test func unreadableFiles() throws {
    let missing = folder.file("none")
    expectError(.missingInput, "can't read '\(missing)': there is no such file or folder; check the path") {
      try FileContents.read(path: missing)
    }
    expectError(.missingInput, "can't read '\(folder.path)': it is a folder; name a file inside it") {
      try CSVReader().table(path: folder.path)
    }
    try AtomicFile.write("x", to: folder.file("plain"))
    let below = folder.file("plain/none")
    expectError(
      .missingInput, "can't read '\(below)': a part of the path is a file, not a folder; check the path"
    ) { try NPYReader.array(path: below) }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read and write everything"))
  func forbiddenFiles() throws {
    let path = folder.file("secret")
    try AtomicFile.write("x", to: path)
    chmod(path, 0)
    let reason = "permission denied; change the permissions or choose another path"
    expectError(.missingInput, "can't read '\(path)': \(reason)") { try FileContents.read(path: path) }
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    let new = folder.file("new")
    expectError(.cannotWrite, "can't write '\(new)': \(reason)") { try AtomicFile.write("x", to: new) }
  }

  @Test func unwritablePlaces() throws {
    expectError(.cannotWrite, "can't write '\(folder.path)': it is a folder; name a file inside it") {
      try AtomicFile.write("x", to: folder.path)
    }
    let slash = folder.file("none/")
    expectError(.cannotWrite, "can't write '\(slash)': it is a folder; name a file inside it") {
      try AtomicFile.write("x", to: slash)
    }
    let orphan = folder.file("none/file")
    expectError(
      .cannotWrite, "can't write '\(orphan)': its folder does not exist; create the folder first"
    ) { try AtomicFile.write("x", to: orphan) }
    expectError(.cannotWrite, "can't write to an empty path; name a file") {
      try AtomicFile.write("x", to: "")
    }
    expectError(
      .cannotWrite, "can't write '/dev/null': it is a device or a pipe; name an ordinary file"
    ) { try AtomicFile.write("x", to: "/dev/null") }
    let long = folder.file(String(repeating: "n", count: 300))
    expectError(.cannotWrite, "can't write '\(long)': the name is too long; check the path") {
      try AtomicFile.write("x", to: long)
    }
    #expect(try folder.names == [])
  }

  @Test func replacesBehindLinksAndKeepsOldContentOtherwise() throws {
    let target = folder.file("target")
    let link = folder.file("link")
    try AtomicFile.write("old", to: target)
    try #require(symlink("target", link) == 0)
    try AtomicFile.write("new", to: link)
    #expect(try FileContents.read(path: target) == Array("new".utf8))
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func modeFollowsTheMask() throws {
    try AtomicFile.write("x", to: folder.file("x"))
    var status = stat()
    try #require(stat(folder.file("x"), &status) == 0)
    #expect(status.st_mode & 0o777 & ~0o644 == 0)
    #expect(status.st_mode & 0o600 == 0o600)
  }

  #if os(Linux) || os(macOS)
    /// A limit on the size of files stands in for a full disk; it holds for a whole process, so this
    /// one runs in its own.
    @Test func aFullDiskLeavesNothingBehind() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let path = folder.file("data")
        try AtomicFile.write("old", to: path)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
        #if canImport(Glibc)
          try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        #else
          try #require(setrlimit(RLIMIT_FSIZE, &limit) == 0)
        #endif
        expectError(
          .cannotWrite,
          "can't write '\(path)': the file would be larger than the system allows; free some space or choose another path"
        ) { try AtomicFile.write([UInt8](repeating: 1, count: 10_000), to: path) }
        #expect(try folder.names == ["data"])
        #expect(try FileContents.read(path: path) == Array("old".utf8))
      }
    }
  #endif
}

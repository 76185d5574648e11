import Foundation

/// A child process with files for its standard streams, started with the system's default signal actions.
final class ChildProcess {
  private let identifier: pid_t
  /// What `waitpid` said of the end, or nothing while the process runs.
  private var end: Int32?

  /// Starts a program; `streams` are the paths of standard input, output and error.
  init(
    _ executable: String, _ arguments: [String], folder: String, environment: [String: String],
    streams: [String]
  ) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, path) in streams.enumerated() {
      posix_spawn_file_actions_addopen(
        &actions, Int32(descriptor), path, descriptor == 0 ? O_RDONLY : O_WRONLY | O_APPEND, 0)
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    // The shell changes the folder and becomes the program.
    let words = (["sh", "-c", "cd \"$0\" && exec \"$@\"", folder, executable] + arguments).map { strdup($0) }
    let variables = settings.map { strdup($0) }
    defer { for text in words + variables { free(text) } }
    var started: pid_t = 0
    let failure = posix_spawn(&started, "/bin/sh", &actions, &attributes, words + [nil], variables + [nil])
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
    identifier = started
  }

  /// Whether the process has ended.
  private var hasEnded: Bool {
    if end != nil { return true }
    var status: Int32 = 0
    if waitpid(identifier, &status, WNOHANG) == identifier { end = status }
    return end != nil
  }

  /// Waits until the process has ended or the condition holds, at most so many seconds.
  func wait(_ seconds: Double, until condition: () -> Bool = { false }) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !hasEnded, !condition(), ContinuousClock.now < deadline { usleep(1000) }
  }

  /// Sends a signal, unless the process has ended.
  func send(_ signal: Int32) {
    if !hasEnded { kill(identifier, signal) }
  }

  /// The exit code, or nothing where a signal ended the process.
  var status: Int32? {
    guard let end, end & 0x7f == 0 else { return nil }
    return end >> 8 & 0xff
  }
}

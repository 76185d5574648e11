import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The number of threads to run.
enum ThreadCount {
  /// Beyond this, threads cost memory and bring nothing.
  private static let most = 1024

  /// Refuses a number that makes no sense.
  static func check(_ threads: Int?) throws {
    guard let threads else { return }
    guard threads > 0 else { throw ValidationError("--threads is \(threads); give at least 1") }
    guard threads <= most else { throw ValidationError("--threads is \(threads); give at most \(most)") }
  }

  /// The number asked for, or one a processor.
  static func resolve(_ threads: Int?) -> Int { min(threads ?? available, most) }

  /// One a processor; under `mpirun` the ranks of a machine share them.
  private static var available: Int {
    #if MPI
      Ranks.threads
    #else
      processors
    #endif
  }

  /// The processors that this process may use.
  static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }
}

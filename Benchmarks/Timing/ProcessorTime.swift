import Bidual
import Foundation

/// Seconds of processor time and memory of this process, which other processes disturb less than the wall clock.
public enum ProcessorTime {
  /// Processor seconds of all threads so far.
  public static var seconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  /// The largest resident memory so far, in MB.
  public static var peakMegabytes: Int {
    var usage = rusage()
    getrusage(RUSAGE_SELF_VALUE, &usage)
    return usage.ru_maxrss / 1024
  }

  /// Processor seconds of one 2000×2000×2000 matrix product on one thread, the best of three.
  public static func unit() -> Double {
    var generator = SeededGenerator(seed: 1)
    let factor = Matrix(
      rows: 2000, columns: 2000, elements: (0..<4_000_000).map { _ in generator.nextUniform() })
    BLAS.setThreads(1)
    return (0..<3).map { _ in
      let start = seconds
      _ = factor.times(factor)
      return seconds - start
    }.min()!
  }
}

#if canImport(Glibc)
  private let RUSAGE_SELF_VALUE = RUSAGE_SELF.rawValue
#else
  private let RUSAGE_SELF_VALUE = RUSAGE_SELF
#endif

import Synchronization

/// Shows on a terminal how much of counted work is done.
final class CountedProgress: Sendable {
  private let unit: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let done = Mutex(0)

  init(_ unit: String, quiet: Bool) {
    self.unit = unit
    isShown = !quiet && Console.isInteractive
  }

  /// Seconds since the start.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Says that one more is done, of so many where that is known; from any thread.
  func advance(of count: Int? = nil) {
    done.withLock { done in
      done += 1
      guard isShown else { return }
      Console.overwrite(
        "\(unit) \(done)\(count.map { " of \($0)" } ?? ""), \(Figures.short(seconds)) s")
    }
  }

  /// Clears the line on the terminal.
  func finish() {
    if isShown { Console.overwrite("") }
  }
}

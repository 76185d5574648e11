import Synchronization

/// Shows on a terminal how much of counted work is done.
final class CountedProgress: Sendable {
  private let unit: String
  private let count: Int?
  private let isEven: Bool
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let done = Mutex(0)

  /// - Parameters:
  ///   - count: how many there are, if that is known.
  ///   - isEven: whether all take about equally long, so that the time left can be told.
  init(_ unit: String, of count: Int?, isEven: Bool, quiet: Bool) {
    self.unit = unit
    self.count = count
    self.isEven = isEven
    isShown = !quiet && Console.isInteractive
  }

  /// Seconds since the start.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Shows the line before anything is done.
  func begin() { if isShown { Console.overwrite(line(0, at: 0)) } }

  /// Says that one more is done; from any thread.
  func advance() {
    done.withLock { done in
      done += 1
      if isShown { Console.overwrite(line(done, at: seconds)) }
    }
  }

  /// The line after so many are done and so many seconds.
  func line(_ done: Int, at seconds: Double) -> String {
    guard let count, count > 0 else { return "\(unit) \(done), \(Figures.short(seconds)) s" }
    let full = Self.width * min(done, count) / count
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    let left = isEven && (1..<count).contains(done) ? seconds / Double(done) * Double(count - done) : nil
    return "\(unit) \(done) of \(count) [\(bar)] \(Figures.short(seconds)) s"
      + (left.map { ", about \(Figures.span($0)) left" } ?? "")
  }

  /// Characters of a bar.
  private static let width = 20

  /// Clears the line on the terminal.
  func finish() {
    if isShown { Console.overwrite("") }
  }
}

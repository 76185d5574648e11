import ArgumentParser

/// Which of how many shares of some work, as `2/8`.
struct Share: ExpressibleByArgument {
  /// From 1 on.
  let index: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0,
      (1...count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }
}

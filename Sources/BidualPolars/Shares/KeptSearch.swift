/// Leaves the state of a search behind while it runs, and says where it begins.
///
/// The search offers its state between two batches; it is taken at most once an interval, and when the search ends. What becomes of it is
/// the owner's matter. Whoever takes up a state takes its bounds at their word.
package final class KeptSearch {
  /// The state to begin with; a search begins afresh if there is none, or one of another search.
  let start: SearchState?
  /// Whether the search began with that state.
  package internal(set) var isContinued = false
  private let interval: Duration
  private let save: (SearchState) -> Void
  private var lastSave = ContinuousClock.now

  /// - Parameters:
  ///   - interval: the least time from one state that is saved to the next.
  ///   - save: called with the states.
  package init(
    every interval: Duration, from start: SearchState? = nil, save: @escaping (SearchState) -> Void
  ) {
    self.interval = interval
    self.start = start
    self.save = save
  }

  /// Saves the state if the last one is an interval old.
  func offer(_ state: @autoclosure () -> SearchState) {
    guard ContinuousClock.now - lastSave >= interval else { return }
    leave(state())
    // From here on, so that saving never takes all the time.
    lastSave = ContinuousClock.now
  }

  /// Saves the state with which the search ends.
  func leave(_ state: SearchState) { save(state) }
}

/// Leaves the state of a run behind while it runs, and says where the run begins.
///
/// Solvers offer their state wherever they could go on from it; it is taken at most once an interval. What
/// becomes of it is the caller's matter: solvers know nothing of files. Offering changes nothing about a run.
package final class Checkpoints {
  /// The state to begin with; a solver begins afresh if there is none, or one that is not its own or does not
  /// fit the problem.
  package let start: RunState?
  /// The state with which a run on the same design ended at another β, of which a solver that begins afresh takes the network.
  package let neighbour: RunState?
  /// The state with which the run ended.
  package private(set) var end: RunState?
  private let interval: Duration
  private let save: (RunState) -> Void
  private var lastSave = ContinuousClock.now

  /// Checkpoints of a run that begins at `start`, or where there is none, near the end of another one.
  ///
  /// - Parameters:
  ///   - interval: the least time from one state that is saved to the next; what a run that dies may lose.
  ///   - save: called with the states.
  package init(
    every interval: Duration, from start: RunState? = nil, near neighbour: RunState? = nil,
    save: @escaping (RunState) -> Void
  ) {
    self.interval = interval
    self.start = start
    self.neighbour = start == nil ? neighbour : nil
    self.save = save
  }

  /// Checkpoints of a run that begins near the end of another; its states are not saved, but for the last one in `end`.
  package convenience init(near neighbour: RunState?) {
    // None is due.
    self.init(every: .seconds(Int32.max), near: neighbour) { _ in }
  }

  /// Saves the state if the last one is an interval old.
  func offer(_ state: @autoclosure () -> RunState) {
    guard ContinuousClock.now - lastSave >= interval else { return }
    leave(state())
    // From here on, so that saving never takes all the time.
    lastSave = ContinuousClock.now
  }

  /// Saves the state with which a run ends.
  func leave(_ state: RunState) {
    end = state
    save(state)
  }
}

/// The state of a run at a point from which it can go on: one case for each solver that can.
package enum RunState: Codable, Sendable {
  /// Of a gradient method.
  case gradient(GradientTraining.Snapshot)
  /// Of the gradient method on the penalised program over patterns.
  case penalised(PenalisedTraining.Snapshot)
  /// Of the same for three layers, over drawn sub-networks.
  case penalisedSubnetworks(PenalisedSubnetworkTraining.Snapshot)
  /// Of training by a working set.
  case workingSet(WorkingSet.Snapshot)
  /// Of training with several outputs.
  case vectorOutputs(VectorTraining.Snapshot)
  /// Of training with one output over given patterns.
  case patterns(GivenPatterns.Snapshot)
  /// Of training with several outputs over given patterns.
  case cones(VectorConeTraining.Snapshot)
  /// Of a program over pieces that are all there from the beginning.
  case pieces(FixedPieces)
  /// Of training of three layers with several outputs.
  case subnetworks(VectorSubnetworkTraining.Snapshot)
}

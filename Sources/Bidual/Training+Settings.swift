import BidualModels

/// Which settings make a run: the one place that says what goes together.
extension Training {
  /// What a run is after.
  enum Goal {
    /// The least training objective.
    case objective
    /// The least penalty through all targets.
    case interpolation
  }

  /// - Throws: `DataError` of kind `badSettings`.
  func check(_ goal: Goal) throws(DataError) {
    let strength: Double
    switch beta {
    case .value(let value): strength = value
    case .ratio(let value): strength = value
    }
    try require(strength.isFinite && strength > 0, "beta is \(strength); give a positive number")
    try require(gap.isFinite && gap > 0, "the gap is \(gap); give a positive number such as 1e-4")
    try require(
      threads > 0 && maximumIterations > 0, "threads and iterations must be positive; give at least 1")
    try require(
      patterns.isAdaptive || architecture.patternMethods.contains(method),
      "chosen patterns go with the exact or the penalised method for two-layer, gated and ReLU convolutional networks, and with the exact one for three-layer networks; use the adaptive patterns"
    )
    try require(
      architecture.norms.contains(norm),
      "\(architecture.rawValue) networks have no penalty by the \(norm.rawValue) norm; use the \(architecture.norms[0].rawValue) norm"
    )
    try require(
      architecture.takesScaling || (!standardize && whiten == nil),
      "\(architecture.rawValue) networks share weights among features, which must then have one scale; leave out standardising and whitening, and scale all features alike"
    )
    if let rank {
      try require(rank > 0, "the rank is \(rank); give at least 1")
      try require(
        method == .exact || method == .local,
        "a rank goes with the exact and the local method, which train along the directions of the data; use one of these, or leave out the rank"
      )
      try require(
        patterns.isAdaptive || architecture == .gated,
        "a rank goes with adaptive patterns, as given ones are of the data with all directions; use these, or leave out the rank"
      )
    }
    guard case .interpolation = goal else { return }
    try require(
      rank == nil, "interpolation meets every target, with all directions of the data; leave out the rank")
    try require(
      method == .exact && patterns.isAdaptive,
      "interpolation goes with the exact method and adaptive patterns; use these"
    )
  }

  private func require(_ isMet: Bool, _ message: @autoclosure () -> String) throws(DataError) {
    guard isMet else { throw DataError(.badSettings, message()) }
  }
}

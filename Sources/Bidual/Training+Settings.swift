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
      patterns.isAdaptive || (norm == .l2 && (method == .exact || method == .penalised)),
      "chosen patterns go with the l2 norm and the exact or the penalised method; use the adaptive patterns")
    try require(
      architecture == .twoLayer || (norm == .l2 && method == .exact),
      "\(architecture.rawValue) networks go with the l2 norm and the exact method")
    try require(
      norm == .l2 || method == .exact || method == .clifford,
      "the \(method.rawValue) method penalises the l2 norm of the first layer, not the \(norm.rawValue) norm; use the exact method"
    )
    guard case .interpolation = goal else { return }
    try require(
      norm == .l2 && method == .exact && patterns.isAdaptive && architecture == .twoLayer,
      "interpolation is of two-layer networks, with the l2 norm, the exact method and adaptive patterns; use these"
    )
  }

  private func require(_ isMet: Bool, _ message: @autoclosure () -> String) throws(DataError) {
    guard isMet else { throw DataError(.badSettings, message()) }
  }
}

extension Arrangement {
  /// The exact number of open chambers, for data in any position, without listing them.
  ///
  /// Adding the hyperplanes one at a time, each new one splits as many chambers as its earlier neighbours
  /// cut it into (deletion and restriction), so
  ///
  ///     chambers(H_1, …, H_m) = 1 + Σ_i chambers(H_1 ∩ H_i, …, H_{i−1} ∩ H_i)
  ///
  /// with coinciding intersections counted once, applied again in each H_i until planes are reached, where the
  /// number is twice that of the lines. O(C(m, r−2) · m log m) in general position, far below the number of
  /// chambers; degenerate data take less. At least 1; 2 for rank 1.
  ///
  /// - Parameters:
  ///   - limit: give up beyond this many.
  ///   - isCancelled: asked now and then; counting ends when it answers true.
  /// - Throws: `ArrangementError.tooManyChambers` or `.cancelled`.
  ///
  /// Source: T. Zaslavsky, *Facing up to arrangements*, Memoirs AMS 154 (1975).
  public func chamberCount(
    limit: Int = .max, isCancelled: () -> Bool = { false }
  ) throws(ArrangementError) -> Int {
    if rank <= 2 {
      let total = rank == 0 ? 1 : 2 * hyperplaneCount
      if total > limit { throw .tooManyChambers(limit: limit) }
      return total
    }
    let count = hyperplaneCount
    let space = Flat(
      dimension: rank, normals: normals.elements, hyperplanes: (0..<Int32(count)).map { $0 },
      words: Array(repeating: Fingerprint(), count: count))
    return try regions(of: space, limit: limit, isCancelled)
  }

  private func regions(
    of flat: Flat, limit: Int, _ isCancelled: () -> Bool
  ) throws(ArrangementError) -> Int {
    if isCancelled() { throw .cancelled }
    var total = 1
    if flat.dimension == 2 {
      total = max(1, 2 * PlaneSweep(flat, tolerance: tolerance).runCount)
      if total > limit { throw .tooManyChambers(limit: limit) }
      return total
    }
    for trace in 0..<flat.count {
      let cut = flat.restricted(
        to: trace, by: flat.reflection(of: trace), tolerance: tolerance, onlyEarlier: true)
      total += try regions(of: cut, limit: limit, isCancelled)
      if total > limit { throw .tooManyChambers(limit: limit) }
    }
    return total
  }
}

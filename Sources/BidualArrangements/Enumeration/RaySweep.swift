/// Lists the chambers of a central arrangement by visiting its rays.
///
/// A *ray* is a flat of dimension 1, cut in two by the origin. Every chamber is a pointed cone and so has rays on
/// its boundary; the chambers around a ray v are those of the *local* arrangement of the hyperplanes through v,
/// each joined with the sides of v itself on all other hyperplanes. So visiting all rays, with the local
/// chambers found by recursion, meets every chamber, once for each of its rays; the mean of those rays is a
/// point well inside it. Where exactly r−1 hyperplanes pass through v, the local chambers are all 2^(r−1)
/// combinations of sides. Nothing assumes general position.
///
/// The rays come from the 2-dimensional flats: in each, the other hyperplanes are sorted by angle, and one sweep
/// over a half turn keeps the fingerprint of the sides up to date. A flat is entered only through the first
/// hyperplane (or trace) that contains it, so each ray is met once.
///
/// Cost: O(m log m) for each flat of dimension 2, and O(r) for each pair of a ray and a chamber touching it;
/// in general position that is C(m, r−2)·m log m + P·2^(r−1)·r.
struct RaySweep {
  /// m distinct hyperplanes through the origin of R^r, with m ≥ r and normals of rank r.
  struct Arrangement {
    /// r.
    var rank: Int
    /// The normals, r entries each, pointing away from the root chamber.
    var normals: [Double]
    /// The hyperplanes' words.
    var words: [Fingerprint]
  }

  private let arrangement: Arrangement
  private let tolerance: Double
  private let isCancelled: () -> Bool
  private var table: ChamberTable
  private var reflections: [Reflection] = []
  private var through: [Int32] = []
  private var combinations: [Fingerprint]
  private var ray: [Double]

  private init(
    _ arrangement: Arrangement, tolerance: Double, table: ChamberTable, isCancelled: @escaping () -> Bool
  ) {
    self.arrangement = arrangement
    self.tolerance = tolerance
    self.isCancelled = isCancelled
    self.table = table
    combinations = []
    ray = Array(repeating: 0, count: arrangement.rank)
  }

  /// All chambers of an arrangement of rank at least 1, collected in `table`.
  static func chambers(
    of arrangement: Arrangement, tolerance: Double, table: ChamberTable, isCancelled: @escaping () -> Bool
  ) throws(ArrangementError) -> ChamberTable {
    var sweep = RaySweep(arrangement, tolerance: tolerance, table: table, isCancelled: isCancelled)
    if arrangement.rank == 1 {
      sweep.table.add(Fingerprint(), ray: arrangement.normals, sign: -1, crossing: -1, isDoubtful: false)
      sweep.table.add(arrangement.words[0], ray: arrangement.normals, sign: 1, crossing: 0, isDoubtful: false)
    } else {
      let hyperplanes = arrangement.words.indices.map { Int32($0) }
      let space = Flat(
        dimension: arrangement.rank, normals: arrangement.normals, hyperplanes: hyperplanes,
        words: arrangement.words)
      try sweep.visit(space)
    }
    return sweep.table
  }

  private mutating func visit(_ flat: Flat) throws(ArrangementError) {
    if flat.dimension == 2 {
      if isCancelled() { throw .cancelled }
      return try sweep(flat)
    }
    for trace in 0..<flat.count where !flat.isSpent[trace] {
      let reflection = flat.reflection(of: trace)
      reflections.append(reflection)
      through += flat.members(of: trace)
      try visit(flat.restricted(to: trace, by: reflection, tolerance: tolerance))
      through.removeLast(flat.members(of: trace).count)
      reflections.removeLast()
    }
  }

  private mutating func sweep(_ plane: Flat) throws(ArrangementError) {
    let order = PlaneSweep(plane, tolerance: tolerance)
    let first = lifted([1, 0])
    let second = lifted([0, 1])
    var all = Fingerprint()
    var current = Fingerprint()
    for line in order.lines {
      let trace = Int(line.trace)
      all ^= plane.above[trace] ^ plane.below[trace]
      current ^= line.facesSweep ? plane.above[trace] : plane.below[trace]
    }
    for number in 0..<order.runCount {
      var before = Fingerprint()
      var crossed = Fingerprint()
      var sharpest = order.lines[order.runStarts[number]]
      var isSpent = false
      for position in order.run(number) {
        let line = order.lines[position]
        let trace = Int(line.trace)
        crossed ^= plane.above[trace] ^ plane.below[trace]
        before ^= line.facesSweep ? plane.above[trace] : plane.below[trace]
        isSpent = isSpent || plane.isSpent[trace]
        if line.reach < sharpest.reach { sharpest = line }
        through += plane.members(of: trace)
      }
      if !isSpent {
        let trace = Int(sharpest.trace)
        let a = plane.vectors[2 * trace]
        let b = plane.vectors[2 * trace + 1]
        let scale = (sharpest.facesSweep ? -1 : 1) / (a * a + b * b).squareRoot()
        for k in ray.indices { ray[k] = scale * (b * first[k] - a * second[k]) }
        let outer = current ^ before
        try addChambers(
          outer: outer, opposite: outer ^ all ^ crossed, isDoubtful: order.isDoubtful[number])
      }
      through.removeLast(
        order.run(number).reduce(0) { $0 + plane.members(of: Int(order.lines[$1].trace)).count })
      current ^= crossed
    }
  }

  /// The coordinates in the whole space of a point of the current plane.
  private func lifted(_ point: [Double]) -> [Double] {
    reflections.reversed().reduce(point) { $1.lifted($0) }
  }

  /// Adds the chambers around the current ray and around its opposite.
  /// - Parameters:
  ///   - outer: the hyperplanes, of those that miss the ray, on whose positive side it lies.
  ///   - opposite: the same for the opposite ray.
  ///   - isDoubtful: whether it was hard to tell which hyperplanes go through the ray.
  private mutating func addChambers(
    outer: Fingerprint, opposite: Fingerprint, isDoubtful: Bool
  ) throws(ArrangementError) {
    guard through.count == arrangement.rank - 1 else {
      let local = try localChambers()
      local.forEach { key, index in
        let crossing = local.crossings[index]
        let hyperplane = crossing < 0 ? -1 : through[Int(crossing)]
        let doubt = isDoubtful || local.isDoubtful[index]
        table.add(outer ^ key, ray: ray, sign: 1, crossing: hyperplane, isDoubtful: doubt)
        table.add(opposite ^ key, ray: ray, sign: -1, crossing: hyperplane, isDoubtful: doubt)
      }
      return
    }
    combinations.removeAll(keepingCapacity: true)
    for subset in 0..<(1 << through.count) {
      var key = Fingerprint()
      var hyperplane: Int32 = -1
      if subset > 0 {
        hyperplane = through[subset.trailingZeroBitCount]
        key = combinations[subset & (subset - 1)] ^ arrangement.words[Int(hyperplane)]
      }
      combinations.append(key)
      table.add(outer ^ key, ray: ray, sign: 1, crossing: hyperplane, isDoubtful: isDoubtful)
      table.add(opposite ^ key, ray: ray, sign: -1, crossing: hyperplane, isDoubtful: isDoubtful)
    }
  }

  /// The chambers of the hyperplanes through the current ray, in the space normal to it.
  private func localChambers() throws(ArrangementError) -> ChamberTable {
    let rank = arrangement.rank
    // In the plane, lines known to be distinct have coincided.
    guard rank > 2 else { throw .ambiguous(tolerance: tolerance) }
    let reflection = Reflection(ray)
    var local = Arrangement(rank: rank - 1, normals: [], words: [])
    for hyperplane in through {
      reflection.appendReflectedTail(of: arrangement.normals, at: Int(hyperplane) * rank, to: &local.normals)
      local.words.append(arrangement.words[Int(hyperplane)])
    }
    let table = ChamberTable(dimension: 0, expectedCount: 2 * through.count)
    return try Self.chambers(of: local, tolerance: tolerance, table: table, isCancelled: isCancelled)
  }
}

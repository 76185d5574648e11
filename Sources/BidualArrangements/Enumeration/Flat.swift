/// An arrangement restricted to one of its flats (an intersection of hyperplanes), in coordinates of the flat.
///
/// Each *trace* is where hyperplanes that do not contain the flat cut it; hyperplanes with the same trace are
/// held together. A trace's vector is the projection of one unit normal onto the flat, not rescaled: its length
/// says how well its direction is known.
struct Flat {
  /// The dimension k of the flat.
  let dimension: Int
  /// The traces' vectors, one after another, k entries each.
  var vectors: [Double] = []
  /// For each trace: the fingerprint of the hyperplanes that are positive where the trace's vector is.
  var above: [Fingerprint] = []
  /// For each trace: the fingerprint of the hyperplanes that are positive where the trace's vector is not.
  var below: [Fingerprint] = []
  /// For each trace: whether a flat inside it has been visited already, through an earlier hyperplane.
  var isSpent: [Bool] = []
  /// For each trace, where its hyperplanes begin in `members`; one entry more than there are traces.
  var memberStarts: [Int] = [0]
  /// The hyperplanes, trace after trace.
  var members: [Int32] = []

  /// The number of traces.
  var count: Int { above.count }

  /// The hyperplanes of one trace.
  func members(of trace: Int) -> ArraySlice<Int32> {
    members[memberStarts[trace]..<memberStarts[trace + 1]]
  }

  /// The whole space, cut by distinct hyperplanes.
  /// - Parameters:
  ///   - normals: their normals, `dimension` entries each.
  ///   - hyperplanes: their numbers, indices into `words`.
  init(dimension: Int, normals: [Double], hyperplanes: [Int32], words: [Fingerprint]) {
    self.dimension = dimension
    vectors = normals
    above = hyperplanes.map { words[Int($0)] }
    below = Array(repeating: Fingerprint(), count: hyperplanes.count)
    isSpent = Array(repeating: false, count: hyperplanes.count)
    memberStarts = Array(0...hyperplanes.count)
    members = hyperplanes
  }

  private init(dimension: Int) {
    self.dimension = dimension
  }

  /// The reflection that takes a trace's vector to the first axis; the flat's coordinates on that trace are
  /// the others.
  func reflection(of trace: Int) -> Reflection {
    Reflection(Array(vectors[(trace * dimension)..<((trace + 1) * dimension)]))
  }

  /// The flat cut out by one trace; traces 0..<trace are spent in it. O(count · k), and a sort for k > 3.
  /// - Parameter onlyEarlier: keep only the traces before this one (deletion as well as restriction).
  func restricted(
    to trace: Int, by reflection: Reflection, tolerance: Double, onlyEarlier: Bool = false
  ) -> Flat {
    var result = Flat(dimension: dimension - 1)
    let end = onlyEarlier ? trace : count
    result.vectors.reserveCapacity(end * (dimension - 1))
    result.above.reserveCapacity(end)
    result.below.reserveCapacity(end)
    result.isSpent.reserveCapacity(end)
    result.members.reserveCapacity(members.count)
    result.memberStarts.reserveCapacity(end + 1)
    for other in 0..<end where other != trace {
      reflection.appendReflectedTail(of: vectors, at: other * dimension, to: &result.vectors)
      result.above.append(above[other])
      result.below.append(below[other])
      result.isSpent.append(other < trace || isSpent[other])
      result.members.append(contentsOf: members(of: other))
      result.memberStarts.append(result.members.count)
    }
    // In the plane the angular sort that follows finds coinciding traces by itself.
    return dimension > 3 ? result.merged(tolerance: tolerance) : result
  }

  /// The same flat with traces that coincide put together.
  private func merged(tolerance: Double) -> Flat {
    let classes = ParallelClasses(vectors: vectors, dimension: dimension, tolerance: tolerance)
    guard classes.representatives.count < count else { return self }
    var result = Flat(dimension: dimension)
    var traces = [[Int]](repeating: [], count: classes.representatives.count)
    for trace in 0..<count { traces[classes.classOf[trace]].append(trace) }
    for (number, representative) in classes.representatives.enumerated() {
      result.vectors += vectors[(representative * dimension)..<((representative + 1) * dimension)]
      var positive = Fingerprint()
      var negative = Fingerprint()
      for trace in traces[number] {
        let along = classes.orientation[trace] > 0
        positive ^= along ? above[trace] : below[trace]
        negative ^= along ? below[trace] : above[trace]
        result.members += members(of: trace)
      }
      result.above.append(positive)
      result.below.append(negative)
      result.isSpent.append(traces[number].contains { isSpent[$0] })
      result.memberStarts.append(result.members.count)
    }
    return result
  }
}

/// The traces in a 2-dimensional flat, sorted by the angle of their lines, with coinciding lines together.
///
/// O(m log m) for m traces.
struct PlaneSweep {
  /// One trace's line.
  struct Line {
    /// A value that grows with the angle of the line's direction over a half turn, from 0 to 2.
    var angle: Double
    /// The trace.
    var trace: Int32
    /// Whether the trace's vector is on the side from which the sweep, anticlockwise, comes.
    var facesSweep: Bool
    /// The reach within which another line counts as the same.
    var reach: Double
  }

  /// The lines in the order of the sweep.
  private(set) var lines: [Line] = []
  /// Where each run of coinciding lines begins in `lines`; one entry more than there are runs.
  private(set) var runStarts: [Int] = [0]
  /// For each run whether one of its lines was hard to tell from another: an angle within a factor 100 of the
  /// reach.
  private(set) var isDoubtful: [Bool] = []

  init(_ flat: Flat, tolerance: Double) {
    lines.reserveCapacity(flat.count)
    for trace in 0..<flat.count {
      let a = flat.vectors[2 * trace]
      let b = flat.vectors[2 * trace + 1]
      // The line's direction is (b, −a), or its opposite, whichever lies in the upper half plane.
      let turned = a > 0 || (a == 0 && b < 0)
      let x = turned ? -b : b
      lines.append(
        Line(
          angle: 1 - x / (abs(a) + abs(b)), trace: Int32(trace), facesSweep: turned,
          reach: tolerance / (a * a + b * b).squareRoot()))
    }
    sort()
    guard lines.count > 1 else {
      if lines.count == 1 {
        runStarts.append(1)
        isDoubtful.append(false)
      }
      return
    }
    joinEnds()
    for i in 1..<lines.count where !coincide(lines[i - 1], lines[i]) { runStarts.append(i) }
    runStarts.append(lines.count)
    let doubts = hardToTell()
    isDoubtful = (0..<runCount).map { doubts[run($0)].contains(true) }
  }

  /// The number of distinct lines.
  var runCount: Int { runStarts.count - 1 }

  /// The lines of one run.
  func run(_ number: Int) -> Range<Int> {
    runStarts[number]..<runStarts[number + 1]
  }

  private mutating func sort() {
    lines.sort { $0.angle < $1.angle || ($0.angle == $1.angle && $0.trace < $1.trace) }
  }

  private func coincide(_ first: Line, _ second: Line) -> Bool {
    second.angle - first.angle <= max(first.reach, second.reach)
  }

  /// For each line whether some other is at an angle within a factor 100 of their reach. O(m) without such lines.
  private func hardToTell() -> [Bool] {
    var doubts = [Bool](repeating: false, count: lines.count)
    for i in lines.indices {
      let line = lines[i]
      for direction in [1, -1] {
        // Going round by the ends of the half turn, whose length is 2.
        for step in 1..<lines.count {
          let j = i + direction * step
          let wraps = j < 0 || j >= lines.count
          let other = wraps ? j - direction * lines.count : j
          let angle = Double(direction) * (lines[other].angle - line.angle) + (wraps ? 2 : 0)
          guard angle < 100 * line.reach else { break }
          if angle > 0.01 * max(line.reach, lines[other].reach) {
            doubts[i] = true
            doubts[other] = true
          }
        }
      }
    }
    return doubts
  }

  /// Turns lines just short of a half turn back by one where they coincide with those just past zero.
  private mutating func joinEnds() {
    var turned = lines[lines.count - 1]
    turned.angle -= 2
    guard coincide(turned, lines[0]) else { return }
    var last = lines.count - 1
    while last > 0 {
      let joined = last == lines.count - 1 || coincide(lines[last], lines[last + 1])
      guard joined else { break }
      last -= 1
    }
    for i in (last + 1)..<lines.count {
      lines[i].angle -= 2
      lines[i].facesSweep.toggle()
    }
    sort()
  }
}

import BidualLinear

/// Σ Vᵢ max(0, xᵢᵀu) ∈ Rᶜ by loops, V row after row.
func naiveImage(_ design: Matrix, _ weights: [Double], outputs: Int, _ u: [Double]) -> [Double] {
  (0..<outputs).map { k in
    naiveValue(design, (0..<design.rows).map { weights[$0 * outputs + k] }, u)
  }
}

/// Σ‖Vᵢ‖‖xᵢ‖, in units of which rounding is measured.
func vectorMagnitude(_ design: Matrix, _ weights: [Double], outputs: Int) -> Double {
  (0..<design.rows).reduce(0) {
    $0 + norm(design.row($1)) * norm(weights[($1 * outputs)..<(($1 + 1) * outputs)])
  }
}

/// Lower bounds of the polar of several outputs, and at rank 2 the polar itself.
enum NaiveVectorPolar {
  /// The best of random directions and of ascents from some of them: one steps along (Σ over active rows) xᵢVᵢᵀg, g along h(u).
  static func best(
    _ design: Matrix, _ weights: [Double], outputs: Int, directions: Int, _ random: inout SeededGenerator
  ) -> Double {
    var best = 0.0
    for trial in 0..<directions {
      var u = randomDirection(design.columns, &random)
      var h = naiveImage(design, weights, outputs: outputs, u)
      best = max(best, norm(h))
      guard trial % 50 == 0 else { continue }
      for _ in 0..<30 {
        let g = h.normalized
        var slope = [Double](repeating: 0, count: design.columns)
        for i in 0..<design.rows where dot(design.row(i), u) > 0 {
          let weight = dot(g, weights[(i * outputs)..<((i + 1) * outputs)])
          for a in slope.indices { slope[a] += weight * design[i, a] }
        }
        guard norm(slope) > 0 else { break }
        u = slope.normalized
        h = naiveImage(design, weights, outputs: outputs, u)
        best = max(best, norm(h))
      }
    }
    return best
  }

  /// The polar at rank 2: between neighbouring kinks h is linear, ‖h(u)‖² = a + b·cos 2t + c·sin 2t for u at the angle t,
  /// and largest at an end or where 2t is the angle of (b, c).
  static func inThePlane(_ design: Matrix, _ weights: [Double], outputs: Int) -> Double {
    var kinks: [[Double]] = [[1, 0], [0, 1], [-1, 0], [0, -1]]
    for i in 0..<design.rows where norm(design.row(i)) > 0 {
      kinks += [[-design[i, 1], design[i, 0]].normalized, [design[i, 1], -design[i, 0]].normalized]
    }
    var best = 0.0
    for kink in kinks { best = max(best, norm(naiveImage(design, weights, outputs: outputs, kink))) }
    for a in kinks {
      // The next kink to the left: the one that no other is between.
      let left = kinks.filter { a[0] * $0[1] - a[1] * $0[0] > 1e-12 }
      guard
        let b = left.first(where: { b in !left.contains { $0[0] * b[1] - $0[1] * b[0] > 1e-12 } })
      else { continue }
      let middle = [a[0] + b[0], a[1] + b[1]]
      var images = [[Double]](repeating: [Double](repeating: 0, count: outputs), count: 2)
      for i in 0..<design.rows where dot(design.row(i), middle) > 0 {
        for k in 0..<outputs { for e in 0..<2 { images[e][k] += weights[i * outputs + k] * design[i, e] } }
      }
      let (p, q, s) = (dot(images[0], images[0]), dot(images[0], images[1]), dot(images[1], images[1]))
      let root = (0.25 * (p - s) * (p - s) + q * q).squareRoot()
      let peak = 0.5 * (p + s) + root
      // The eigenvector of the larger eigenvalue, where it is well determined.
      for axis in [[q, peak - p], [peak - s, q]] where norm(axis) > 1e-9 * peak {
        for sign in [1.0, -1] {
          let u = axis.normalized.map { sign * $0 }
          if a[0] * u[1] - a[1] * u[0] >= 0, u[0] * b[1] - u[1] * b[0] >= 0 {
            best = max(best, norm(naiveImage(design, weights, outputs: outputs, u)))
          }
        }
      }
    }
    return best
  }
}

extension DesignKind {
  /// A design of this kind with weights of several outputs, row after row.
  func instance(rows: Int, rank: Int, outputs: Int, _ random: inout SeededGenerator)
    -> (design: Matrix, weights: [Double])
  {
    let (design, first) = instance(rows: rows, rank: rank, &random)
    var weights: [Double] = []
    for i in 0..<rows {
      weights.append(first[i])
      for _ in 0..<(outputs - 1) {
        weights.append(
          self == .integers ? Double(Int.random(in: -3...3, using: &random)) : random.nextGaussian())
      }
      // Duplicates that cancel do so in all outputs.
      if self == .cancellingDuplicates, i % 2 == 1, norm(design.row(i - 1)) > 0,
        first[i] * first[i - 1] < 0
      {
        let factor = -first[i] / first[i - 1]
        for k in 0..<outputs where k > 0 {
          weights[i * outputs + k] = -factor * weights[(i - 1) * outputs + k]
        }
      }
    }
    return (design, weights)
  }
}

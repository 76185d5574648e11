import BidualLinear
import Foundation
import Testing

@testable import BidualPolars

@Suite struct ChamberDiameterTests {
  /// Whether no row separates the points.
  private func share(_ design: Matrix, _ v: [Double], _ w: [Double], tolerance: Double = 0) -> Bool {
    (0..<design.rows).allSatisfy { dot(design.row($0), v) * dot(design.row($0), w) >= -tolerance }
  }

  private func chord(_ v: [Double], _ w: [Double]) -> Double { norm(zip(v, w).map { $0 - $1 }) }

  /// The largest distance met by moving pairs that share a chamber apart.
  private func sampled(_ design: Matrix, starts: Int, _ random: inout SeededGenerator) -> Double {
    let r = design.columns
    var best = 0.0
    for _ in 0..<starts {
      var pair = [randomDirection(r, &random), randomDirection(r, &random)]
      pair[1] = pair[0]
      var distance = 0.0
      var size = 1.0
      while size > 1e-9 {
        var moved = false
        for _ in 0..<30 {
          let trial = pair.map { p in p.map { $0 + size * random.nextGaussian() }.normalized }
          let next = chord(trial[0], trial[1])
          if next > distance, share(design, trial[0], trial[1]) {
            pair = trial
            distance = next
            moved = true
          }
        }
        if !moved { size *= 0.6 }
      }
      best = max(best, distance)
    }
    return best
  }

  @Test func aLineHasPointsForChambers() {
    #expect(ChamberDiameter(Matrix([[3.0], [-1]])).value == 0)
    #expect(ChamberDiameter(Matrix([[3.0], [-1]])).isExact)
    #expect(ChamberDiameter(Matrix([[3.0], [-1]])).inflation == 1)
  }

  @Test func arcsInThePlane() {
    for angle in [0.3, 1, 2, 3.1] {
      let design = Matrix([[0, 2], [-5 * sin(angle), 5 * cos(angle)]])
      let widest = max(angle, .pi - angle)
      #expect(abs(ChamberDiameter(design).value - 2 * sin(widest / 2)) < 1e-14)
    }
    var random = SeededGenerator(seed: 400)
    for rows in 2...12 {
      let design = Matrix((0..<rows).map { _ in randomDirection(2, &random) })
      let found = ChamberDiameter(design)
      let met = sampled(design, starts: 100, &random)
      #expect(found.isExact && met <= found.value * (1 + 1e-12) && met > 0.999 * found.value)
    }
  }

  /// Where the rows do not span the space, a chamber holds two opposite points.
  @Test func chambersWithLinesHaveDiameterTwo() {
    for design in [
      Matrix([[1.0, 2]]), Matrix([[1.0, 0, 0], [0, 1, 0], [1, 1, 0]]), Matrix(rows: 3, columns: 3),
      Matrix([[1.0, 2, 3, 4], [4, 3, 2, 1], [5, 5, 5, 5], [0, 1, 0, 1]]), Matrix(rows: 2, columns: 1),
    ] {
      #expect(ChamberDiameter(design).value == 2 && ChamberDiameter(design).isExact)
      #expect(ChamberDiameter(design).inflation == .infinity)
    }
  }

  @Test func octantsAndTheirCorners() {
    let octants = Matrix.identity(3)
    #expect(abs(ChamberDiameter(octants).value - 2.0.squareRoot()) < 1e-12)
    // Planes x ± tz = 0, y = 0: wide lunes cut in two, whose farthest points lie inside edges or at corners.
    for t in [0.2, 1, 3] {
      let design = Matrix([[1, 0, t], [1, 0, -t], [0, 1, 0]])
      var random = SeededGenerator(seed: 401)
      let met = sampled(design, starts: 200, &random)
      let found = ChamberDiameter(design).value
      #expect(met <= found + 1e-9 && met > found - 2e-3, "\(t)")
    }
  }

  /// A chamber with an obtuse corner whose edges are longer than a right angle: the farthest pair lies inside
  /// two edges.
  @Test func farthestPairInsideTwoEdges() {
    // Two planes through e₃ at an angle of 130°, cut far below the equator.
    let angle = 130 * Double.pi / 180
    let far = 0.9
    let design = Matrix([
      [0, 1, 0], [sin(angle), -cos(angle), 0], [cos(angle / 2), sin(angle / 2), far],
    ])
    let found = ChamberDiameter(design)
    #expect(found.isExact)
    #expect(found.value >= 2 * sin(angle / 2) * (1 - 1e-12))
    var random = SeededGenerator(seed: 402)
    let met = sampled(design, starts: 300, &random)
    #expect(met <= found.value + 1e-9 && met > found.value - 2e-3)
  }

  @Test(arguments: 3...9) func polygonsOnTheSphere(rows: Int) {
    var random = SeededGenerator(seed: UInt64(410 + rows))
    for trial in 0..<4 {
      let integers = trial % 2 == 1
      let design = Matrix(
        (0..<rows).map { _ in
          (0..<3).map { _ in integers ? Double(Int.random(in: -2...2, using: &random)) : random.nextGaussian()
          }
        })
      let found = ChamberDiameter(design)
      #expect(found.isExact)
      guard found.value < 2 else { continue }
      let met = sampled(design, starts: 250, &random)
      #expect(met <= found.value * (1 + 1e-9), "\(rows) rows, trial \(trial)")
      #expect(met > 0.97 * found.value, "\(rows) rows, trial \(trial): \(met) of \(found.value)")
    }
  }

  @Test func pairsOfConesBoundTheDiameter() {
    var random = SeededGenerator(seed: 420)
    for rank in 3...5 {
      for rows in [rank, 12, 40] {
        let design = Matrix((0..<rows).map { _ in randomDirection(rank, &random) })
        var pairs = ChamberPairs(design, nodeLimit: 20_000)
        let cosine = pairs.smallestCosine(isCancelled: { false })
        let bound = max(0, 2 - 2 * cosine).squareRoot()
        #expect(bound <= 2)
        #expect(sampled(design, starts: 30, &random) <= bound * (1 + 1e-9))
        if rank == 3 {
          let exact = ChamberDiameter(design).value
          #expect(
            bound >= exact * (1 - 1e-9) && bound <= 1.1 * exact + 1e-3, "\(rows) rows: \(bound), \(exact)")
        } else {
          #expect(ChamberDiameter(design, nodeLimit: 20_000) == ChamberDiameter(design, nodeLimit: 20_000))
          #expect(!ChamberDiameter(design, nodeLimit: 20_000).isExact)
        }
      }
    }
    let wide = Matrix((0..<40).map { _ in randomDirection(11, &random) })
    #expect(ChamberDiameter(wide).value == 2 && !ChamberDiameter(wide).isExact)
  }

  @Test func cancellationLeavesAnHonestBound() {
    var random = SeededGenerator(seed: 430)
    for rank in 3...4 {
      let design = Matrix((0..<20).map { _ in randomDirection(rank, &random) })
      let cancelled = ChamberDiameter(design, isCancelled: { true })
      #expect(!cancelled.isExact && cancelled.value >= ChamberDiameter(design).value * (1 - 1e-12))
    }
  }
}

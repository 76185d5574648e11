import BidualObjectives
import Testing

/// Every loss against what defines it: convexity, its slope, and the conjugate by brute force.
@Suite struct LossTests {
  static let losses: [any Loss] = [
    SquaredLoss(), LogisticLoss(), HingeLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 0.7),
    try! QuantileLoss(level: 0.3), PoissonLoss(), try! InterpolationLoss(tolerance: 0.25),
  ]

  static func targets(_ loss: any Loss) -> [Double] {
    switch loss.targetKind {
    case .real: [-2.5, -0.1, 0, 1, 3.75]
    case .sign: [-1, 1]
    case .count, .oneHot: [0, .leastNormalMagnitude / 256, 1e-60, 0.5, 1, 7, 120]
    }
  }

  static let grid = (-3200...3200).map { Double($0) / 80 }

  @Test(arguments: losses.indices) func conjugateIsTheSupremum(_ index: Int) {
    let loss = Self.losses[index]
    for y in Self.targets(loss) {
      let values = Self.grid.map { loss.value($0, target: y) }
      let domain = loss.dualDomain(target: y)
      #expect(domain.contains(0))
      for step in -40...40 {
        let v = Double(step) / 16
        let found = loss.conjugate(v, target: y)
        #expect(found.isInfinite != domain.contains(v), "\(loss.name) \(y) \(v)")
        guard found.isFinite else { continue }
        let supremum = zip(Self.grid, values).map { v * $0 - $1 }.max()!
        // Fenchel and Young: never below; the grid comes close from below where the supremum is inside.
        #expect(found >= supremum - 1e-12 * (1 + abs(supremum)), "\(loss.name) \(y) \(v)")
        if found < 30 { #expect(found <= supremum + 0.01 * (1 + abs(supremum)), "\(loss.name) \(y) \(v)") }
      }
    }
  }

  @Test(arguments: losses.indices) func theSlopeIsASubgradient(_ index: Int) {
    let loss = Self.losses[index]
    for y in Self.targets(loss) {
      for f in stride(from: -6.0, through: 6, by: 0.37) {
        let value = loss.value(f, target: y)
        guard value.isFinite else { continue }
        #expect(value >= 0)
        let slope = loss.derivative(f, target: y)
        #expect(loss.dualDomain(target: y).contains(slope))
        for g in Self.grid.striding(by: 97) {
          let other = loss.value(g, target: y)
          #expect(
            other >= value + slope * (g - f) - 1e-9 * (1 + abs(other) + value), "\(loss.name) \(y) \(f) \(g)")
        }
        // Equality in Fenchel and Young's inequality at the slope.
        if loss.name != "interpolation" {
          let both = value + loss.conjugate(slope, target: y)
          #expect(abs(both - slope * f) <= 1e-9 * (1 + abs(slope * f) + value), "\(loss.name) \(y) \(f)")
        }
      }
    }
  }

  @Test(arguments: losses.indices) func theCurvatureIsTheSlopesRise(_ index: Int) {
    let loss = Self.losses[index]
    for y in Self.targets(loss) {
      for f in stride(from: -5.03, through: 5, by: 0.41) {
        let h = 1e-5
        let left = loss.derivative(f - h, target: y)
        let right = loss.derivative(f + h, target: y)
        let rise = (right - left) / (2 * h)
        let curvature = loss.curvature(f, target: y)
        #expect(curvature >= 0)
        // At a kink the difference sees the jump.
        let isKink =
          loss is any PiecewiseLinearQuadraticLoss
          && loss.curvature(f - h, target: y) != loss.curvature(f + h, target: y)
          || abs(left - right) > 0.01 && !(loss is PoissonLoss)
        if !isKink {
          #expect(abs(rise - curvature) <= 1e-5 * (1 + curvature) + 1e-5, "\(loss.name) \(y) \(f)")
        }
      }
    }
  }

  /// Values with a known closed form, to the last digits, where naive formulas lose them.
  @Test func extremes() throws {
    #expect(LogisticLoss().value(800, target: 1) == 0)
    #expect(LogisticLoss().value(-800, target: 1) == 800)
    #expect(LogisticLoss().value(-800, target: -1) == 0)
    #expect(LogisticLoss().derivative(1e6, target: 1) == 0)
    #expect(LogisticLoss().conjugate(0, target: 1) == 0)
    #expect(LogisticLoss().conjugate(-1, target: 1) == 0)
    #expect(LogisticLoss().conjugate(-1.0000001, target: 1) == .infinity)
    #expect(PoissonLoss().value(0, target: 1) == 0)
    #expect(PoissonLoss().conjugate(-3, target: 3).isFinite)
    #expect(PoissonLoss().conjugate(0, target: 3) == 0)
    #expect(abs(try HuberLoss(threshold: 1).value(3, target: 0) - 2.5) < 1e-15)
    #expect(try QuantileLoss(level: 0.25).value(0, target: 4) == 1)
    #expect(HingeLoss().value(1, target: 1) == 0)
    #expect(HingeLoss().value(-1, target: 1) == 2)
  }

  /// Between a count of nought and the smallest numbers nothing jumps: quotients by the count overflow on the way.
  @Test(arguments: [Double.leastNonzeroMagnitude, .leastNormalMagnitude / 256, 1e-300, 1e-200])
  func tinyCounts(_ count: Double) {
    let loss = PoissonLoss()
    for f in stride(from: -30.0, through: 700, by: 9.7) {
      // At y → 0 the loss is exp(f), its conjugate v log v − v.
      let (value, limit) = (loss.value(f, target: count), loss.value(f, target: 0))
      #expect(abs(value - limit) <= 1e-14 * limit, "\(f)")
      #expect(loss.valueError(f, target: count).isFinite)
    }
    for v in [1e-80, 1e-3, 0.3, 1, 2.5, 1e10, 1e150] {
      let (found, limit) = (loss.conjugate(v, target: count), loss.conjugate(v, target: 0))
      #expect(abs(found - limit) <= 1e-13 * abs(limit), "\(v)")
      #expect(loss.conjugateError(v, target: count).isFinite)
    }
    #expect(loss.conjugate(0, target: count) == 0)
    #expect(loss.conjugate(-count, target: count).isFinite)
  }

  /// Where one formula gives way to the other, both say the same: 40 above the minimum, and for v near 2¹⁰⁰y.
  @Test func poissonsFormulasMeet() {
    let loss = PoissonLoss()
    for y in [1e-60, 0.5, 7] {
      let f = 40 + Double(y == 7 ? 1.9459101490553132 : y == 0.5 ? -0.6931471805599453 : -138.15510557964274)
      let (below, above) = (loss.value(f - 1e-9, target: y), loss.value(f + 1e-9, target: y))
      #expect(below < above && above < below * (1 + 1e-8))
    }
    let y = 1e-60
    let (below, above) = (loss.conjugate(0x1p99 * y, target: y), loss.conjugate(0x1p101 * y, target: y))
    // v log v − v at both ends, as y is nothing beside v.
    for (found, v) in [(below, 0x1p99 * y), (above, 0x1p101 * y)] {
      #expect(abs(found - loss.conjugate(v, target: 0)) <= 1e-12 * v)
    }
  }

  @Test(arguments: [0, -1, Double.nan, .infinity]) func badThresholds(_ value: Double) {
    #expect(throws: LossParameterError.self) { try HuberLoss(threshold: value) }
    #expect(throws: LossParameterError.self) { try QuantileLoss(level: value) }
    if value != 0 { #expect(throws: LossParameterError.self) { try InterpolationLoss(tolerance: value) } }
  }

  @Test func namesLeadToLosses() throws {
    for name in LossRegistry.standard.names { #expect(try LossRegistry.standard.loss(name)?.name == name) }
    #expect(try LossRegistry.standard.loss("softest") == nil)
    #expect(try LossRegistry.standard.loss("huber", parameter: 0.3)?.parameter == 0.3)
  }
}

extension Array {
  fileprivate func striding(by step: Int) -> [Element] { indices.filter { $0 % step == 0 }.map { self[$0] } }
}

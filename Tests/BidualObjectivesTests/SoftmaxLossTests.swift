import BidualObjectives
import Foundation
import Testing

/// The softmax cross-entropy against what defines it.
@Suite struct SoftmaxLossTests {
  private let loss = SoftmaxLoss()

  private func targets(_ own: Int, of count: Int) -> ArraySlice<Double> {
    (0..<count).map { $0 == own ? 1 : 0 }[...]
  }

  /// Small losses keep all their digits, whichever class is the sample's.
  @Test func smallLossesAreExact() {
    for (predictions, own, expected) in [
      ([0, 40], 1, exp(-40)), ([40, 0], 0, exp(-40)), ([0, 25.0, -3], 1, log1p(exp(-25) + exp(-28))),
      ([0, 800], 1, 0),
      ([3, 3], 0, log(2)), ([-1000, 1000], 0, 2000),
    ] as [([Double], Int, Double)] {
      let value = loss.value(predictions[...], targets: targets(own, of: predictions.count))
      #expect(abs(value - expected) <= 1e-13 * expected, "\(predictions) \(value)")
      let bound = loss.bound(
        predictions[...], within: 0.5, targets: targets(own, of: predictions.count), charge: 1)
      #expect(bound >= value + 1 && bound <= value + 1 + 1e-9 * (1 + value))
    }
  }

  /// The gradient by differences, the Hessian as the gradient's, and sums of zero.
  @Test func slopesAndCurvatures() {
    let predictions = [0.3, -1.2, 2.0, 0.1]
    for own in 0..<4 {
      let gradient = loss.gradient(predictions[...], targets: targets(own, of: 4))
      #expect(abs(gradient.reduce(0, +)) <= 1e-15)
      let hessian = loss.hessian(predictions[...], targets: targets(own, of: 4))
      for k in 0..<4 {
        var (above, below) = (predictions, predictions)
        above[k] += 1e-5
        below[k] -= 1e-5
        let rise =
          loss.value(above[...], targets: targets(own, of: 4))
          - loss.value(below[...], targets: targets(own, of: 4))
        #expect(abs(rise / 2e-5 - gradient[k]) <= 1e-9)
        let bend = zip(
          loss.gradient(above[...], targets: targets(own, of: 4)),
          loss.gradient(below[...], targets: targets(own, of: 4))
        ).map { ($0 - $1) / 2e-5 }
        for l in 0..<4 { #expect(abs(bend[l] - hessian[k * 4 + l]) <= 1e-9) }
      }
    }
  }

  /// Fenchel and Young: ωℓ*(d/ω) ≥ dᵀf − ωℓ(f), with equality at the gradient.
  @Test(arguments: [1.0, 0.3, 7]) func conjugateIsTheSupremum(weight: Double) {
    for seed in 0..<50 {
      let predictions = (0..<3).map { 3 * sin(Double(7 * seed + 5 * $0 + 1)) }
      let own = targets(seed % 3, of: 3)
      let slope = loss.gradient(predictions[...], targets: own).map { weight * $0 }
      let (value, error) = loss.conjugate(slope[...], scale: 1, targets: own, weight: weight)
      let young = zip(slope, predictions).reduce(0) { $0 + $1.0 * $1.1 }
      let reached = young - weight * loss.value(predictions[...], targets: own)
      #expect(abs(value - reached) <= 1e-12 * weight && error >= 0 && error <= 1e-10 * weight)
      for other in 0..<20 {
        let f = (0..<3).map { 4 * cos(Double(11 * other + 3 * $0 + seed)) }
        let lower =
          0.5 * zip(slope, f).reduce(0) { $0 + $1.0 * $1.1 } - weight * loss.value(f[...], targets: own)
        #expect(loss.conjugate(slope[...], scale: 0.5, targets: own, weight: weight).value >= lower - 1e-12)
      }
    }
  }

  /// What leaves the domain by less than floating point can tell does so all the same.
  @Test func theDomainIsKept() {
    let own = targets(0, of: 3)
    func value(_ dual: [Double], scale: Double = 1, weight: Double = 1) -> Double {
      loss.conjugate(dual[...], scale: scale, targets: own, weight: weight).value
    }
    #expect(value([-1, 0.5, 0.5], scale: 1 - 0x1p-40).isFinite)
    #expect(value([-1, 0.5, 0.5], scale: 1.001) == .infinity)
    #expect(value([0x1p-1000, -0x1p-1000, 0], scale: 0x1p-100) == .infinity)
    #expect(value([0, 0, 0]) == 0 && value([-1, 1, 0], scale: 0) == 0)
    // A weight so small that roundings of products are of its size.
    #expect(value([-5, 1, 4].map { $0 * 0x1p-1073 }, weight: 0x1p-1071) == .infinity)
  }

  /// Restored rows are in the domain, multiples of the quantum, and of sum zero.
  @Test func restoredRowsAreInTheDomain() {
    for seed in 0..<40 {
      let row = (0..<4).map { 2 * sin(Double(3 * seed + $0)) }
      let own = targets(seed % 4, of: 4)
      let restored = loss.restored(row[...], targets: own, weight: 1.5, quantum: 0x1p-40)
      #expect(restored.reduce(0, +) == 0)
      for (k, d) in restored.enumerated() {
        #expect((d * 0x1p40).rounded() == d * 0x1p40 && (k == seed % 4 ? d <= 0 && d >= -1.5 : d >= 0))
      }
      #expect(loss.conjugate(restored[...], scale: 1 - 0x1p-30, targets: own, weight: 1.5).value.isFinite)
      let k = (seed + 1) % 4
      #expect(loss.room(restored[...], from: k, to: seed % 4, targets: own, weight: 1.5) == restored[k])
    }
  }
}

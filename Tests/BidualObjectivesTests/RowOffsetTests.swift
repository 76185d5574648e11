import BidualObjectives
import Testing

/// What stands for an offset, against the loss of the sum.
@Suite struct RowOffsetTests {
  @Test(arguments: LossTests.losses.indices) func targetAndWeightStandForTheOffset(_ index: Int) throws {
    let loss = LossTests.losses[index]
    for y in LossTests.targets(loss) {
      for o in [-3.5, -0.25, 0, 1e-9, 2.75] {
        guard let posed = loss.target(y, less: o) else {
          #expect(loss.targetKind == .sign, "\(loss.name)")
          continue
        }
        // The edge of interpolation moves by what is rounded off.
        for step in -20...20 {
          let f = Double(step) / 3
          guard !loss.isLimit || abs(abs(f + o - y) - 0.25) > 1e-9 else { continue }
          let (own, sum) = (posed.weight * loss.value(f, target: posed.target), loss.value(f + o, target: y))
          #expect(own == sum || abs(own - sum) <= 1e-13 * (1 + abs(sum)), "\(loss.name) \(y) \(o) \(f)")
        }
      }
    }
    #expect(SoftmaxLoss().target(1, less: 0) == nil)
  }
}

import BidualArrangements
import BidualLinear
import Foundation
import Testing

/// Prints the figures of Guides/arrangements.md; runs only where BIDUAL_TIMING is set.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["BIDUAL_TIMING"] != nil))
struct TimingTests {
  @Test(arguments: [
    (100_000, 2), (100, 3), (1000, 3), (3000, 3), (50, 4), (150, 4), (40, 5), (25, 6), (16, 8),
  ])
  func gaussian(n: Int, r: Int) throws {
    try time("Gaussian n=\(n) r=\(r)", gaussianMatrix(n, r, seed: 1))
  }

  @Test(arguments: [(10, 2), (4, 3), (3, 4)])
  func grids(side: Int, dimension: Int) throws {
    try time("grid \(side)^\(dimension) with ones", withOnes(grid(side: side, dimension: dimension)))
  }

  private func time(_ name: String, _ data: Matrix) throws {
    let clock = ContinuousClock()
    var arrangement: Arrangement?
    let built = try clock.measure { arrangement = try Arrangement(data) }
    var count = 0
    let counted = try clock.measure { count = try arrangement!.chamberCount() }
    guard count <= 10_000_000 else {
      return print("\(name): \(count) chambers; build \(built), count \(counted)")
    }
    var tree: ChamberTree?
    let listed = try clock.measure { tree = try arrangement!.chambers() }
    print("\(name): \(tree!.count) chambers; build \(built), count \(counted), list \(listed)")
  }
}

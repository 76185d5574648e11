import BidualArrangements
import Testing

@Suite struct CoverCountTests {
  @Test func smallValues() {
    #expect(CoverCount.chambers(hyperplanes: 0, rank: 3) == 1)
    #expect(CoverCount.chambers(hyperplanes: 4, rank: 0) == 1)
    #expect(CoverCount.chambers(hyperplanes: 5, rank: 1) == 2)
    #expect(CoverCount.chambers(hyperplanes: 5, rank: 2) == 10)
    #expect(CoverCount.chambers(hyperplanes: 5, rank: 5) == 32)
    #expect(CoverCount.chambers(hyperplanes: 5, rank: 50) == 32)
    #expect(CoverCount.chambers(hyperplanes: 1000, rank: 3) == 999_002)
    #expect(CoverCount.estimate(hyperplanes: 1000, rank: 3) == 999_002)
  }

  @Test func overflow() {
    #expect(CoverCount.chambers(hyperplanes: 62, rank: 62) == 1 << 62)
    #expect(CoverCount.chambers(hyperplanes: 63, rank: 63) == nil)
    #expect(CoverCount.chambers(hyperplanes: 1_000_000, rank: 500) == nil)
    #expect(abs(CoverCount.estimate(hyperplanes: 63, rank: 63) / 0x1p63 - 1) < 1e-14)
    #expect(CoverCount.estimate(hyperplanes: 5000, rank: 2500) == .infinity)
  }
}

import Foundation
import Testing

@testable import BidualCommand

@Suite struct TimeLeftTests {
  /// A gap that falls from 1 tenfold every `decade` seconds, noted once a second.
  private func falling(decade: Double, until seconds: Int, limit: Double? = nil) -> TimeLeft {
    var timeLeft = TimeLeft(gap: 1e-4, limit: limit)
    for second in 0...seconds {
      timeLeft.note(round: second + 1, gap: pow(10, -Double(second) / decade), seconds: Double(second))
    }
    return timeLeft
  }

  @Test func followsTheTrend() throws {
    // 10⁻² at 20 s and 10⁻⁴ at 40 s.
    let left = try #require(falling(decade: 10, until: 20).estimate(at: 20))
    #expect(abs(left - 20) < 0.01)
    // Waiting for the next round counts down, to nothing and no further.
    let later = try #require(falling(decade: 10, until: 20).estimate(at: 25))
    #expect(abs(later - 15) < 0.01)
    #expect(falling(decade: 10, until: 20).estimate(at: 300) == 0)
  }

  @Test func neverBeyondTheLimit() throws {
    #expect(falling(decade: 10, until: 20, limit: 30).estimate(at: 20) == 10)
    #expect(falling(decade: 10, until: 20, limit: 30).estimate(at: 31) == 0)
    let left = try #require(falling(decade: 10, until: 20, limit: 100).estimate(at: 20))
    #expect(abs(left - 20) < 0.01)
    #expect(TimeLeft(gap: 1e-4, limit: 5).estimate(at: 1) == 4)
  }

  @Test func aGapThatIsReachedLeavesNothing() {
    #expect(falling(decade: 1, until: 6).estimate(at: 6) == 0)
  }

  @Test func saysNothingWithoutATrend() {
    #expect(TimeLeft(gap: 1e-4).estimate(at: 1) == nil)
    var level = TimeLeft(gap: 1e-4)
    var rising = TimeLeft(gap: 1e-4)
    var slow = TimeLeft(gap: 1e-4)
    var strange = TimeLeft(gap: 1e-4)
    for round in 1...50 {
      let seconds = Double(round)
      level.note(round: round, gap: 0.5, seconds: seconds)
      rising.note(round: round, gap: 0.1 * seconds, seconds: seconds)
      slow.note(round: round, gap: 1 - 1e-9 * seconds, seconds: seconds)
      let gaps: [Double] = [.nan, .infinity, -1, 0]
      strange.note(round: round, gap: gaps[round % 4], seconds: round % 5 == 0 ? .nan : seconds)
    }
    for timeLeft in [level, rising, slow, strange] { #expect(timeLeft.estimate(at: 51) == nil) }
    // All rounds at one moment.
    var still = TimeLeft(gap: 1e-4)
    for round in 1...9 { still.note(round: round, gap: 1 / Double(round), seconds: 0) }
    #expect(still.estimate(at: 0) == nil)
  }

  @Test func countsKnownRounds() {
    var timeLeft = TimeLeft(gap: 1e-4, rounds: 100)
    timeLeft.note(round: 40, gap: 1, seconds: 2)
    #expect(timeLeft.estimate(at: 2) == nil)
    timeLeft.note(round: 50, gap: 1, seconds: 7)
    #expect(timeLeft.estimate(at: 7) == 25)
    timeLeft.note(round: 100, gap: 1, seconds: 32)
    #expect(timeLeft.estimate(at: 33) == 0)
  }

  @Test func longRunsAreThinnedAndStillForecast() throws {
    // A gap of 10⁻² in the end.
    let left = try #require(falling(decade: 10_000, until: 20_000).estimate(at: 20_000))
    #expect(abs(left - 20_000) < 100)
  }

  @Test(arguments: [
    (0.2, "0 s"), (41.4, "41 s"), (99.4, "99 s"), (99.6, "2 min"), (5000, "83 min"), (7300, "2 h"),
    (1e6, "12 days"), (1e300, "1000000 days"),
  ]) func spansAreRound(seconds: Double, text: String) {
    #expect(Figures.span(seconds) == text)
  }
}

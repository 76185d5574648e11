import RealModule

/// Estimates how long a run will still take: by the share of a known number of rounds that is done, else by the
/// trend of log(gap), and never longer than the time limit allows.
///
/// The trend is the least-squares line through the rounds of the later half of the run. Where it does not fall, or
/// leads too far beyond what was seen, nothing is said.
struct TimeLeft {
  /// The gap at which the run ends.
  private let goal: Double
  /// The number of rounds, if it is known.
  private let rounds: Int?
  /// Seconds after which the run is stopped.
  private let limit: Double?
  private var first: (round: Int, seconds: Double)?
  private var last: (round: Int, seconds: Double)?
  private var trail: [(seconds: Double, height: Double)] = []

  /// A forecast bolder than this multiple of the time seen is kept quiet.
  private let boldness = 20.0
  /// Rounds kept, so that long runs cost no more than short ones.
  private let longestTrail = 1000

  /// An estimate for a run to a gap, or of a known number of rounds.
  init(gap goal: Double, rounds: Int? = nil, limit: Double? = nil) {
    self.goal = goal
    self.rounds = rounds
    self.limit = limit
  }

  /// Takes note of where the run stood after a round.
  mutating func note(round: Int, gap: Double, seconds: Double) {
    guard seconds.isFinite, seconds >= last?.seconds ?? 0 else { return }
    first = first ?? (round, seconds)
    last = (round, seconds)
    guard gap > 0, gap.isFinite else { return }
    // The best gap so far: a round may well be worse than the one before.
    trail.append((seconds, min(.log(gap), trail.last?.height ?? .infinity)))
    if trail.count > longestTrail {
      trail = trail.enumerated().filter { $0.offset % 2 == 0 || $0.offset == longestTrail }.map(\.element)
    }
  }

  /// Seconds left from `seconds` on, at least 0; nil if nothing can be said.
  func estimate(at seconds: Double) -> Double? {
    let allowed = limit.map { max(0, $0 - seconds) }
    let passed = last.map { max(0, seconds - $0.seconds) } ?? 0
    let forecast = (rounds == nil ? byTrend : byRounds).map { max(0, $0 - passed) }
    guard let allowed else { return forecast }
    return min(forecast ?? allowed, allowed)
  }

  /// By the mean time of a round.
  private var byRounds: Double? {
    guard let rounds, let first, let last, last.round > first.round, last.seconds > first.seconds else {
      return nil
    }
    let pace = (last.seconds - first.seconds) / Double(last.round - first.round)
    return Double(max(0, rounds - last.round)) * pace
  }

  /// By the trend of log(gap).
  private var byTrend: Double? {
    guard let last = trail.last, goal > 0 else { return nil }
    let missing = last.height - .log(goal)
    guard missing > 0 else { return 0 }
    let recent = trail.filter { $0.seconds >= 0.5 * last.seconds }
    guard recent.count >= 4, let start = recent.first, last.seconds > start.seconds else { return nil }
    let count = Double(recent.count)
    let time = recent.reduce(0) { $0 + $1.seconds } / count
    let height = recent.reduce(0) { $0 + $1.height } / count
    var product = 0.0
    var square = 0.0
    for point in recent {
      product += (point.seconds - time) * (point.height - height)
      square += (point.seconds - time) * (point.seconds - time)
    }
    let left = missing * square / -product
    guard left.isFinite, left >= 0, left <= boldness * last.seconds else { return nil }
    return left
  }
}

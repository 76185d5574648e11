/// How far kinks are rounded off at the beginning of a round of joint descent: less and less as rounds gain little,
/// and more again after a turn of the convex program, which leads out of shallow minima.
struct Sharpness: Codable, Sendable {
  private var first = 0.1
  private var idleRounds = 0

  /// The levels of a round.
  var levels: [Double] { [first, 0.3 * first, 0.1 * first, 0.03 * first] }

  /// Whether rounds at blunt kinks gained little.
  var isFine: Bool { first < 0.1 }

  /// Whether the sharpest kinks gained little: the time for the program over the network's chambers.
  private(set) var isSpent = false

  /// Whether so many rounds gained nothing that another one hardly will.
  var isExhausted: Bool { idleRounds >= 12 }

  /// Takes note of a round's relative gain.
  mutating func note(gain: Double) {
    count(gain)
    guard gain < 1e-3 else { return }
    isSpent = 0.3 * first < 0.002
    first = max(0.3 * first, 0.002)
  }

  /// Begins again after a turn of the convex program that had this relative gain.
  mutating func reopen(gain: Double) {
    count(gain)
    isSpent = false
    first = gain < 1e-5 ? 0.05 : 0.01
  }

  private mutating func count(_ gain: Double) { idleRounds = gain < 1e-6 ? idleRounds + 1 : 0 }
}

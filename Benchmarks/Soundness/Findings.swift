/// What was found out about an instance.
struct Findings: Codable {
  /// The number that draws the instance again.
  let number: UInt64
  /// The architecture, as it is counted.
  let kind: String
  let loss: String
  /// Networks whose objectives were computed.
  var networks = 0
  /// Lower bounds over all networks that were held against them.
  var global = 0
  /// Lower bounds over given patterns that were.
  var restricted = 0
  /// Certificates that reached the gap asked for.
  var certified = 0
  /// Certificates that the product's own check took again.
  var verified = 0
  /// Forged certificates that it refused.
  var refusedForgeries = 0
  /// Runs that were refused with a typed error.
  var refusedRuns = 0
  /// The least of (best objective − lower bound)/objective over the bounds of scope global.
  var margin = Double.infinity
  /// The largest of (stated objective − recomputed)/objective.
  var excess = 0.0
  /// What must not be.
  var violations: [String] = []

  /// The findings of the next instance, added.
  mutating func add(_ other: Findings) {
    networks += other.networks
    global += other.global
    restricted += other.restricted
    certified += other.certified
    verified += other.verified
    refusedForgeries += other.refusedForgeries
    refusedRuns += other.refusedRuns
    margin = min(margin, other.margin)
    excess = max(excess, other.excess)
    violations += other.violations
  }
}

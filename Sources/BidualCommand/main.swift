import BidualLinear
import BidualPolars
import Foundation
struct G { var s: UInt64; mutating func u() -> Double { s = s &* 6364136223846793005 &+ 1442695040888963407; return Double(s >> 11) * 0x1p-53 }
 mutating func g() -> Double { (-2*log(1-u())).squareRoot()*cos(2 * .pi * u()) } }
for (n, r) in [(50,1),(300,2),(300,3),(300,4),(10000,3)] {
  var g = G(s: 42)
  let X = Matrix(rows: n, columns: r, elements: (0..<n*r).map { _ in g.g() })
  let v = (0..<n).map { _ in g.g() }
  let o = SphericalBranchAndBound(X, threads: 2)
  let t0 = Date()
  let b = o.bound(v, goal: .maximize(relativeTolerance: 1e-3, floor: 0))
  let dt = Date().timeIntervalSince(t0)
  var best = 0.0
  for _ in 0..<20000 { let u = (0..<r).map { _ in g.g() }.normalized; let p = X.times(u); var s = 0.0; for i in 0..<n { s += v[i]*max(0,p[i]) }; best = max(best, abs(s)) }
  print(n, r, b.upper, b.maximizers.first!.value, "sampled", best, b.nodes, b.isComplete, dt)
  let t1 = Date()
  let c = o.bound(v, goal: .prove(threshold: b.maximizers.first!.value*(1+1e-6), maximumViolators: 10))
  print("   prove", c.upper, c.isComplete, c.nodes, c.maximizers.count, Date().timeIntervalSince(t1))
}

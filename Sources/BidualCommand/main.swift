import BidualLinear
import BidualModels
import BidualPolars
import BidualSolvers
import Foundation
struct Case: Codable { var X: [[Double]]; var Y: [Double]; var beta: Double; var optimum: Double; var name: String }
let args = CommandLine.arguments
if args.count > 1, args[1] != "syn" {
for f in args.dropFirst() {
  let c = try JSONDecoder().decode(Case.self, from: Data(contentsOf: URL(fileURLWithPath: f)))
  let p = try TrainingProblem(design: Matrix(c.X), targets: c.Y, beta: c.beta)
  var o = WorkingSet.Options(); o.gap = 1e-7
  let t = Date()
  let r = WorkingSet(p, options: o).train { print("  ", $0.iteration, $0.workingSet, $0.objective, $0.lowerBound, $0.nodes, Date().timeIntervalSince(t)); fflush(nil) }
  print(c.name, "opt", c.optimum, "err", (r.certificate.objective - c.optimum)/c.optimum, "gap", r.certificate.relativeGap, r.status, "it", r.iterations, "ws", r.workingSet, "m", r.network.neurons, "s", Date().timeIntervalSince(t))
}
} else {
  var g = SeededGenerator(seed: 7)
  let kind = args[2], n = Int(args[3])!
  var X: Matrix, y: [Double], beta: Double, gap: Double
  if kind == "line" {
    var e: [Double] = []; y = []
    for _ in 0..<n { let x = g.nextUniform() * 2 - 1; e += [x, 1]; y.append(sin(4*x) + 0.1*g.nextGaussian()) }
    X = Matrix(rows: n, columns: 2, elements: e); beta = 0.1; gap = 1e-6
  } else {
    let r = Int(args[4])!; beta = Double(args[5])!; gap = 1e-3
    X = Matrix(rows: n, columns: r, elements: (0..<n*r).map { _ in g.nextGaussian() })
    for k in 0..<r { let s = norm(X.column(k)) / Double(n).squareRoot(); for i in 0..<n { X[i,k] /= s } }
    y = (0..<n).map { sin(2*X[$0,0])*X[$0,1] + 0.3*g.nextGaussian() }
  }
  var a = Matrix(rows: 2000, columns: 2000); for i in a.elements.indices { a.elements[i] = g.nextUniform() }
  BLAS.setThreads(1)
  _ = a.times(a)
  let t0 = Date(); _ = a.times(a); let unit = Date().timeIntervalSince(t0)
  BLAS.setThreads(2)
  let p = try TrainingProblem(design: X, targets: y, beta: beta)
  var o = WorkingSet.Options(); o.gap = gap; o.threads = 2
  let t = Date()
  let r = WorkingSet(p, options: o).train { print("  ", $0.iteration, $0.workingSet, $0.objective, $0.lowerBound, $0.nodes, Date().timeIntervalSince(t)); fflush(nil) }
  let s = Date().timeIntervalSince(t)
  print(kind, n, "obj", r.certificate.objective, "gap", r.certificate.relativeGap, r.status, "it", r.iterations, "ws", r.workingSet, "m", r.network.neurons, "s", s, "units", s/unit, "unit", unit)
}

import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

public struct AdaptiveTraining: Sendable {
  public let problem: TrainingProblem
  public var seed: UInt64 = 0
  public var threads = 1
  public var smooth = true
  public var width = 0
  public var memory = 20
  public var steps = 200
  public var angle = 0.9
  public var exact = false
  public var kinks: [Double] = [0]
  public var programRounds = 0
  public var every = 5
  public init(_ problem: TrainingProblem) { self.problem = problem }

  public func experiment(stop: StopSignal, log: (String) -> Void) {
    let clock = ContinuousClock.now
    func now() -> String {
      let t = (ContinuousClock.now - clock) / .seconds(1)
      return "\((t * 1000).rounded() / 1000)"
    }
    let rowSpace = RowSpace(of: problem.design)
    let reduced = try! TrainingProblem(
      design: rowSpace.coordinates, targets: problem.targets, loss: problem.loss, beta: problem.beta)
    let hyperplanes = Hyperplanes(reduced.design)
    let ascent = LocalAscent(hyperplanes, threads: threads)
    var batched = BatchedAscent(design: reduced.design)
    batched.threads = threads
    var starts = StartingPoints(rank: reduced.design.columns, seed: seed)
    var neurons: [JointDescent.Neuron] = []
    var dual = reduced.dualPoint(Array(repeating: 0, count: reduced.design.rows))
    var objective = reduced.lossValue(Array(repeating: 0, count: reduced.design.rows))
    var round = 0
    if width > 0 {
      var options = GradientTraining.Options()
      options.width = width
      options.seed = seed
      let first = try! GradientTraining(reduced, options: options).initialNetwork()
      neurons = (0..<width).map { j in
        (first.output[j] < 0 ? -1 : 1, first.hidden.row(j).map { $0 * abs(first.output[j]) })
      }
      dual = reduced.dualPoint(first.predictions(reduced.design))
    }
    while !stop.isRaised, round < 100 {
      round += 1
      let t0 = ContinuousClock.now
      let ends = batched.ends(of: dual, from: starts.around(neurons.map(\.vector)))
      let t1 = ContinuousClock.now
      let maxima = ends.filter { $0.value > problem.beta }
      if exact {
        let best = ascent.climb(dual, from: ends.prefix(6).map { PolarMaximizer(direction: $0.direction, sign: $0.sign, value: $0.value) }).map(\.value).max()!
        log("   exact \(best / problem.beta) batched \(ends[0].value / problem.beta) time \((ContinuousClock.now - t1) / .seconds(1))")
      }
      let kappa = max(maxima.first?.value ?? 0, problem.beta)
      let scale = problem.beta / kappa
      let lower = (0...20).map { k in
        let s = scale * Double(k) / 20
        return -0.5 * s * s * dot(dual, dual) + s * dot(dual, problem.targets)
      }.max()!
      var fresh: [BatchedAscent.End] = []
      for m in maxima {
        if fresh.contains(where: { $0.sign == m.sign && dot($0.direction, m.direction) > angle }) {
          continue
        }
        fresh.append(m)
        if fresh.count >= 40 { break }
      }
      let share = 1e-3
      let atoms = reduced.design.timesTransposed(Matrix(fresh.map(\.direction)))
      for (j, m) in fresh.enumerated() {
        var square = 0.0
        for i in 0..<atoms.rows where atoms[i, j] > 0 { square += atoms[i, j] * atoms[i, j] }
        let t = (m.value - problem.beta) / square / Double(fresh.count)
        neurons.append((m.sign, m.direction.map { $0 * max(t, share * 0) }))
      }
      var descent = JointDescent(problem: reduced)
      descent.smooth = smooth
      descent.threads = threads
      descent.method.memory = memory
      descent.method.maximumSteps = steps
      descent.method.isCancelled = { stop.isRaised }
      let before = neurons.count
      var r = (neurons: neurons, objective: objective, steps: 0, predictions: [Double]())
      var trail = ""
      for kink in kinks {
        descent.kink = kink
        let next = descent.lowered(r.neurons)
        r = (next.neurons, next.objective, next.steps + r.steps, next.predictions)
        trail += " \(kink):\(next.steps):\(Float(next.objective))"
      }
      if kinks.count > 1 { log("  \(trail)") }
      let t2 = ContinuousClock.now
      objective = r.objective
      let longest = r.neurons.map { norm($0.vector) }.max() ?? 0
      neurons = NeuronMerging.merged(
        r.neurons.filter { norm($0.vector) > 1e-6 * longest }, rows: hyperplanes.unitRows)
      dual = reduced.dualPoint(r.predictions)
      if programRounds > 0, before >= 30 || round > 8, round % every == 0 {
        var master = Master(
          design: reduced.design, hyperplanes: hyperplanes, target: reduced.targets, beta: problem.beta)
        for n in neurons {
          _ = master.insert(.init(sign: n.sign, sides: hyperplanes.sides(at: n.vector)), near: n.vector)
        }
        for k in 0..<programRounds {
          let t0 = ContinuousClock.now
          let maxima = ascent.maxima(
            of: dual, from: starts.around(k == 0 ? neurons.map(\.vector) : master.vectors(longerThan: master.negligible).map(\.vector)), above: problem.beta * 1.0001, limit: 40)
          let added = maxima.count { master.insert($0.key, near: $0.direction) }
          let t1 = ContinuousClock.now
          var ip = InteriorPoint()
          ip.tolerance = 1e-6
          ip.isCancelled = { stop.isRaised }
          let solution = master.solve(with: ip)
          dual = solution.residual
          let t2 = ContinuousClock.now
          let vectors = master.vectors(longerThan: 1e-5 * (master.blocks.map { norm($0.vector) }.max() ?? 0))
          let violated = master.enforceViolatedFacets()
          var strayed = 0
          for (key, vector) in violated.strayed where master.insert(key, near: vector) { strayed += 1 }
          neurons = NeuronMerging.merged(vectors, rows: hyperplanes.unitRows, tolerance: 1e-6)
          let network = NeuronMerging.network(neurons, rowSpace: rowSpace, inputs: problem.design.columns)
          let obj = problem.objective(network)
          log("   \(now()) program blocks \(master.blocks.count) added \(added) kappa \((maxima.first?.value ?? 0) / problem.beta) its \(solution.iterations) \(solution.status) violated \(violated.count) strayed \(strayed) neurons \(neurons.count) obj \(obj) price \((t1 - t0) / .seconds(1)) solve \((t2 - t1) / .seconds(1))")
          if stop.isRaised { break }
          if violated.count == 0 && added == 0 { break }
          master.dropIdle(after: 2)
        }
      }
      log(
        "\(now()) round \(round) kappa/beta \(kappa / problem.beta) maxima \(maxima.count) fresh \(fresh.count) neurons \(before)->\(neurons.count) steps \(r.steps) obj \(objective) gap-before \((objective - lower) / objective) price \((t1 - t0) / .seconds(1)) descend \((t2 - t1) / .seconds(1))"
      )
    }
  }
}

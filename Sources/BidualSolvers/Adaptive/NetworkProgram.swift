import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The convex program over a network's own activation patterns, those across the facets its neurons lie on, and
/// those that neurons strayed into: it closes the kinks exactly on which descent stalls.
struct NetworkProgram {
  private let problem: TrainingProblem
  private let hyperplanes: Hyperplanes
  private let ascent: LocalAscent
  private let stop: StopSignal

  /// Programs for a problem whose design has full column rank.
  init(_ problem: TrainingProblem, threads: Int, stop: StopSignal) {
    self.problem = problem
    self.stop = stop
    hyperplanes = Hyperplanes(problem.design)
    ascent = LocalAscent(hyperplanes, threads: threads, isCancelled: { stop.isRaised })
  }

  /// Whether the program for so many neurons is small enough to pay: its blocks take some dozens of
  /// factorisations.
  func isAffordable(neurons: Int) -> Bool {
    let n = Double(problem.design.rows)
    let q = Double((2 * neurons + 40) * problem.design.columns)
    return min(q * q * q / 3, n * n * q + n * n * n / 3) <= 2e9 && q * n <= 2e7
  }

  /// The best network of a few rounds of the program, with the dual point of the last.
  ///
  /// - Parameter directions: further directions with large polar values, best first.
  func solved(
    _ network: JointDescent.Network, directions: [PolarMaximizer]
  ) -> JointDescent.Network {
    var master = Master(problem, design: problem.design, hyperplanes: hyperplanes)
    for (sign, vector) in network.neurons {
      _ = master.insert(.init(sign: sign, sides: hyperplanes.sides(at: vector)), near: vector)
    }
    var best = network
    var directions = Array(directions.prefix(20))
    for _ in 0..<4 where !stop.isRaised {
      let points = best.neurons.map {
        PolarMaximizer(direction: $0.vector.normalized, sign: $0.sign, value: 0)
      }
      let maxima = ascent.climb(best.dualPoint, from: directions + points)
      if stop.isRaised { break }
      var added = maxima.count { $0.value > problem.beta && master.insert($0.key, near: $0.direction) }
      guard !master.isEmpty, isAffordable(neurons: master.blocks.count / 2) else { break }
      directions = []
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = 1e-7
      interiorPoint.isCancelled = { stop.isRaised }
      let solution = master.solve(with: interiorPoint)
      if stop.isRaised { break }
      let reached = self.network(master, dualPoint: solution.dualPoint)
      if reached.objective < best.objective { best = reached }
      best.dualPoint = solution.dualPoint
      let violated = master.enforceViolatedFacets()
      for (key, vector) in violated.strayed where master.insert(key, near: vector) { added += 1 }
      if added == 0 && violated.count == 0 { break }
      master.dropIdle(after: 3)
    }
    return best
  }

  private func network(_ master: Master, dualPoint: [Double]) -> JointDescent.Network {
    let longest = master.blocks.map { norm($0.vector) }.max() ?? 0
    let neurons = NeuronMerging.merged(
      master.vectors(longerThan: 1e-7 * longest), rows: hyperplanes.unitRows, tolerance: 1e-7)
    return JointDescent.Network(neurons, offset: master.offset, dualPoint: dualPoint, in: problem)
  }
}

extension JointDescent.Network {
  /// A network from its neurons, with its predictions and objective.
  init(_ neurons: JointDescent.Neurons, offset: Double, dualPoint: [Double], in problem: TrainingProblem) {
    let hidden = Matrix(
      rows: neurons.count, columns: problem.design.columns, elements: Array(neurons.map(\.vector).joined()))
    let predictions = TwoLayerNetwork(
      hidden: hidden, output: neurons.map(\.sign), offset: problem.hasOffset ? offset : nil
    ).predictions(problem.design)
    self.init(
      neurons: neurons, offset: offset,
      objective: problem.lossValue(predictions)
        + problem.beta * neurons.reduce(0) { $0 + norm($1.vector) },
      dualPoint: dualPoint, predictions: predictions)
  }
}

import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training by the Clifford lasso (P23; W25 §3.2): the atoms are those of the arrangement's rays, and a working
/// set holds the few that matter.
///
/// For a problem under the ℓ₁ norm (p = 1, with the coordinate hyperplanes) this is exact, and ends with a proof
/// over all networks. Under the ℓ₂ norm (p = 2) the dictionary's optimum p_C lies between p* and p*/(1 − ε);
/// training then ends with the lasso solved, `TrainingOutcome.dictionary` says how well, and the certificate
/// says what is proven about the network among all networks, which may be less than the gap asked for.
package struct CliffordLasso: UninterruptedSolver {
  /// What to train.
  package let problem: TrainingProblem
  /// How.
  package let options: WorkingSet.Options
  /// The largest number of sets of rows that may make a ray, where all have to be looked at (ℓ₂).
  package let dictionaryLimit: Int

  /// Dictionaries of up to so many sets are looked at in full where ascent would do.
  private let smallDictionary = 5_000.0

  private let atoms: any RayAtoms

  /// Problems whose networks can be made of the arrangement's rays.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> any RayAtoms {
    guard let atoms = problem.atoms as? any RayAtoms else { throw problem.lacks("the Clifford lasso") }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(
    _ problem: TrainingProblem, options: WorkingSet.Options = .init(), dictionaryLimit: Int = 20_000_000
  ) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
    self.dictionaryLimit = dictionaryLimit
  }

  /// Trains until the gap is proven (ℓ₁), the lasso is solved (ℓ₂), or a limit or `stop` ends the run.
  ///
  /// - Throws: `DataError` of kind `badData` under ℓ₂ if the dictionary exceeds its limit.
  /// - Complexity: O(C(n, r−2)·n(r + log n)) a round where all rays are priced, else that of the ascents.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    throws(DataError) -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    var dictionary: CliffordDictionary?
    do {
      dictionary = try CliffordDictionary(
        atoms.geometry, norm: atoms.norm, limit: dictionaryLimit, threads: options.threads)
    } catch {
      // Under ℓ₁ branch and bound takes the dictionary's place.
      if !atoms.raysSuffice { throw DataError(error) }
    }
    var run = Run(self, certifier: certifier, dictionary: dictionary)
    return run.train(stop: stop, progress: progress)
  }

  /// One run of training.
  private struct Run {
    let problem: TrainingProblem
    let options: WorkingSet.Options
    let atoms: any RayAtoms
    let certifier: Certifier
    let dictionary: CliffordDictionary?
    let isSmall: Bool
    let ascent: RayAscent
    var starts: StartingPoints
    var master: LassoMaster
    var best: Incumbent<[Part]>
    var dualPoint: [Double]
    /// The lasso's best objective and lower bound so far.
    var lassoObjective: Double
    var lassoBound: Double

    init(_ lasso: CliffordLasso, certifier: Certifier, dictionary: CliffordDictionary?) {
      problem = lasso.problem
      options = lasso.options
      atoms = lasso.atoms
      self.certifier = certifier
      self.dictionary = dictionary
      isSmall = dictionary.map { $0.subsetCount <= lasso.smallDictionary } ?? false
      ascent = RayAscent(atoms.geometry, norm: atoms.norm, threads: options.threads)
      starts = StartingPoints(rank: atoms.geometry.rank, seed: options.seed)
      master = LassoMaster(problem, kind: atoms)
      best = Incumbent(certifier)
      dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
      lassoObjective = best.objective
      lassoBound = best.lowerBound
    }

    mutating func train(stop: StopSignal, progress: (TrainingProgress) -> Void) -> TrainingOutcome {
      var status = SolverStatus.iterationLimit
      var tolerance = min(1e-8, 1e-3 * options.gap)
      var iteration = 0
      _ = admit(rays(above: problem.beta, stop))
      while iteration < options.maximumIterations, !stop.isRaised {
        iteration += 1
        solve(tolerance, stop)
        if stop.isRaised { break }
        let priced = rays(above: problem.beta * (1 + 0.3 * options.gap), stop)
        // A pricing that was cut short may lack the best rays.
        if stop.isRaised { break }
        var added = admit(priced)
        master.dropIdle(after: 4)
        let hope = bound(priced)
        defer { report(progress, iteration) }
        let isHopeful = best.objective - hope <= options.gap * best.objective
        if !atoms.raysSuffice {
          if added > 0 { continue }
          // Every ray was looked at: the lasso is solved but for the master's own accuracy.
          lassoBound = max(lassoBound, hope)
          if lassoObjective - lassoBound <= options.gap * lassoObjective || tolerance <= 1e-12 {
            status = .insufficientProgress
            break
          }
          tolerance *= 1e-2
          continue
        }
        guard isHopeful || added == 0 else { continue }
        let verdict = certifier.certify(
          best.network, dualPoint: dualPoint, gap: options.gap,
          effort: options.effort(until: stop))
        best.offer(verdict)
        if best.relativeGap <= options.gap {
          status = .solved
          break
        }
        if stop.isRaised { break }
        added += admit(
          ascent.maxima(
            of: dualPoint, from: verdict.violators.map(\.direction), above: problem.beta, limit: 40))
        if added == 0 {
          // The master holds all that is known, so its own accuracy is what is missing.
          if tolerance > 1e-12, !verdict.violators.isEmpty || verdict.isComplete {
            tolerance *= 1e-2
            continue
          }
          status = verdict.isComplete || !verdict.violators.isEmpty ? .insufficientProgress : .proofLimit
          break
        }
      }
      return outcome(status, iteration, stop)
    }

    private mutating func solve(_ tolerance: Double, _ stop: StopSignal) {
      guard master.count > 0 else { return }
      var interiorPoint = InteriorPoint()
      interiorPoint.tolerance = tolerance
      interiorPoint.isCancelled = { stop.isRaised }
      dualPoint = certifier.feasibleDualPoint(master.solve(with: interiorPoint).dualPoint)
      let unmerged = atoms.network(
        of: master.vectors(above: 0), offset: problem.hasOffset ? master.offset : nil)
      lassoObjective = min(lassoObjective, certifier.objective(of: unmerged))
      best.offer(
        [1e-5, 1e-7, 1e-9].map { recovered(level: $0) }, of: atoms, offset: master.offset, gap: options.gap)
    }

    /// The atoms above a share of the largest: where rays do not suffice neurons of one chamber merge, which lowers
    /// the penalty; else that gains nothing and would make them less sparse.
    private func recovered(level: Double) -> [Part] {
      var vectors = master.vectors(above: level)
      if !atoms.raysSuffice {
        vectors = NeuronMerging.merged(
          vectors, rows: atoms.geometry.hyperplanes.unitRows, tolerance: level)
      }
      return CaratheodoryPruning.pruned(vectors, atoms: atoms)
    }

    /// Rays above a threshold: from ascents, or all of a small dictionary; of a large one that has to be priced in
    /// full only when ascents find none.
    private mutating func rays(above threshold: Double, _ stop: StopSignal) -> [PolarMaximizer] {
      if !isSmall {
        let around = starts.around(master.vectors(above: 1e-8).map(\.vector))
        let found = ascent.maxima(
          of: dualPoint, from: (0..<around.rows).map { Array(around.row($0)) }, above: threshold, limit: 40)
        if !found.isEmpty || atoms.raysSuffice { return found }
      }
      return dictionary?.bestRays(
        for: dualPoint, above: threshold, limit: 40, isCancelled: { stop.isRaised }) ?? []
    }

    private mutating func admit(_ rays: [PolarMaximizer]) -> Int {
      rays.count { master.insert($0.direction) }
    }

    /// The lower bound that the dual point gives if no ray takes more than those found.
    private func bound(_ rays: [PolarMaximizer]) -> Double {
      let polar = max(problem.beta * (1 + 0.3 * options.gap), rays.first?.value ?? 0)
      return certifier.lowerBound(dualPoint, polarBound: polar).value
    }

    private mutating func outcome(_ status: SolverStatus, _ iteration: Int, _ stop: StopSignal)
      -> TrainingOutcome
    {
      var status = status
      var optimum: DictionaryOptimum?
      if !atoms.raysSuffice {
        let effort = options.effort(until: stop)
        best.offer(certifier.certify(best.network, dualPoint: dualPoint, gap: options.gap, effort: effort))
        if best.relativeGap <= options.gap {
          status = .solved
        } else {
          // The dictionary leaves a gap; what remains is to know it well.
          best.offer(
            certifier.certify(best.network, dualPoint: dualPoint, polarAccuracy: 1e-3, effort: effort))
        }
        optimum = DictionaryOptimum(
          objective: lassoObjective, lowerBound: lassoBound,
          diameter: ChamberDiameter(atoms.geometry, isCancelled: { stop.isRaised }))
      }
      if stop.isRaised, status != .solved { status = stop.ending }
      return TrainingOutcome(
        network: best.network,
        certificate: best.certificate(
          dualPoint: dualPoint, gap: options.gap, nodeLimit: options.closingNodeLimit, stop: stop),
        status: status,
        method: .clifford, workingSet: master.count, iterations: iteration,
        rank: problem.atoms.geometry.designRank,
        chambers: nil,
        dictionary: optimum)
    }

    private func report(_ progress: (TrainingProgress) -> Void, _ iteration: Int) {
      progress(best.progress(iteration: iteration, workingSet: master.count, unit: .rays))
    }
  }
}

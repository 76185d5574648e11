import ArgumentParser
import Bidual

extension Certify {
  /// What is proven by all parts together.
  private struct JoinedReport: Encodable {
    let objective: Double
    let lowerBound: Double
    let relativeGap: Double
    let scope: String
    let parts: Int
    let neurons: Int
    let beta: Double
  }

  /// Proves a share, or joins all of them.
  func divided(_ model: Model, _ dataset: Dataset, _ problem: TrainingProblem) throws {
    let certifier = Certifier(problem, threads: ThreadCount.resolve(threads))
    guard certifier.objective(of: model.sampleNetwork).isFinite else {
      throw DataError(.badData, "\(self.model): the network's predictions overflow on these data")
    }
    if let part = parts.part, let output = parts.output {
      try prove(part, of: model, dataset, by: certifier, to: output)
    } else {
      try join(model, dataset, by: certifier)
    }
  }

  private func prove(
    _ part: Share, of model: Model, _ dataset: Dataset, by certifier: Certifier, to output: String
  ) throws {
    try AtomicFile.check(output)
    guard certifier.isDivisible else {
      throw DataError(
        .badData,
        "\(self.model): the proof about a \(model.architecture.networks) is no search over directions that could be divided; leave out --part"
      )
    }
    let share = SearchShare(part.index - 1, of: part.count)
    let dualPoint = try dualPoint(of: model, in: certifier.problem)
    let kept = try kept(share, dualPoint, of: model, dataset, by: certifier)
    let stop = stop
    let interrupts = Interrupts(raising: stop, outcome: "with the bound so far")
    let start = ContinuousClock.now
    let proof = withExtendedLifetime(interrupts) {
      BLAS.singleThreaded {
        certifier.proof(
          of: share, dualPoint: dualPoint, beside: model.sampleNetwork, gap: gap, kept: kept?.search,
          effort: Certifier.Effort(isCancelled: { stop.isRaised }))
      }
    }
    if let kept, kept.isOfAnother {
      Console.note(
        "bidual: the checkpoint is of a machine of other arithmetic, and the proof was begun afresh")
    }
    guard let proof else {
      Console.note(
        "bidual: the proof was stopped before it was divided, and no part was written; give it more time")
      throw ExitCode.notToTolerance
    }
    try ProofPart(share, proof).write(
      of: model, on: dataset,
      seconds: (kept?.earlierSeconds ?? 0) + (ContinuousClock.now - start) / .seconds(1), to: output)
    Console.print(
      "part \(part.index) of \(part.count): the dual point's polar is at most \(proof.polarBound) there, after \(proof.nodes) bounds"
    )
    guard proof.isEnough else {
      Console.print("which is \(stop.isRaised ? "not yet" : "not") what --gap asks")
      throw ExitCode.notToTolerance
    }
  }

  /// What the search of a part goes on from, and leaves behind.
  private func kept(
    _ share: SearchShare, _ dualPoint: [Double], of model: Model, _ dataset: Dataset, by certifier: Certifier
  ) throws -> KeptProof? {
    guard let policy = checkpointOptions.policy() else { return nil }
    guard certifier.keepsSearches else {
      throw DataError(
        .badData,
        "\(self.model): there are no checkpoints for proofs by cones, which are those up to rank 3 and under the l1 norm; leave out --checkpoint"
      )
    }
    return try KeptProof(
      policy, of: share, dualPoint: dualPoint, gap: gap, model: model, dataset: dataset)
  }

  /// The dual point to prove: that of a certificate on the same data, or the network's own.
  private func dualPoint(of model: Model, in problem: TrainingProblem) throws -> [Double] {
    guard let path = parts.dualPoint else {
      guard problem.loss.hasSlope else {
        throw DataError(
          .badData,
          "\(self.model): interpolation has no residuals to take a dual point from; give --dual-point")
      }
      return problem.dualPoint(model.sampleNetwork.predictions(problem.design))
    }
    let dualPoint = try CertificateFile(path: path).certificate.dualPoint
    guard dualPoint.count == problem.targets.count, dualPoint.allSatisfy(\.isFinite) else {
      throw DataError(
        .badData,
        "\(path): its dual point has \(dualPoint.count) numbers, and the data need \(problem.targets.count) that are finite; give a certificate of these data"
      )
    }
    return dualPoint
  }

  private func join(_ model: Model, _ dataset: Dataset, by certifier: Certifier) throws {
    if let path = parts.certificate { try AtomicFile.check(path) }
    let joined = try ProofPart.joined(
      parts.merge.map { ($0, try ProofPart(path: $0, of: model, on: dataset)) })
    let certificate = certifier.certificate(
      of: model.sampleNetwork, dualPoint: joined.dualPoint, polarBound: joined.polarBound)
    if let path = parts.certificate {
      try CertificateFile(certificate, model: model, dataset: dataset).write(to: path)
    }
    let report = JoinedReport(
      objective: certificate.objective, lowerBound: certificate.lowerBound,
      relativeGap: certificate.relativeGap, scope: certificate.scope.rawValue, parts: parts.merge.count,
      neurons: model.network.neurons, beta: model.beta)
    if json {
      try JSONReport.print(report)
    } else {
      Console.print("objective     \(report.objective)")
      Console.print("lower bound   \(report.lowerBound)")
      Console.print("relative gap  \(Figures.short(report.relativeGap))")
      Console.print(
        "by \(report.parts) parts, taken at their word: verify proves it again with their certificate")
    }
    guard certificate.isCertified(to: gap) else { throw ExitCode.notToTolerance }
  }
}

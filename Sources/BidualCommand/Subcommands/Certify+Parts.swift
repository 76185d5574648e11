import ArgumentParser
import Bidual

extension Certify {
  /// What is proven of one dual point, in parts or whole.
  private struct JoinedReport: Encodable {
    let objective: Double
    let lowerBound: Double
    let relativeGap: Double
    let scope: String
    let parts: Int
    let neurons: Int
    let beta: Double
  }

  /// Proves a share, or joins all of them, or proves the whole of one dual point with a checkpoint.
  func divided(_ model: Model, _ dataset: Dataset, _ problem: TrainingProblem) throws {
    let certifier = Certifier(problem, threads: ThreadCount.resolve(threads))
    guard certifier.objective(of: model.sampleNetwork).isFinite else {
      throw DataError(.badData, "\(self.model): the network's predictions overflow on these data")
    }
    if let path = parts.output ?? parts.certificate { try AtomicFile.check(path) }
    if let part = parts.part, let output = parts.output {
      try prove(part, of: model, dataset, by: certifier, to: output)
    } else if parts.merge.isEmpty {
      try proveWhole(model, dataset, by: certifier)
    } else {
      try join(model, dataset, by: certifier)
    }
  }

  private func prove(
    _ part: Share, of model: Model, _ dataset: Dataset, by certifier: Certifier, to output: String
  ) throws {
    let share = SearchShare(part.index - 1, of: part.count)
    let (proof, seconds) = try proof(of: share, model, dataset, by: certifier)
    try ProofPart(share, proof).write(of: model, on: dataset, seconds: seconds, to: output)
    Console.print(
      "part \(part.index) of \(part.count): the dual point's polar is at most \(proof.polarBound) there, after \(proof.nodes) bounds"
    )
    guard proof.isEnough else {
      Console.print("which is not what --gap asks, or not yet")
      throw ExitCode.notToTolerance
    }
  }

  /// What a part of all directions and a merge of that alone would say.
  private func proveWhole(_ model: Model, _ dataset: Dataset, by certifier: Certifier) throws {
    let (proof, _) = try proof(of: SearchShare(0, of: 1), model, dataset, by: certifier)
    let certificate = certifier.certificate(
      of: model.sampleNetwork, dualPoint: proof.dualPoint, polarBound: proof.polarBound)
    try tell(
      certificate, of: model, dataset, parts: 1,
      source: "by a search whose checkpoints were taken at their word")
  }

  private func proof(
    of share: SearchShare, _ model: Model, _ dataset: Dataset, by certifier: Certifier
  ) throws -> (proof: Certifier.ShareProof, seconds: Double) {
    guard certifier.isDivisible else {
      throw DataError(
        .badData,
        "\(self.model): the proof about a \(model.architecture.networks) is no search over directions that could be divided or kept; leave out \(parts.part == nil ? "--checkpoint" : "--part")"
      )
    }
    let dualPoint = try dualPoint(of: model, in: certifier.problem)
    let kept = try kept(share, dualPoint, of: model, dataset)
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
        "bidual: the proof was stopped before it \(share.count == 1 ? "began" : "was divided"), and nothing was written; give it more time or memory"
      )
      throw ExitCode.notToTolerance
    }
    return (proof, (kept?.earlierSeconds ?? 0) + (ContinuousClock.now - start) / .seconds(1))
  }

  /// What the search of a part goes on from, and leaves behind.
  private func kept(
    _ share: SearchShare, _ dualPoint: [Double], of model: Model, _ dataset: Dataset
  ) throws -> KeptProof? {
    guard let policy = checkpointOptions.policy() else { return nil }
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
    let joined = try ProofPart.joined(
      parts.merge.map { ($0, try ProofPart(path: $0, of: model, on: dataset)) })
    let certificate = certifier.certificate(
      of: model.sampleNetwork, dualPoint: joined.dualPoint, polarBound: joined.polarBound)
    try tell(
      certificate, of: model, dataset, parts: parts.merge.count,
      source: "by \(parts.merge.count) parts, taken at their word")
  }

  private func tell(
    _ certificate: Certificate, of model: Model, _ dataset: Dataset, parts count: Int, source: String
  ) throws {
    if let path = parts.certificate {
      try CertificateFile(certificate, model: model, dataset: dataset).write(to: path)
    }
    let report = JoinedReport(
      objective: certificate.objective, lowerBound: certificate.lowerBound,
      relativeGap: certificate.relativeGap, scope: certificate.scope.rawValue, parts: count,
      neurons: model.network.neurons, beta: model.beta)
    if json {
      try JSONReport.print(report)
    } else {
      Console.print("objective     \(report.objective)")
      Console.print("lower bound   \(report.lowerBound)")
      Console.print("relative gap  \(Figures.short(report.relativeGap))")
      Console.print("\(source): verify proves it again with the certificate")
    }
    guard certificate.isCertified(to: gap) else { throw ExitCode.notToTolerance }
  }
}

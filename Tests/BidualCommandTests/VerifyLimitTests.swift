import Bidual
import Foundation
import Testing

/// `verify` ends when it is asked to, and then says that it does not know.
@Suite struct VerifyLimitTests {
  /// A certificate that no search proves or refutes within hours: it claims a polar in rank 12 to within 10⁻⁴.
  private func hardFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var random = SeededGenerator(seed: 1)
    let (n, d) = (300, 12)
    let features = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let dataset = try Dataset(
      features: features, targets: (0..<n).map { _ in random.nextGaussian() },
      featureNames: (0..<d).map { "x\($0)" }, targetName: "y")
    let starts = Matrix((0..<64).map { _ in (0..<d).map { _ in random.nextGaussian() }.normalized })
    let polar = try #require(
      LocalAscent(Hyperplanes(features)).maxima(
        of: dataset.targets, from: starts, above: 0, limit: 1
      ).first?.value)
    let model = try Model(
      featureNames: dataset.featureNames, targetNames: ["y"], preprocessing: Preprocessing(),
      network: TwoLayerNetwork.zero(inputs: d), loss: "squared", beta: 0.9 * polar)
    let certifier = Certifier(try model.problem(on: dataset))
    let claim = polar * (1 + 1e-4)
    let lower = certifier.lowerBound(dataset.targets, polarBound: claim)
    let certificate = try Certificate(
      objective: certifier.objective(of: model.network), lowerBound: lower.value, scope: .global,
      dualPoint: dataset.targets, polarBound: claim, dualScale: lower.scale)
    try ModelFile.write(model, to: folder.file("m.json"))
    try CertificateFile(certificate, model: model, dataset: dataset).write(to: folder.file("c.json"))
    try CSVWriter.write(
      Table(
        names: dataset.featureNames + ["y"],
        values: Matrix(
          rows: n, columns: d + 1,
          elements: (0..<n).flatMap { Array(features.row($0)) + [dataset.targets[$0]] })),
      to: folder.file("d.csv"))
    return folder
  }

  private static let unfinished =
    "bidual: not verified: the proof was stopped before its end: the dual point's polar is at most "

  @Test func timeLimit() throws {
    let folder = try hardFolder()
    let run = try Program.run(["verify", "m.json", "c.json", "d.csv", "--time-limit", "1"], in: folder)
    expectStatus(2, run)
    #expect(run.errors.hasPrefix(Self.unfinished) && run.text == "")
    #expect(run.duration < .seconds(10))
  }

  @Test func interrupt() throws {
    let folder = try hardFolder()
    let run = try Program.run(["verify", "m.json", "c.json", "d.csv"], in: folder, interruptedOnce: "d.csv")
    expectStatus(2, run)
    let note = "\nbidual: stopping without an answer; once more to give up\n"
    #expect(run.errors.hasPrefix(note + Self.unfinished) && run.text == "")
  }

  @Test(arguments: Trained.allCases) func aLimitThatIsNotReachedChangesNothing(_ trained: Trained) throws {
    let folder = try trained.folder()
    let free = try Program.run(trained.verification, in: folder)
    let limited = try Program.run(trained.verification + ["--time-limit", "1e300"], in: folder)
    expectStatus(0, limited)
    #expect(limited.output == free.output)
  }

  @Test(arguments: ["0", "-1", "nan"]) func limitsArePositive(limit: String) throws {
    let run = try Program.run(
      Trained.balloons.verification + ["--time-limit=\(limit)"], in: Trained.balloons.folder())
    expectStatus(64, run)
  }

  /// Processors differ in BLAS kernels; what one certifies the others verify.
  @Test(arguments: ["Prescott", "Sandybridge", "Haswell", "SkylakeX"], ["squared", "logistic"])
  func otherKernelsVerify(kernel: String, loss: String) throws {
    let folder = try TemporaryFolder(.fertility)
    let fit = try Program.shell(
      "OPENBLAS_CORETYPE=Haswell $BIDUAL fit fertility.csv --target target --bias --standardize --quiet "
        + "--features age,hours_sitting,season --loss \(loss) --output m.json --certificate c.json",
      in: folder)
    expectStatus(0, fit)
    // Of an illegal instruction: this processor does not have that kernel's.
    let illegal: Int32 = 132
    let run = try Program.shell(
      "OPENBLAS_CORETYPE=\(kernel) $BIDUAL verify m.json c.json fertility.csv", in: folder)
    if run.status != illegal { expectStatus(0, run) }
  }
}

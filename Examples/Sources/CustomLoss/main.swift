import Bidual
import RealModule

/// The smooth loss ℓ(f, y) = log cosh(f − y), a parabola near the target and a line far from it.
///
/// A smooth loss states its value, slope and curvature, its conjugate with the conjugate's domain, and how far
/// rounding may take value and conjugate. (A loss with kinks conforms to `PiecewiseLinearQuadraticLoss`.)
struct LogCosh: Loss {
  let name = "log-cosh"

  /// log cosh(f − y), written so that nothing overflows.
  func value(_ prediction: Double, target: Double) -> Double {
    let miss = abs(prediction - target)
    return miss + Double.log(onePlus: .exp(-2 * miss)) - .log(2)
  }

  /// tanh(f − y).
  func derivative(_ prediction: Double, target: Double) -> Double { .tanh(prediction - target) }

  /// 1 − tanh²(f − y).
  func curvature(_ prediction: Double, target: Double) -> Double {
    let slope = Double.tanh(prediction - target)
    return 1 - slope * slope
  }

  /// vy + ½(1 + v) log(1 + v) + ½(1 − v) log(1 − v) for |v| ≤ 1.
  func conjugate(_ dual: Double, target: Double) -> Double {
    guard abs(dual) <= 1 else { return .infinity }
    func entropy(_ p: Double) -> Double { p > -1 ? (1 + p) * .log(onePlus: p) : 0 }
    return dual * target + 0.5 * (entropy(dual) + entropy(-dual))
  }

  /// [−1, 1].
  func dualDomain(target: Double) -> ClosedRange<Double> { -1...1 }

  /// The subtraction of log 2 cancels for small errors.
  func valueError(_ prediction: Double, target: Double) -> Double {
    0x1p-49 * (1 + abs(prediction - target))
  }

  /// The two entropies cancel for small v, and log(1 − |v|) is steep near the ends.
  func conjugateError(_ dual: Double, target: Double) -> Double { 0x1p-46 * abs(dual) * (1 + abs(target)) }
}

// Trains with a loss that Bidual does not know, writes model and certificate, and verifies them from their files with the
// loss registered under its name.
let path = CommandLine.arguments.dropFirst().first ?? "balloons.csv"
let dataset = try CSVReader().table(path: path).dataset(target: "target")
let trained = try Training(loss: LogCosh(), beta: .value(0.1), gap: 1e-6, bias: true).fit(dataset)
try ModelFile.write(trained.model, to: "log-cosh.json")
try CertificateFile(trained.certificate, model: trained.model, dataset: dataset)
  .write(to: "log-cosh-certificate.json")

let model = try ModelFile.read(path: "log-cosh.json")
let file = try CertificateFile(path: "log-cosh-certificate.json")
try file.checkSubject(model: model, dataset: dataset)
let losses = LossRegistry.standard.adding(.init("log-cosh") { _ in LogCosh() })
let problem = try model.problem(on: dataset, losses: losses)
let proven = try Certifier(problem).verify(file.certificate, of: model.network)
print(proven.objective, proven.lowerBound, proven.scope)

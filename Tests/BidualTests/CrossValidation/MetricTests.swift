import Bidual
import Foundation
import Testing

/// Metrics against loops over the definitions, rows repeated as often as they weigh.
@Suite struct MetricTests {
  private static let features = Matrix((0..<6).map { [Double($0)] })
  private static let weights: [Double] = [1, 2, 1, 3, 1, 2]
  private static let copies = [0, 1, 1, 2, 3, 3, 3, 4, 5, 5]

  private func value(
    _ metric: Metric, _ predictions: [Double], _ targets: [Double], outputs: Int = 1,
    loss: any Loss = SquaredLoss(), classes: ClassLabels? = nil
  ) throws -> Double {
    let data = try Dataset(
      features: Self.features, targets: targets, outputs: outputs, weights: Self.weights,
      targetNames: classes == nil ? (0..<outputs).map { "y\($0)" } : ["y"])
    return try metric.value(predictions, of: data, loss: loss, classes: classes)
  }

  @Test func numbers() throws {
    let (f, y) = ([1, 2, 3.5, -1, 0, 2.0], [0.5, 2, 4, -2, 1, 1.0])
    let n = 10.0
    func mean(_ term: (Int) -> Double) -> Double { Self.copies.reduce(0) { $0 + term($1) } / n }
    let square = mean { (f[$0] - y[$0]) * (f[$0] - y[$0]) }
    let center = mean { y[$0] }
    let spread = mean { (y[$0] - center) * (y[$0] - center) }
    #expect(abs(try value(.mse, f, y) - square) <= 1e-14)
    #expect(abs(try value(.loss, f, y) - square / 2) <= 1e-14)
    #expect(abs(try value(.deviance, f, y) - square) <= 1e-14)
    #expect(abs(try value(.mae, f, y) - mean { abs(f[$0] - y[$0]) }) <= 1e-14)
    #expect(abs(try value(.r2, f, y) - (1 - square / spread)) <= 1e-14)
    let pinball = mean { max(0.8 * (y[$0] - f[$0]), -0.2 * (y[$0] - f[$0])) }
    #expect(abs(try value(.pinball, f, y, loss: QuantileLoss(level: 0.8)) - pinball) <= 1e-14)
    let counts: [Double] = [0, 1, 3, 2, 0, 5]
    // With f = log μ the deviance is 2(y log(y/μ) − y + μ).
    let poisson = mean { i in
      let y = counts[i]
      return 2 * ((y > 0 ? y * (log(y) - f[i]) : 0) - y + exp(f[i]))
    }
    #expect(abs(try value(.deviance, f, counts, loss: PoissonLoss()) - poisson) <= 1e-12)
    let squares = mean { (exp(f[$0]) - counts[$0]) * (exp(f[$0]) - counts[$0]) }
    #expect(abs(try value(.mse, f, counts, loss: PoissonLoss()) - squares) <= 1e-12 * squares)
    #expect(throws: DataError.self) { try value(.r2, f, [1, 1, 1, 1, 1, 1]) }
  }

  @Test func twoClasses() throws {
    let classes = ClassLabels(negative: "no", positive: "yes")
    let (f, y) = ([0.5, -1, 0.5, 2, -0.25, 0.0], [1.0, -1, -1, 1, 1, -1])
    func metric(_ metric: Metric) throws -> Double {
      try value(metric, f, y, loss: LogisticLoss(), classes: classes)
    }
    let p = f.map { 1 / (1 + exp(-$0)) }
    #expect(abs(try metric(.accuracy) - 8 / 10) <= 1e-14)
    // Of the 5 rows that are yes, 4 are right; of the 5 others 4 are.
    #expect(abs(try metric(.balancedAccuracy) - 0.5 * (4.0 / 5 + 4.0 / 5)) <= 1e-14)
    let logLoss: Double = Self.copies.reduce(0) { $0 - log(y[$1] > 0 ? p[$1] : 1 - p[$1]) } / 10
    #expect(abs(try metric(.logLoss) - logLoss) <= 1e-14)
    let truth = y.map { $0 > 0 ? 1.0 : 0 }
    let brier: Double = Self.copies.reduce(0) { $0 + (p[$1] - truth[$1]) * (p[$1] - truth[$1]) } / 10
    #expect(abs(try metric(.brier) - brier) <= 1e-14)
    var (won, pairs) = (0.0, 0.0)
    for i in Self.copies where y[i] > 0 {
      for j in Self.copies where y[j] < 0 {
        pairs += 1
        won += f[i] > f[j] ? 1 : f[i] == f[j] ? 0.5 : 0
      }
    }
    #expect(abs(try metric(.auc) - won / pairs) <= 1e-14)
    #expect(throws: DataError.self) {
      try value(.auc, f, [1, 1, 1, 1, 1, 1], loss: LogisticLoss(), classes: classes)
    }
  }

  @Test func threeClasses() throws {
    let classes = ClassLabels(oneHot: ["a", "b", "c"])
    let own = [0, 2, 1, 0, 2, 1]
    let y = own.flatMap { own in (0..<3).map { $0 == own ? 1.0 : 0 } }
    var random = SeededGenerator(seed: 2)
    let f = (0..<18).map { _ in random.nextGaussian() }
    func metric(_ metric: Metric) throws -> Double {
      try value(metric, f, y, outputs: 3, loss: SoftmaxLoss(), classes: classes)
    }
    let p = (0..<6).map { i in
      let sum = (0..<3).reduce(0) { $0 + exp(f[i * 3 + $1]) }
      return (0..<3).map { exp(f[i * 3 + $0]) / sum }
    }
    func mean(_ term: (Int) -> Double) -> Double { Self.copies.reduce(0) { $0 + term($1) } / 10 }
    #expect(abs(try metric(.logLoss) - mean { -log(p[$0][own[$0]]) }) <= 1e-14)
    #expect(abs(try metric(.deviance) - mean { -2 * log(p[$0][own[$0]]) }) <= 1e-13)
    let brier = mean { i in
      var sum = 0.0
      for k in 0..<3 {
        let miss = p[i][k] - y[i * 3 + k]
        sum += miss * miss
      }
      return sum
    }
    #expect(abs(try metric(.brier) - brier) <= 1e-14)
    #expect(abs(try metric(.accuracy) - mean { p[$0].max() == p[$0][own[$0]] ? 1 : 0 }) <= 1e-14)
  }

  @Test func metricsSayWhatTheyAreFor() throws {
    let two = ClassLabels(negative: "no", positive: "yes")
    let three = ClassLabels(oneHot: ["a", "b", "c"])
    for metric in [Metric.mse, .mae, .r2, .pinball] {
      #expect(throws: DataError.self) { try metric.check(loss: LogisticLoss(), classes: two) }
    }
    for metric in [Metric.accuracy, .balancedAccuracy, .auc, .logLoss, .brier] {
      #expect(throws: DataError.self) { try metric.check(loss: SquaredLoss(), classes: nil) }
    }
    #expect(throws: DataError.self) { try Metric.auc.check(loss: SoftmaxLoss(), classes: three) }
    #expect(throws: DataError.self) { try Metric.brier.check(loss: HingeLoss(), classes: two) }
    try Metric.auc.check(loss: HingeLoss(), classes: two)
    try Metric.pinball.check(loss: QuantileLoss(level: 0.3), classes: nil)
  }
}

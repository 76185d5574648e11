import Bidual

/// The data that W25 prints, and what it says of them: mean squared error, β = 10⁻³, no column of ones but the data's own.
enum EssayData: String, Sendable {
  case simple, noisy, complex

  private var rows: [[Double]] {
    switch self {
    case .simple, .noisy: (-2...2).map { [1, Double($0)] }
    case .complex: [[1.5, 1], [2.5, 2], [2, 2], [1, 1.5], [2, 2.5]]
    }
  }

  private var targets: [Double] {
    switch self {
    case .simple: [1.0337, 1.0129, 1.0234, -0.9770, -1.1123]
    case .noisy: [2.6835, 1.6440, 2.1723, 0.1517, -6.6143]
    case .complex: [1.0337, 1.0129, -0.9766, -0.9770, -1.1123]
    }
  }

  /// The optimum that the essay prints. It penalises squares of the program's variables where the network's penalty makes lengths of them.
  var printedOptimum: Double {
    switch self {
    case .simple: 0.00136
    case .noisy: 0.0127
    case .complex: 0.00635
    }
  }

  /// The best of ten trials that the essay prints for a width.
  func printedDescent(width: Int) -> Double? {
    switch (self, width) {
    case (.simple, 5): 0.0055
    case (.simple, 50): 0.0048
    case (.noisy, 5): 0.0132
    case (.noisy, 50): 0.0127
    case (.complex, 5): 0.0177
    case (.complex, 50): 0.0119
    default: nil
    }
  }

  /// The data as a panel; the essay's objective is 2/n times Bidual's.
  func subject(panel: String) throws(DataError) -> StudySubject {
    StudySubject(
      panel: panel,
      dataset: try Dataset(features: Matrix(rows), targets: targets), factor: 2 / Double(targets.count))
  }
}

import BidualLinear

/// How raw features become the network's inputs; stored in the model, so that predictions undo nothing
/// by hand.
public struct Preprocessing: Sendable, Equatable {
  /// Means and scales of the features: inputs are (x − mean)/scale.
  public struct Standardization: Sendable, Equatable, Codable {
    /// The mean of each feature.
    public let means: [Double]
    /// The standard deviation of each feature (divisor n); 1 for a constant feature.
    public let scales: [Double]

    /// A standardisation from its parts.
    public init(means: [Double], scales: [Double]) {
      self.means = means
      self.scales = scales
    }

    /// The means and standard deviations of the columns of `features`, n×d, where a row counts as often as it weighs.
    public init(of features: Matrix, weights: [Double]? = nil) {
      // Shares of the heaviest, whose sum can't overflow.
      let heaviest = weights?.max() ?? 1
      let counts = weights?.map { $0 / heaviest } ?? Array(repeating: 1, count: features.rows)
      let n = counts.reduce(0, +)
      var means: [Double] = []
      var scales: [Double] = []
      for j in 0..<features.columns {
        let column = features.column(j)
        var sum = CompensatedSum()
        for (x, count) in zip(column, counts) { sum.add(count * (x / n)) }
        let mean = sum.value
        var squares = CompensatedSum()
        for (x, count) in zip(column, counts) { squares.add(count * ((x - mean) * (x - mean) / n)) }
        let deviation = squares.value.squareRoot()
        let seen = zip(column, counts).filter { $0.1 > 0 }.map(\.0)
        let isConstant = deviation <= 1e-14 * (seen.map(abs).max() ?? 0)
        means.append(isConstant ? seen.first ?? 0 : mean)
        scales.append(isConstant ? 1 : deviation)
      }
      self.means = means
      self.scales = scales
    }
  }

  /// The standardisation, if features are standardised.
  public let standardization: Standardization?
  /// The whitening, if features are whitened; it follows the standardisation.
  public let whitening: Whitening?
  /// Whether a column of ones is appended, whose weights are penalised like any other.
  public let bias: Bool

  /// Preprocessing from its parts.
  public init(
    standardization: Standardization? = nil, whitening: Whitening? = nil, bias: Bool = false
  ) {
    self.standardization = standardization
    self.whitening = whitening
    self.bias = bias
  }

  /// The preprocessing that is fitted to `features`, n×d: standardised, then whitened, each if asked for,
  /// and at last a column of ones.
  ///
  /// - Parameter weights: how often each row counts for the standardisation; once if nil.
  /// - Throws: `DataError` of kind `badData` if the features can't be standardised or whitened.
  /// - Complexity: O(nd), and that of the whitening.
  public init(
    fitting features: Matrix, weights: [Double]? = nil, standardize: Bool = false,
    whiten: Whitening.Kind? = nil, bias: Bool = false
  ) throws(DataError) {
    let standardization = standardize ? Standardization(of: features, weights: weights) : nil
    let standardized = Preprocessing(standardization: standardization).design(for: features)
    guard standardized.elements.allSatisfy(\.isFinite) else {
      throw DataError(
        .badData, "a feature overflows when it is standardised; rescale the columns with the largest numbers")
    }
    var whitening: Whitening?
    if let whiten { whitening = try Whitening(whiten, of: standardized) }
    self.init(standardization: standardization, whitening: whitening, bias: bias)
  }

  /// The number of inputs that `features` features make.
  public func inputs(features: Int) -> Int {
    (whitening?.matrix.columns ?? features) + (bias ? 1 : 0)
  }

  /// The network's inputs for raw features, n×d, one column an input.
  public func design(for features: Matrix) -> Matrix {
    var inputs = features
    if let standardization {
      for i in 0..<features.rows {
        for j in 0..<features.columns {
          inputs[i, j] = (features[i, j] - standardization.means[j]) / standardization.scales[j]
        }
      }
    }
    if let whitening { inputs = whitening.inputs(for: inputs) }
    guard bias else { return inputs }
    let d = inputs.columns
    var design = Matrix(rows: inputs.rows, columns: d + 1)
    for i in 0..<inputs.rows {
      for j in 0..<d { design[i, j] = inputs[i, j] }
      design[i, d] = 1
    }
    return design
  }
}

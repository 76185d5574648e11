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

    /// The means and standard deviations of the columns of `features`, n×d.
    public init(of features: Matrix) {
      let n = Double(features.rows)
      var means: [Double] = []
      var scales: [Double] = []
      for j in 0..<features.columns {
        let column = features.column(j)
        var sum = CompensatedSum()
        for x in column { sum.add(x / n) }
        let mean = sum.value
        var squares = CompensatedSum()
        for x in column { squares.add((x - mean) * (x - mean) / n) }
        let deviation = squares.value.squareRoot()
        let isConstant = deviation <= 1e-14 * (column.map(abs).max() ?? 0)
        means.append(isConstant ? column.first ?? 0 : mean)
        scales.append(isConstant ? 1 : deviation)
      }
      self.means = means
      self.scales = scales
    }
  }

  /// The standardisation, if features are standardised.
  public let standardization: Standardization?
  /// Whether a column of ones is appended, whose weights are penalised like any other.
  public let bias: Bool

  /// Preprocessing from its parts.
  public init(standardization: Standardization? = nil, bias: Bool = false) {
    self.standardization = standardization
    self.bias = bias
  }

  /// The network's inputs for raw features, n×d to n×(d + 1) with a bias, else n×d.
  public func design(for features: Matrix) -> Matrix {
    let d = features.columns
    var design = Matrix(rows: features.rows, columns: bias ? d + 1 : d)
    for i in 0..<features.rows {
      for j in 0..<d {
        let x = features[i, j]
        design[i, j] = standardization.map { (x - $0.means[j]) / $0.scales[j] } ?? x
      }
      if bias { design[i, d] = 1 }
    }
    return design
  }
}

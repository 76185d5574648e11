import Foundation

/// A model file, evaluated here by definition, without the library.
struct NaiveModel: Decodable {
  struct Standardization: Decodable {
    let means: [Double]
    let scales: [Double]
  }

  struct Whitening: Decodable {
    let kind: String
    let matrix: [[Double]]
  }

  let beta: Double
  let features: [String]
  let target: String
  let bias: Bool
  let standardization: Standardization?
  let whitening: Whitening?
  let hidden: [[Double]]
  let output: [Double]

  init(_ bytes: [UInt8]) throws { self = try JSONDecoder().decode(NaiveModel.self, from: Data(bytes)) }

  /// The network's inputs for one row of features.
  func inputs(_ row: [Double]) -> [Double] {
    let scaled = row.indices.map { j in
      standardization.map { (row[j] - $0.means[j]) / $0.scales[j] } ?? row[j]
    }
    let whitened =
      whitening.map { whitening in
        whitening.matrix[0].indices.map { k in
          zip(scaled, whitening.matrix).reduce(0) { $0 + $1.0 * $1.1[k] }
        }
      } ?? scaled
    return bias ? whitened + [1] : whitened
  }

  /// Σⱼ αⱼ max(0, uⱼᵀx).
  func prediction(_ row: [Double]) -> Double {
    let x = inputs(row)
    return zip(hidden, output).reduce(0) { sum, neuron in
      sum + neuron.1 * max(0, zip(neuron.0, x).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }

  /// ½Σ(f(x) − y)² + β/2 Σ(‖u‖² + α²).
  func objective(_ table: NaiveTable) -> Double {
    let loss = zip(table.columns(features), table.column(target)).reduce(0) { sum, sample in
      let error = prediction(sample.0) - sample.1
      return sum + 0.5 * error * error
    }
    let squares = (hidden.joined() + output).reduce(0) { $0 + $1 * $1 }
    return loss + 0.5 * beta * squares
  }
}

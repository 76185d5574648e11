import BidualLinear
import BidualModels

/// The weights of a network in balance, whose penalty is β/2 of their squares, with how its predictions change with them.
struct Linearization {
  let weights: [Double]
  /// The derivatives of predictions by weights, n×q.
  let jacobian: Matrix
  /// What a squared change of each weight is multiplied by, for changes that are alike in how much they bend predictions.
  let measure: [Double]
  /// The parts of a network of other weights.
  let parts: (_ weights: [Double]) -> [Part]
}

/// Atoms whose networks of one output `GaussNewtonDescent` moves.
protocol LinearizableAtoms: DescentAtoms {
  /// The weights of parts none of which is zero; nil for none, and where the derivatives take too much memory.
  ///
  /// - Parameter rows: what neurons see, along principal axes.
  func linearization(of parts: [Part], rows: PrincipalRows) -> Linearization?

  /// How many weights parts have in balance.
  func balancedWeights(of parts: [Part]) -> Int
}

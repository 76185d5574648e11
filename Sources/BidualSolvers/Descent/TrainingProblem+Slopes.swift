import BidualModels

extension TrainingProblem {
  /// The atoms, where gradients of a ReLU network lead somewhere.
  ///
  /// - Throws: `DataError` of kind `badSettings` for other architectures and norms, and for losses without a slope.
  @discardableResult
  package func slopedAtoms() throws(DataError) -> any EuclideanReLUAtoms {
    guard let atoms = atoms as? any EuclideanReLUAtoms, loss.hasSlope else {
      throw lacks("a gradient method")
    }
    return atoms
  }
}

import BidualCertificates
import BidualLinear
import BidualModels

extension Training.Result {
  /// How the network stands to its certificate's bound, where that is over given patterns only; nil for other scopes.
  ///
  /// - Parameter dataset: the one that was trained on.
  /// - Throws: `DataError` of kind `badData` for a data set of other columns.
  /// - Complexity: O(nd(m + 100)) for m neurons, and O(mP) or more for P patterns.
  public func standing(on dataset: Dataset) throws(DataError) -> RestrictedStanding? {
    guard certificate.scope == .restricted else { return nil }
    return try BLAS.singleThreaded { () throws(DataError) in
      let problem = try model.problem(on: dataset)
      let certifier =
        if let restriction = certificate.restriction {
          try? Certifier(problem, restrictedTo: restriction)
        } else {
          Certifier(problem)
        }
      return certifier?.standing(of: model.sampleNetwork, under: certificate)
    }
  }
}

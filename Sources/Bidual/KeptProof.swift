import BidualIO
import BidualModels
import BidualPolars

/// The search of one share of a proof, kept in a file from which the next run goes on.
///
/// What the file says is taken at its word, as parts of proofs are: what is joined of them is a claim, which `verify` proves again.
package struct KeptProof {
  /// The search's side.
  package let search: KeptSearch
  /// Whether there was a state that the search did not go on from.
  package var isOfAnother: Bool { hasStart && !search.isContinued }
  private let hasStart: Bool
  /// Seconds that the runs before this one took.
  package let earlierSeconds: Double

  /// Reads what the search goes on from, and finds out whether the file can be written.
  ///
  /// - Throws: `DataError` of kind `badData` or `cannotWrite`.
  package init(
    _ policy: CheckpointPolicy, of share: SearchShare, dualPoint: [Double], gap: Double, model: Model,
    dataset: Dataset
  ) throws(DataError) {
    let subject = ProofPart.search(share, dualPoint: dualPoint, gap: gap, model, dataset)
    let kept = try KeptState<SearchDocument>(policy, about: subject)
    earlierSeconds = kept.earlierSeconds
    let start = try kept.start.map { document throws(DataError) in try document.state(path: policy.path) }
    hasStart = start != nil
    search = KeptSearch(every: policy.interval, from: start) { kept.save(SearchDocument($0)) }
  }
}

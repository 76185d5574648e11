import ArgumentParser
import Bidual

/// The values of β to go through.
struct GridOptions: ParsableArguments {
  @Option(help: "So many values of beta, evenly spaced in their logarithms (default: 30).")
  var betas: Int?
  @Option(help: "The smallest of them as a fraction of beta_max, the largest (default: 0.01).")
  var betaMinRatio: Double?
  @Option(help: ArgumentHelp("These values of beta instead.", valueName: "a,b,…"))
  var betaList: String?

  private var listed: [Double?]? {
    betaList?.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
  }

  func validate() throws {
    guard betaList == nil || (betas == nil && betaMinRatio == nil) else {
      throw ValidationError("--betas and --beta-min-ratio don't go with --beta-list; leave them out")
    }
    if let betas, !(2...10_000).contains(betas) {
      throw ValidationError("--betas is \(betas); give from 2 to 10000")
    }
    if let betaMinRatio, !(betaMinRatio > 0 && betaMinRatio < 1) {
      throw ValidationError("--beta-min-ratio is \(betaMinRatio); give a fraction between 0 and 1")
    }
    guard listed?.allSatisfy({ $0 != nil }) ?? true else {
      throw ValidationError("--beta-list is '\(betaList ?? "")'; give numbers separated by commas")
    }
  }

  /// How many values there are.
  var count: Int { listed?.count ?? betas ?? 30 }

  /// The grid for the library.
  var grid: BetaGrid {
    listed.map { .values($0.compactMap(\.self)) }
      ?? .fractions(count: count, smallest: betaMinRatio ?? 0.01)
  }
}

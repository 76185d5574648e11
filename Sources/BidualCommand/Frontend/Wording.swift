import Bidual

/// What a lower bound speaks of, in words.
enum Wording {
  /// The networks that can't beat a model's bound.
  static func networks(like model: Model, restriction: PatternRestriction? = nil) -> String {
    let kind =
      restriction.map {
        let networks =
          (model.architecture as? any RectifiedArchitecture)?.heldNetworks ?? model.architecture.networks
        return "\(networks) on the \(given($0.patterns.count))"
      } ?? model.architecture.networks
    guard let loss = try? model.trainingLoss(), loss.isLimit else { return kind }
    // To the last digit: what is proven is proven of this tolerance.
    return kind + " that comes within \(model.lossParameter ?? 0) of every target"
  }

  /// What a restricted bound does not say of a network that leaves its patterns.
  static func silence(about standing: RestrictedStanding) -> String {
    let patterns = standing.patterns == 1 ? "the given pattern" : "the given patterns"
    return
      "the network does not keep to \(patterns): the bound says nothing about it, and there is no gap to speak of"
  }

  private static func given(_ patterns: Int) -> String {
    patterns == 1 ? "1 given pattern" : "\(patterns) given patterns"
  }
}

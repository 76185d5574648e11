import Bidual

/// A network that some run found, with its objective.
struct Rival {
  let name: String
  /// The kind of network with its choices, such as gates: bounds are of one kind.
  let architecture: any Architecture
  let network: any Network
  let objective: Interval

  init(
    _ name: String, _ architecture: any Architecture, _ network: any Network, _ objective: Interval
  ) {
    (self.name, self.architecture, self.network, self.objective) = (name, architecture, network, objective)
  }
}

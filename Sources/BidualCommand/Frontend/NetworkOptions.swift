import ArgumentParser
import Bidual

extension Training.Architecture: ExpressibleByArgument {}
extension FirstLayerNorm: ExpressibleByArgument {}

/// The kind of network.
struct NetworkOptions: ParsableArguments {
  @Flag(help: "Give the network an output offset that no penalty holds.")
  var intercept = false
  @Option(help: "The architecture.")
  var architecture: Training.Architecture = .twoLayer
  @Option(help: "The norm of the first layer's weights.")
  var norm: FirstLayerNorm = .l2
  @Option(
    help: ArgumentHelp(
      "Train along the first R principal directions of the data, or of the patches of a convolution; the proof is over all networks, and charges what the data are beside them (default: all).",
      valueName: "R"))
  var rank: Int?

  func validate() throws {
    if let rank, rank < 1 { throw ValidationError("--rank is \(rank); give at least 1") }
  }
}

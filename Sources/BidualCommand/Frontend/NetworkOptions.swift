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
}

import BidualLinear
import BidualModels
import BidualSolvers

extension Training {
  /// A kind of network to train, by its name: what the settings make of it.
  ///
  /// One that is not listed is trained by `Training(architecture: .init("name") { _, _, _ in SomeArchitecture() })`.
  public struct Architecture: Sendable, Hashable, CaseIterable, RawRepresentable {
    /// The name, in files and on the command line.
    public let rawValue: String
    /// Which first-layer norms its penalty can have.
    let norms: [FirstLayerNorm]
    /// Whether given patterns mean something to it.
    let patternMethods: [Method]
    /// Whether each feature may be standardised or whitened apart from the others.
    private(set) var takesScaling = true
    /// For how many places of an image a row has targets.
    private(set) var places = 1
    /// The choices that define it beside norm and patterns, as text; empty where there are none.
    private(set) var choices = ""
    let make:
      @Sendable (_ training: Training, _ problem: TrainingProblem, _ stop: StopSignal) throws(DataError) ->
        any BidualModels.Architecture

    /// A kind of network by its name.
    ///
    /// - Parameters:
    ///   - norms: which first-layer norms the settings may ask for.
    ///   - patternMethods: the methods by which its networks may be held to, or made on, given patterns.
    ///   - make: the architecture for the settings and a problem with the data.
    package init(
      _ name: String, norms: [FirstLayerNorm] = [.l2], patternMethods: [Method] = [],
      make:
        @escaping @Sendable (_ training: Training, _ problem: TrainingProblem, _ stop: StopSignal)
        throws(DataError) -> any BidualModels.Architecture
    ) {
      rawValue = name
      self.norms = norms
      self.patternMethods = patternMethods
      self.make = make
    }

    /// The two-layer ReLU network.
    public static let twoLayer = Architecture(
      TwoLayer.name, norms: FirstLayerNorm.allCases, patternMethods: [.exact, .penalised]
    ) { training, _, _ in TwoLayer(training.norm) }

    /// The gated ReLU network, on the gates of the given patterns, or of all chambers.
    public static let gated = Architecture(Gated.name, patternMethods: [.exact, .penalised]) {
      training, problem, stop throws(DataError) in
      Gated(Gates(vectors: try training.gates(problem, stop: stop)))
    }

    /// The two-layer linear network.
    public static let linear = Architecture(Linear.name) { _, _, _ in Linear() }

    /// The parallel three-layer ReLU network, whose sub-networks have `width` units in their first layer.
    public static func threeLayer(width: Int = 2) -> Architecture {
      var architecture = Architecture(ThreeLayer.name, patternMethods: [.exact]) {
        _, problem, _ throws(DataError) in
        guard width > 0 else {
          throw DataError(.badSettings, "sub-networks have \(width) units; give at least 1")
        }
        // Some hundred starts of ascents, and what a quasi-Newton method remembers of one.
        let bytes = 8 * 500 * Double(width) * Double(problem.design.columns + 1)
        guard PhysicalMemory.holds(bytes) else {
          throw DataError(
            .badSettings,
            "sub-networks of \(width) units take \(PhysicalMemory.text(bytes)) to train, more than this machine's memory; give fewer"
          )
        }
        return ThreeLayer(width: width)
      }
      architecture.choices = " of width \(width)"
      return architecture
    }

    /// The convolutional ReLU network with pooling, or with targets for each place of its filters, for images of the given shape.
    public static func reluConvolution(_ images: ImageShape? = nil) -> Architecture {
      var architecture = convolution(ReLUConvolution.name, images, patternMethods: [.exact, .penalised]) {
        switch $1 {
        case .placewise: PlacewiseConvolution($0)
        case .sum, .average: ReLUConvolution($0, averages: $1 == .average)
        }
      }
      if let images, images.pooling == .placewise { architecture.places = images.places }
      return architecture
    }

    /// The linear convolutional network with a head for each place of its filters, for images of the given shape, whose pooling
    /// plays no part.
    public static func linearConvolution(_ images: ImageShape? = nil) -> Architecture {
      convolution(LinearConvolution.name, images) { patches, _ in LinearConvolution(patches) }
    }

    /// The network with filters of its own at each place of images of the given shape, whose pooling plays no part.
    public static func locallyConnected(_ images: ImageShape? = nil) -> Architecture {
      convolution(LocallyConnected.name, images) { patches, _ in LocallyConnected(patches) }
    }

    /// The circular linear convolutional network, whose filters are as long as the signals.
    public static let circularConvolution = {
      var architecture = Architecture(CircularConvolution.name) { training, _, _ throws(DataError) in
        guard !training.bias else {
          throw DataError(
            .badSettings,
            "a bias has no place among the features of a circular convolution; give an intercept instead")
        }
        return CircularConvolution()
      }
      architecture.takesScaling = false
      return architecture
    }()

    private static func convolution(
      _ name: String, _ images: ImageShape?, patternMethods: [Method] = [],
      make: @escaping @Sendable (Patches, ImageShape.Pooling) -> any BidualModels.Architecture
    ) -> Architecture {
      var architecture = Architecture(name, patternMethods: patternMethods) {
        training, _, _ throws(DataError) in
        guard let images else {
          throw DataError(
            .badSettings, "convolutions need the shape of the images and of the filter; give both")
        }
        return make(try images.patches(hasBias: training.bias), images.pooling)
      }
      architecture.takesScaling = false
      architecture.choices = images.map { " of \($0)" } ?? ""
      return architecture
    }

    /// Those that files and the command line know.
    public static let allCases = [
      twoLayer, gated, linear, threeLayer(), reluConvolution(), linearConvolution(),
      circularConvolution, locallyConnected(),
    ]

    /// The architecture of a name that files and the command line know.
    public init?(rawValue: String) {
      guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
      self = known
    }

    /// Whether two have the same name.
    public static func == (a: Architecture, b: Architecture) -> Bool { a.rawValue == b.rawValue }

    /// Takes in the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
  }
}

import ArgumentParser
import Bidual

extension Training.ImageShape.Pooling: ExpressibleByArgument {}

/// The images and filters of convolutional networks.
struct ConvolutionOptions: ParsableArguments {
  /// Whole numbers, separated by commas.
  struct Numbers: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
      let values = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard !values.contains(nil) else { return nil }
      self.values = values.compactMap(\.self)
    }
  }

  @Option(
    help: ArgumentHelp(
      "The images of a convolution: channels, height and width; the features are their pixels, channel after channel. A signal is 1,1,L.",
      valueName: "C,H,W"))
  var imageShape: Numbers?
  @Option(help: ArgumentHelp("The filters: height and width.", valueName: "H,W"))
  var filter: Numbers?
  @Option(help: ArgumentHelp("From one place of a filter to the next (default: 1).", valueName: "S|H,W"))
  var stride: Numbers?
  @Option(help: ArgumentHelp("Zeros on each side of an image (default: 0).", valueName: "P|H,W"))
  var padding: Numbers?
  @Option(
    help:
      "What becomes of a filter's responses to the places of an image; none: each place has targets of its own, in columns place after place, row by row, several of a place together (default: sum)."
  )
  var pooling: Training.ImageShape.Pooling?

  /// Whether each place of a filter has targets, which are numbers then even where a loss tells classes apart.
  var hasPlaces: Bool { pooling == .placewise }

  /// The architectures that have a shape, by what makes them of one.
  private static let makers: [@Sendable (Training.ImageShape?) -> Training.Architecture] = [
    Training.Architecture.reluConvolution, Training.Architecture.linearConvolution,
    Training.Architecture.locallyConnected,
  ]

  private static func maker(of architecture: Training.Architecture)
    -> (@Sendable (Training.ImageShape?) -> Training.Architecture)?
  {
    makers.first { $0(nil) == architecture }
  }

  /// The architecture of a name with the shape, if it is a convolution.
  func shaped(_ architecture: Training.Architecture) throws -> Training.Architecture? {
    guard let maker = Self.maker(of: architecture) else { return nil }
    return maker(try shape())
  }

  private var given: [String] {
    [
      ("--image-shape", imageShape != nil), ("--filter", filter != nil), ("--stride", stride != nil),
      ("--padding", padding != nil), ("--pooling", pooling != nil),
    ].filter(\.1).map(\.0)
  }

  /// Refuses options that do not go with the architecture, and shapes that are none.
  func check(with architecture: Training.Architecture) throws {
    guard Self.maker(of: architecture) != nil else {
      if let option = given.first {
        throw ValidationError(
          "\(option) goes with --architecture relu-convolution, linear-convolution or locally-connected; leave it out"
        )
      }
      return
    }
    guard pooling == nil || architecture == .reluConvolution() else {
      throw ValidationError("--pooling goes with --architecture relu-convolution; leave it out")
    }
    for (name, value) in [("--image-shape", imageShape), ("--filter", filter)] where value == nil {
      throw ValidationError("--architecture \(architecture.rawValue) needs \(name); give it")
    }
    _ = try shape()
  }

  /// The shape asked for.
  private func shape() throws -> Training.ImageShape {
    let image = imageShape?.values ?? []
    guard image.count == 3 else {
      throw ValidationError("--image-shape takes three numbers: channels, height and width")
    }
    do {
      return Training.ImageShape(
        try Patches(
          channels: image[0], image: Patches.Extent(height: image[1], width: image[2]),
          filter: try extent(filter, "--filter", isSquare: false),
          stride: try extent(stride, "--stride", default: 1),
          padding: try extent(padding, "--padding", default: 0)), pooling: pooling ?? .sum)
    } catch let error as DataError {
      throw ValidationError("\(error)")
    }
  }

  /// A height and a width, or one number for both.
  private func extent(_ numbers: Numbers?, _ option: String, isSquare: Bool = true, default number: Int = 1)
    throws
    -> Patches.Extent
  {
    let values = numbers?.values ?? [number]
    guard values.count == 2 || (values.count == 1 && isSquare) else {
      throw ValidationError(
        isSquare
          ? "\(option) takes one number, or a height and a width"
          : "\(option) takes two numbers: height and width")
    }
    return Patches.Extent(height: values[0], width: values[values.count - 1])
  }
}

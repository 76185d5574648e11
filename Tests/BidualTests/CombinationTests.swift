import Bidual
import Testing

/// Every architecture with every norm, loss, method and choice of patterns: each trains, or is refused with one
/// sentence that says what goes together.
@Suite struct CombinationTests {
  static let losses: [any Loss] = [
    SquaredLoss(), LogisticLoss(), HingeLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
    try! QuantileLoss(level: 0.5), PoissonLoss(), try! InterpolationLoss(tolerance: 1e-6),
  ]
  static let patterns: [(name: String, choice: Training.Patterns)] = [
    ("adaptive", .adaptive), ("all", .all), ("gaussian", .given([.source(GaussianGates(draws: 5))])),
  ]

  /// Those of every kind, for images of two pixels where they need a shape.
  static let architectures = Training.Architecture.allCases.map { architecture in
    guard
      let patches = try? Patches(
        channels: 1, image: .init(height: 1, width: 2), filter: .init(height: 1, width: 1))
    else { return architecture }
    let shaped: [Training.Architecture] = [
      .reluConvolution(Training.ImageShape(patches)), .linearConvolution(Training.ImageShape(patches)),
      .locallyConnected(Training.ImageShape(patches)),
    ]
    return shaped.first { $0 == architecture } ?? architecture
  }

  private func dataset(_ loss: any Loss) throws -> Dataset {
    let features = Matrix([[1, 2], [-1, 0.5], [0.3, -2], [2, 1], [-0.5, -1]])
    let targets: [Double] =
      loss.targetKind == .sign
      ? [1, -1, 1, 1, -1] : loss.targetKind == .count ? [2, 0, 1, 3, 1] : [1, -2, 0.5, 2, 0]
    return try Dataset(features: features, targets: targets)
  }

  private func training(
    _ loss: any Loss, _ norm: FirstLayerNorm, _ method: Training.Method, _ patterns: Training.Patterns,
    _ architecture: Training.Architecture
  ) -> Training {
    var training = Training(
      loss: loss, beta: .value(0.3), gap: 1e-3, bias: architecture != .circularConvolution, norm: norm,
      method: method, patterns: patterns,
      architecture: architecture, maximumIterations: 50)
    training.descent.width = 3
    training.descent.epochs = 3
    return training
  }

  @Test(arguments: CombinationTests.architectures, FirstLayerNorm.allCases)
  func eachTrainsOrIsRefused(architecture: Training.Architecture, norm: FirstLayerNorm) throws {
    var trained = 0
    var refused = 0
    for loss in Self.losses {
      let dataset = try dataset(loss)
      for method in Training.Method.allCases {
        for (name, patterns) in Self.patterns {
          let training = training(loss, norm, method, patterns, architecture)
          let combination = "\(loss.name), \(method), \(name)"
          do throws(DataError) {
            let certificate = try training.fit(dataset).certificate
            #expect(
              certificate.lowerBound <= certificate.objective && !certificate.objective.isNaN,
              "\(combination)")
            trained += 1
          } catch {
            #expect(error.kind == .badSettings, "\(combination): \(error)")
            #expect(error.description.contains("; ") || error.description.contains("go with"), "\(error)")
            refused += 1
          }
        }
      }
    }
    #expect(trained + refused == Self.losses.count * Training.Method.allCases.count * Self.patterns.count)
    // Those of which nothing else is asked than that the patterns are drawn.
    if norm == .l2, [.twoLayer, .gated, .threeLayer(width: 2)].contains(architecture) {
      let training = training(SquaredLoss(), norm, .exact, Self.patterns[2].choice, architecture)
      #expect(throws: Never.self) { try training.fit(dataset(SquaredLoss())) }
    }
    // The exact method is for all of them, under the norm that the architecture has; those of linear convolutions follow slopes.
    let followsSlopes = [.linearConvolution(), .circularConvolution].contains(architecture)
    let least = followsSlopes ? Self.losses.count { $0.hasSlope } : Self.losses.count
    #expect(trained >= (norm == .l2 || architecture == .twoLayer ? least : 0))
  }

  /// Patterns of other kinds than draws are refused with a word on what there is.
  @Test func threeLayersTakeDrawsAlone() throws {
    for choices in [
      [PatternChoice.trained(neurons: 3)], Array(repeating: .source(GaussianGates(draws: 5)), count: 2),
    ] {
      let training = training(SquaredLoss(), .l2, .exact, .given(choices), .threeLayer(width: 2))
      let refusal = #expect(throws: DataError.self) { try training.fit(dataset(SquaredLoss())) }
      #expect(refusal?.description.contains("Gaussian draws alone") == true)
    }
  }

  /// Two targets: the exact, the local and the gradient methods are for ReLU networks with any loss that has slopes.
  @Test(arguments: CombinationTests.architectures)
  func eachTrainsSeveralOutputsOrIsRefused(architecture: Training.Architecture) throws {
    let features = Matrix([[1, 2], [-1, 0.5], [0.3, -2], [2, 1], [-0.5, -1]])
    let dataset = try Dataset(
      features: features, targets: [1, 0, 0, 1, 1, 0, 0, 1, 1, 0], outputs: 2, targetNames: ["a", "b"])
    for loss in [SquaredLoss(), AbsoluteLoss(), SoftmaxLoss()] as [any Loss] {
      var trained: Set<Training.Method> = []
      for method in Training.Method.allCases {
        for (name, patterns) in Self.patterns {
          do throws(DataError) {
            let training = training(loss, .l2, method, patterns, architecture)
            let certificate = try training.fit(dataset).certificate
            #expect(certificate.lowerBound <= certificate.objective && !certificate.objective.isNaN)
            trained.insert(method)
          } catch {
            #expect(error.kind == .badSettings, "\(loss.name), \(method), \(name): \(error)")
          }
        }
      }
      if architecture == .twoLayer { #expect(trained.isSuperset(of: [.exact, .local, .adam])) }
    }
  }

  /// One sample, which the offset alone meets.
  @Test(arguments: architectures) func oneSampleNeedsTheOffsetOnly(architecture: Training.Architecture) throws
  {
    let dataset = try Dataset(features: Matrix([[1, 2]]), targets: [3])
    for (name, patterns) in Self.patterns {
      do throws(DataError) {
        let training = Training(
          beta: .value(0.5), intercept: true, patterns: patterns, architecture: architecture)
        #expect(try training.fit(dataset).certificate.objective < 1e-9, "\(name)")
      } catch {
        #expect(error.kind == .badSettings, "\(name): \(error)")
      }
    }
  }

  @Test func interpolationKeepsToWhatItIsAskedFor() throws {
    let dataset = try dataset(SquaredLoss())
    for architecture in Self.architectures {
      for norm in FirstLayerNorm.allCases {
        for method in Training.Method.allCases {
          for (name, patterns) in Self.patterns {
            let training = training(SquaredLoss(), norm, method, patterns, architecture)
            let isPlain = architecture == .twoLayer && norm == .l2 && method == .exact && name == "adaptive"
            do throws(DataError) {
              let result = try training.interpolate(dataset)
              #expect(isPlain && result.certificate.scope == .global)
            } catch {
              #expect(!isPlain && error.kind == .badSettings, "\(error)")
            }
          }
        }
      }
    }
  }
}

import BidualArrangements
import BidualLinear
import Testing

/// The masked products beside loops over patterns, samples, features and outputs.
@Suite struct MaskedDesignTests {
  struct Shape: CustomTestStringConvertible {
    let samples: Int
    let features: Int
    let patterns: Int
    let outputs: Int
    var testDescription: String { "n=\(samples) d=\(features) P=\(patterns) c=\(outputs)" }
  }

  /// Ragged groups of eight, tiles with a rest, both ways to cut the work, one of everything.
  static let shapes = [
    Shape(samples: 1, features: 1, patterns: 1, outputs: 1),
    Shape(samples: 7, features: 1, patterns: 9, outputs: 3),
    Shape(samples: 8, features: 5, patterns: 16, outputs: 2),
    Shape(samples: 13, features: 20, patterns: 35, outputs: 1),
    Shape(samples: 191, features: 24, patterns: 193, outputs: 1),
    Shape(samples: 300, features: 7, patterns: 777, outputs: 3),
    Shape(samples: 203, features: 33, patterns: 1030, outputs: 2),
    Shape(samples: 260, features: 100, patterns: 261, outputs: 1),
    Shape(samples: 5003, features: 3, patterns: 37, outputs: 2),
    Shape(samples: 45, features: 4, patterns: 6151, outputs: 1),
    Shape(samples: 9, features: 2, patterns: 11, outputs: 40),
  ]

  struct Case<Scalar: MaskedScalar> {
    let design: [Scalar]
    let patterns: [ActivationPattern]
    let blocks: [Scalar]
    let residual: [Scalar]

    init(_ shape: Shape) {
      var random = SeededGenerator(seed: UInt64(shape.samples + shape.patterns))
      func numbers(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(random.nextGaussian()) } }
      design = numbers(shape.samples * shape.features)
      patterns = (0..<shape.patterns).map { p in
        // All active and none active among them.
        let share = p % 7 == 0 ? 1.0 : p % 7 == 1 ? 0 : 0.5
        return ActivationPattern(
          preActivations: (0..<shape.samples).map { _ in share - random.nextUniform() })
      }
      blocks = numbers(shape.patterns * shape.features * shape.outputs)
      residual = numbers(shape.samples * shape.outputs)
    }
  }

  private func check<Scalar: MaskedScalar>(_ shape: Shape, accuracy: Double, _: Scalar.Type) {
    let (n, d, count, c) = (shape.samples, shape.features, shape.patterns, shape.outputs)
    let problem = Case<Scalar>(shape)
    let operation = MaskedDesign(
      design: problem.design, features: d, patterns: PatternSet(problem.patterns, samples: n))
    let forward = operation.forward(problem.blocks, outputs: c)
    let adjoint = operation.adjoint(problem.residual, outputs: c)
    var sums = [Double](repeating: 0, count: n * c)
    var sizes = sums
    var correlations = [Double](repeating: 0, count: count * d * c)
    var correlationSizes = correlations
    for p in 0..<count {
      for i in 0..<n where problem.patterns[p][i] {
        for j in 0..<d {
          let x = Double(problem.design[i * d + j])
          for k in 0..<c {
            let term = x * Double(problem.blocks[(p * d + j) * c + k])
            sums[i * c + k] += term
            sizes[i * c + k] += abs(term)
            let product = x * Double(problem.residual[i * c + k])
            correlations[(p * d + j) * c + k] += product
            correlationSizes[(p * d + j) * c + k] += abs(product)
          }
        }
      }
    }
    #expect(forward.count == sums.count && adjoint.count == correlations.count)
    #expect(
      forward.indices.allSatisfy { abs(Double(forward[$0]) - sums[$0]) <= accuracy * sizes[$0] })
    #expect(
      adjoint.indices.allSatisfy {
        abs(Double(adjoint[$0]) - correlations[$0]) <= accuracy * correlationSizes[$0]
      })
  }

  @Test(arguments: shapes) func doublesAgreeWithLoops(shape: Shape) {
    check(shape, accuracy: 1e-13, Double.self)
  }

  @Test(arguments: shapes) func floatsAgreeWithLoops(shape: Shape) {
    check(shape, accuracy: 5e-5, Float.self)
  }

  @Test(arguments: shapes) func threadsAndRerunsChangeNoBit(shape: Shape) {
    let problem = Case<Double>(shape)
    var operation = MaskedDesign(
      design: problem.design, features: shape.features,
      patterns: PatternSet(problem.patterns, samples: shape.samples))
    let forward = operation.forward(problem.blocks, outputs: shape.outputs)
    let adjoint = operation.adjoint(problem.residual, outputs: shape.outputs)
    for threads in 1...3 {
      operation.threads = threads
      #expect(operation.forward(problem.blocks, outputs: shape.outputs) == forward)
      #expect(operation.adjoint(problem.residual, outputs: shape.outputs) == adjoint)
    }
  }

  @Test func forwardAndAdjointAreAdjoint() {
    let problem = Case<Double>(Shape(samples: 150, features: 6, patterns: 90, outputs: 2))
    let operation = MaskedDesign(
      design: problem.design, features: 6, patterns: PatternSet(problem.patterns, samples: 150))
    let left = dot(operation.forward(problem.blocks, outputs: 2), problem.residual)
    let right = dot(problem.blocks, operation.adjoint(problem.residual, outputs: 2))
    #expect(abs(left - right) < 1e-10 * abs(left))
  }

  @Test func aSubsetIsTheOperatorOfItsPatterns() {
    let shape = Shape(samples: 77, features: 5, patterns: 41, outputs: 1)
    let problem = Case<Double>(shape)
    let all = MaskedDesign(
      design: problem.design, features: 5, patterns: PatternSet(problem.patterns, samples: 77))
    let chosen = [40, 3, 3, 17, 0, 8, 9, 10, 11, 12]
    let subset = all.selecting(chosen)
    #expect((0..<chosen.count).allSatisfy { subset.patterns[$0] == problem.patterns[chosen[$0]] })
    let adjoint = all.adjoint(problem.residual)
    let expected = chosen.flatMap { adjoint[($0 * 5)..<($0 * 5 + 5)] }
    #expect(zip(subset.adjoint(problem.residual), expected).allSatisfy { abs($0 - $1) < 1e-12 })
    var spread = [Double](repeating: 0, count: 41 * 5)
    for (place, p) in chosen.enumerated() {
      for j in 0..<5 { spread[p * 5 + j] += problem.blocks[place * 5 + j] }
    }
    let forward = subset.forward(Array(problem.blocks.prefix(chosen.count * 5)))
    #expect(zip(forward, all.forward(spread)).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func noPatternsNoSamplesNoFeatures() {
    let none = MaskedDesign<Double>(Matrix(rows: 3, columns: 2), patterns: PatternSet([], samples: 3))
    #expect(none.forward([]) == [0, 0, 0])
    #expect(none.adjoint([1, 2, 3]).isEmpty)
    let empty = MaskedDesign<Double>(
      Matrix(rows: 0, columns: 2), patterns: PatternSet([ActivationPattern(count: 0)], samples: 0))
    #expect(empty.forward([1, 2]).isEmpty)
    #expect(empty.adjoint([]) == [0, 0])
    let flat = MaskedDesign<Double>(
      Matrix(rows: 1, columns: 0), patterns: PatternSet([ActivationPattern(preActivations: [1])], samples: 1))
    #expect(flat.forward([]) == [0])
    #expect(flat.adjoint([1]).isEmpty)
  }
}

@Suite struct PatternSetTests {
  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 130], [0, 1, 7, 8, 9, 17])
  func keepsEveryBit(samples: Int, count: Int) {
    var random = SeededGenerator(seed: 5)
    let patterns = (0..<count).map { _ in
      ActivationPattern(preActivations: (0..<samples).map { _ in random.nextGaussian() })
    }
    let set = PatternSet(patterns, samples: samples)
    #expect(set.count == count && set.samples == samples)
    #expect((0..<count).allSatisfy { set[$0] == patterns[$0] })
    let order = Array((0..<count).reversed())
    #expect(set.selecting(order) == PatternSet(order.map { patterns[$0] }, samples: samples))
  }
}

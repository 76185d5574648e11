import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

/// Looks for neurons in the cones of given patterns that pay: unit vectors u with ‖VᵀDZu‖ > β.
struct ConePricing {
  /// A unit vector of a pattern's cone, the output that suits it, and its polar value.
  struct Direction {
    let pattern: Int
    let vector: [Double]
    let output: [Double]
    let value: Double
  }

  private let problem: TrainingProblem
  private let patterns: PatternSet
  private let cones: PatternCones
  private let threads: Int

  /// Pricing for a problem in the coordinates of its row space.
  init(_ problem: TrainingProblem, patterns: PatternSet, threads: Int) {
    self.problem = problem
    self.patterns = patterns
    self.threads = threads
    cones = PatternCones(problem.design, patterns: patterns, blocks: patterns.count)
  }

  /// The largest polar value that ascents meet over all patterns, and the directions above β, the largest first.
  ///
  /// A pattern whose singular value is no more than β has none. Cut short, the largest is that of the patterns looked at.
  ///
  /// - Parameter neurons: those there are, from whose outputs ascents begin too.
  /// - Complexity: O((P + 256)·nrc/8 + Prc·min(r, c)), and some tens of projections for each pattern whose singular value is above β.
  func directions(
    _ dualPoint: [Double], beside neurons: ConedNeurons, isCancelled: @escaping @Sendable () -> Bool
  )
    -> (largest: Double, found: [Direction])
  {
    var largest = 0.0
    var found: [Direction] = []
    let outputs = Dictionary(grouping: neurons.owners.indices) { neurons.owners[$0] }.mapValues {
      $0.map { Array(neurons.weights.output($0)).normalized }
    }
    let size = problem.design.columns * problem.outputs
    let chunk = 256
    for first in stride(from: 0, to: patterns.count, by: chunk) {
      guard first == 0 || !isCancelled() else { break }
      let some = Array(first..<min(first + chunk, patterns.count))
      let gradients = MaskedDesign(problem.design, patterns: patterns.selecting(some), threads: threads)
        .adjoint(dualPoint, outputs: problem.outputs)
      let parts = concurrentMap(some.count, threads: threads) { place, _ -> (Double, [Direction]) in
        let gradient = Matrix(
          rows: problem.design.columns, columns: problem.outputs,
          elements: Array(gradients[(place * size)..<((place + 1) * size)]))
        let plain = SingularValues(of: gradient)?.values.first ?? 0
        guard plain > problem.beta, place == 0 || !isCancelled() else {
          return (min(plain, problem.beta), [])
        }
        let maxima = ConeAscent(gradient) { cones.project($0, block: some[place], cut: 0).point }
          .maxima(from: outputs[some[place]] ?? [], isCancelled: isCancelled)
        return (
          maxima.first?.value ?? 0,
          maxima.filter { $0.value > problem.beta * (1 + 1e-12) }.map {
            Direction(pattern: some[place], vector: $0.vector, output: $0.output, value: $0.value)
          }
        )
      }
      largest = parts.reduce(largest) { max($0, $1.0) }
      found += parts.flatMap(\.1)
    }
    return (largest, found.sorted { ($1.value, $0.pattern) < ($0.value, $1.pattern) })
  }
}

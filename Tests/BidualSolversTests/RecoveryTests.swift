import BidualLinear
import BidualModels
import BidualPolars
import Testing

@testable import BidualSolvers

@Suite struct RecoveryTests {
  private typealias Neurons = [Part]

  private func predictions(_ neurons: Neurons, _ design: Matrix) -> [Double] {
    (0..<design.rows).map { i in
      neurons.reduce(0) { $0 + $1.sign * max(0, dot(design.row(i), $1.vector)) }
    }
  }

  private func penalty(_ neurons: Neurons) -> Double { neurons.reduce(0) { $0 + norm($1.vector) } }

  private func instance(_ n: Int, _ r: Int, _ count: Int, _ random: inout SeededGenerator) -> (
    Matrix, Neurons
  ) {
    let design = Matrix(rows: n, columns: r, elements: (0..<(n * r)).map { _ in random.nextGaussian() })
    var neurons: Neurons = []
    for _ in 0..<count {
      // Some in the chamber of an earlier one, some on a hyperplane, some of length zero.
      var vector = (0..<r).map { _ in random.nextGaussian() }
      if let old = neurons.randomElement(using: &random) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: vector = zip(old.vector, vector).map { 2 * $0 + 1e-3 * $1 }
        case 1:
          let row = Array(design.row(Int.random(in: 0..<n, using: &random))).normalized
          let height = dot(row, vector)
          vector = zip(vector, row).map { $0 - height * $1 }
        case 2: vector = old.vector
        default: break
        }
      }
      neurons.append(Part(sign: Bool.random(using: &random) ? 1 : -1, vector: vector))
    }
    return (design, neurons)
  }

  @Test func mergingKeepsThePredictionsAndLowersThePenalty() {
    var random = SeededGenerator(seed: 1)
    var merges = 0
    for trial in 0..<100 {
      let (design, neurons) = instance(6 + trial % 10, 1 + trial % 5, 1 + trial % 20, &random)
      let merged = NeuronMerging.merged(neurons, rows: Hyperplanes(design).unitRows)
      merges += neurons.count - merged.count
      let size = penalty(neurons) * (design.rowNorms.max() ?? 0)
      for (a, b) in zip(predictions(neurons, design), predictions(merged, design)) {
        #expect(abs(a - b) <= 1e-9 * size)
      }
      #expect(penalty(merged) <= penalty(neurons) * (1 + 1e-12))
      #expect(merged.count <= neurons.count)
    }
    #expect(merges > 100)
  }

  @Test func prunedNetworksAreSmallAndPredictTheSame() {
    var random = SeededGenerator(seed: 2)
    var dropped = 0
    for trial in 0..<150 {
      let n = 2 + trial % 9
      let (design, neurons) = instance(n, 1 + trial % 5, 1 + trial % 25, &random)
      let pruned = CaratheodoryPruning.pruned(neurons, atoms: ReLUAtoms(Geometry(design, keepsAxes: true)))
      dropped += neurons.count - pruned.count
      let size = penalty(neurons) * (design.rowNorms.max() ?? 0)
      for (a, b) in zip(predictions(neurons, design), predictions(pruned, design)) {
        #expect(abs(a - b) <= 1e-9 * size, "trial \(trial)")
      }
      #expect(penalty(pruned) <= penalty(neurons) * (1 + 1e-9), "trial \(trial)")
      #expect(pruned.count <= n, "trial \(trial): \(pruned.count) neurons for \(n) samples")
      // Directions are kept: each pruned vector is a non-negative multiple of a given one.
      for neuron in pruned {
        let home = neurons.contains { old in
          old.sign == neuron.sign && norm(old.vector) > 0
            && norm(zip(old.vector.normalized, neuron.vector.normalized).map(-)) <= 1e-12
        }
        #expect(home)
      }
    }
    #expect(dropped > 200)
  }

  /// Far more neurons than samples, in a fraction of a second.
  @Test func crowdsArePruned() {
    var random = SeededGenerator(seed: 5)
    let (design, neurons) = instance(30, 6, 3000, &random)
    let pruned = CaratheodoryPruning.pruned(neurons, atoms: ReLUAtoms(Geometry(design, keepsAxes: true)))
    #expect(pruned.count <= 30)
    #expect(penalty(pruned) <= penalty(neurons) * (1 + 1e-9))
    let size = penalty(neurons) * (design.rowNorms.max() ?? 0)
    for (a, b) in zip(predictions(neurons, design), predictions(pruned, design)) {
      #expect(abs(a - b) <= 1e-9 * size)
    }
  }

  @Test func neuronsBecomeBalancedWeights() {
    var random = SeededGenerator(seed: 3)
    let (design, neurons) = instance(9, 3, 5, &random)
    let network = TwoLayerNetwork(
      neurons + [Part(sign: 1, vector: [0, 0, 0])], space: RowSpace(of: design), offset: nil, norm: .l2)
    #expect(network.neurons == 5)
    for (a, b) in zip(network.predictions(design), predictions(neurons, design)) {
      #expect(abs(a - b) <= 1e-12 * 100)
    }
    #expect(abs(network.weightDecay - penalty(neurons)) <= 1e-12 * penalty(neurons))
    #expect(TwoLayerNetwork([], space: RowSpace(of: design), offset: nil, norm: .l2).neurons == 0)
  }
}
